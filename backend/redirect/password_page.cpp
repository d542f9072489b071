// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/password_page.h"

#include <array>
#include <string>

namespace redirect {

namespace {

constexpr std::string_view before = R"(<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Password needed</title>
<style>
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;display:grid;place-items:center;min-height:90vh;margin:1rem}
form{max-width:22rem;width:100%}
h1{font-size:1.25rem}
label{display:block;margin:1rem 0 .25rem}
input,button{font:inherit;padding:.6rem;width:100%;box-sizing:border-box}
button{margin-top:.75rem}
[role=alert]{border-left:4px solid #c9303a;padding-left:.75rem}
</style>
<form method="post"><h1>This link is protected by a password</h1>
)";
constexpr std::string_view after =
    R"(<label for="password">Password</label><input id="password" name="password" type="password" maxlength="256" autocomplete="off" required autofocus>
<button>Open the link</button></form>
)";

std::string pageWith(std::string_view words)
{
    std::string page(before);
    if (!words.empty())
        page.append("<p role=\"alert\">").append(words).append("</p>\n");
    return page.append(after);
}

} // namespace

std::string_view passwordPage(PasswordPrompt prompt)
{
    static const std::array<std::string, 4> pages{pageWith(""), pageWith("That was not the password."),
                                                  pageWith("Too many tries. Please wait a minute, then try again."),
                                                  pageWith("Too many visitors at once. Please try again in a moment.")};
    return pages[static_cast<std::size_t>(prompt)];
}

} // namespace redirect
