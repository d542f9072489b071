// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace storage {

struct InitResult {
    bool created = false;  // false: the folder was complete already, nothing was changed
    std::string tokenFile; // DIR/admin.token
};

// Makes what a first start needs: workspace `default`, domain `localhost` (ready) and an admin token, its secret in
// DIR/admin.token (mode 0600). Safe to call again, also beside a running backend and after a crash half-way. `serve`
// calls it before it opens the Store. Throws StoreError.
InitResult initFolder(const std::string& folder);

} // namespace storage
