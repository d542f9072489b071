// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace redirect {

// Why a visitor sees the page.
enum class PasswordPrompt { First, Wrong, TooManyTries, Busy };

// The page that asks for a link's password: no script, no cookie, nothing of anybody else's in it.
std::string_view passwordPage(PasswordPrompt prompt);

} // namespace redirect
