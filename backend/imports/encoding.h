// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace imports {

// The file's text as UTF-8 without a byte order mark. UTF-16 is told by its mark or by every second byte being zero;
// what is no UTF-8 is taken for Windows-1252, as older spreadsheets write it. Nothing: it is no text.
std::optional<std::string> textOf(std::string_view file);

} // namespace imports
