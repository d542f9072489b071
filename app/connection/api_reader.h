// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

#include "app/connection/api_types.h"

// Reads the API's JSON into plain values. What is missing or of the wrong type becomes empty; what cannot be the thing
// at all becomes nothing. Texts are cut at textCharsMax, lists at their limits.
namespace connection {

inline constexpr qsizetype textCharsMax = 8192;
inline constexpr std::size_t rollupRowsMax = 100'000;
inline constexpr qsizetype diagnosisStepsMax = 64;

std::optional<Session> sessionFrom(const QByteArray& json);
std::optional<Rollups> rollupsFrom(const QByteArray& json);
// Appends a page; `next` becomes the cursor of the next one, empty at the end.
bool linksFrom(const QByteArray& json, Links& links, QString& next);
std::optional<Link> linkFrom(const QByteArray& json);
std::optional<Diagnosis> diagnosisFrom(const QByteArray& json);

// A problem+json body, or the bare status.
Problem problemFrom(int status, const QByteArray& json);

} // namespace connection
