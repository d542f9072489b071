// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QJsonObject>

#include "backend/cli/import_report.h"
#include "backend/links/link.h"
#include "backend/pipeline/pipeline.h"
#include "backend/storage/store.h"

namespace cli {

// A link as the API shows it, or the code of what is wrong and the field at fault.
struct EditedLink {
    QJsonObject link;
    std::string problem, field;
};

// Where a link stands.
struct LinkPlace {
    std::string host, slug;
};

// Edits of one data folder by a command: through the API of the backend that runs on it (with the folder's
// admin.token), otherwise under the folder's own lock. A command is its own composition root, so this owns the thread
// of the pipeline it needs. Used from one thread; throws std::runtime_error, with what to do in its text, when neither
// way is open.
class EditSession {
public:
    explicit EditSession(std::string folder);
    ~EditSession();

    bool throughApi() const;

    // `problem` of the outcome is a code, "slug_taken" for instance; empty = done.
    pipeline::Edited<links::Workspace> addWorkspace(const std::string& name);
    pipeline::Edited<links::Domain> addDomain(const std::string& workspace, const std::string& host,
                                              bool assumeVerified);
    pipeline::Edited<links::Domain> verifyDomain(const std::string& workspace, const std::string& host);
    // `fields` as the API takes them, "destination" among them; without a slug one is made up.
    EditedLink addLink(const std::string& workspace, const std::string& host, const std::optional<std::string>& slug,
                       QJsonObject fields);
    // Of the link only the fields given; `expectedVersion` 0 = whatever it is now.
    EditedLink changeLink(const std::string& workspace, const LinkPlace& place, const QJsonObject& fields,
                          std::uint32_t expectedVersion);
    EditedLink undoLink(const std::string& workspace, const LinkPlace& place);
    EditedLink showLink(const std::string& workspace, const LinkPlace& place) const;
    // All rows that can be taken, in one commit.
    ImportReport importFile(const std::string& workspace, const std::string& file, const ImportRequest& request);
    pipeline::Edited<storage::NewToken> createToken(const std::string& workspace, const std::string& name,
                                                    storage::Role role);
    // The problem's code; empty = done.
    std::string revokeToken(const std::string& workspace, protocol::TokenId id);

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace cli
