// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/init_folder.h"

#include <chrono>
#include <system_error>

#include "backend/runtime/files.h"
#include "backend/storage/secret.h"
#include "backend/storage/sqlite/settings_store.h"
#include "backend/storage/store.h"

namespace storage {

namespace {

constexpr const char* actor = "init";

bool isComplete(const std::string& folder)
{
    runtime::SystemFiles files;
    if (!files.exists(folder + "/settings.db"))
        return false;
    try {
        const Database settings(folder + "/settings.db", Database::Mode::Read, 1'000);
        return settings.integer("SELECT count(*) FROM tokens") > 0;
    } catch (const SqliteError&) {
        return false; // not yet there, or damaged: opening the Store says which
    }
}

} // namespace

InitResult initFolder(const std::string& folder)
{
    InitResult result{false, folder + "/admin.token"};
    if (isComplete(folder))
        return result;
    Store store({folder});
    SettingsStore& settings = store.settings();
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    Audit audit{{}, protocol::UtcMs(now.count()), "workspace.created", "default", actor};

    // Each step is found done when a crash made this run again; the token comes last and ends it.
    links::Workspace workspace;
    if (const auto known = settings.workspaceNamed("default")) {
        workspace = *known;
    } else {
        workspace.name = "default";
        settings.putWorkspace(workspace, audit);
    }
    audit.workspace = workspace.id;
    if (!settings.domainOf("localhost")) {
        links::Domain domain;
        domain.workspace = workspace.id;
        domain.host = "localhost";
        domain.state = links::DomainState::Ready;
        audit.what = "domain.created";
        audit.subject = domain.host;
        settings.putDomain(domain, audit);
    }
    const std::string secret = newTokenSecret();
    try {
        runtime::SystemFiles files;
        runtime::writeWhole(files, result.tokenFile, secret + "\n");
    } catch (const std::system_error& error) {
        throw StoreError(std::string("cannot keep the admin token: ") + error.what());
    }
    Token token;
    token.workspace = workspace.id;
    token.name = "admin";
    token.role = Role::Admin;
    token.createdAt = audit.time;
    audit.what = "token.created";
    audit.subject = token.name;
    settings.addToken(token, secret, audit);
    result.created = true;
    return result;
}

} // namespace storage
