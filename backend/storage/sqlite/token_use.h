// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "backend/protocol/ids.h"
#include "backend/storage/sqlite/database.h"

namespace storage {

// Notes in settings.db when tokens were last used, over a connection of its own that does not wait for the disk: a use
// that a power cut forgets is no loss, and an edit never waits for one. One thread; opens the file when first needed.
class TokenUse {
public:
    explicit TokenUse(std::string folder) : m_path(std::move(folder) + "/settings.db") {}

    void note(const std::map<protocol::TokenId, protocol::UtcMs>& used); // throws StoreError

private:
    std::string m_path;
    Database m_database;
};

} // namespace storage
