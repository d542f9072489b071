// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "backend/api/api_server.h"
#include "backend/cli/scheduled_exports.h"
#include "backend/pipeline/pipeline.h"
#include "backend/redirect/redirect_server.h"
#include "backend/runtime/config.h"
#include "backend/runtime/log.h"
#include "backend/runtime/tls_identity.h"
#include "backend/stream/stream_server.h"

// What `serve` was asked for, as the rooms take it.
struct ServeOptions {
    std::string dataFolder;
    std::vector<std::string> geoFiles; // in the order in which they are asked
    std::string botList;
    redirect::Options redirect;
    pipeline::Options pipeline;
    stream::Options stream;
    api::Options api;
    runtime::LogLevel logLevel = runtime::LogLevel::Info;
    runtime::LogFormat logFormat = runtime::LogFormat::Logfmt;
    std::shared_ptr<runtime::TlsIdentityHolder> tls; // null: every port in clear
    runtime::HostPort resolver;                      // of TXT records; none: the system's
    cli::ExportSchedule exports;
    bool json = false;
};

// Throws runtime::ConfigError, with the key in its text.
ServeOptions serveOptions(const runtime::Config& config);
