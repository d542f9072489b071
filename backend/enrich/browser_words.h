// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string_view>

// The words behind browser_form.h, all in lower case.
namespace enrich {

// clang-format off
// Names beside Chrome's, Safari's or Firefox's own on a desktop: browsers built on them, and the windows of programs in
// which people open links.
inline constexpr std::array<std::string_view, 121> desktopProducts = {
    "mozilla", "applewebkit", "chrome", "safari", "version", "gecko", "firefox", "mobile", "edg", "edge", "opr",
    "opera", "opx", "vivaldi", "yabrowser", "yowser", "yaapp_desktop", "yasearchbrowser", "maxthon", "mxbrowser",
    "metasr", "se", "360se", "360ee", "qihu", "qhbrowser", "core", "qqbrowser", "mqqbrowser", "qq",
    "tencenttraveler", "ubrowser", "ucbrowser", "lbbrowser", "liebaofast", "2345explorer", "slbrowser", "theworld",
    "bidubrowser", "baidubrowser", "quark", "coc_coc_browser", "brave", "iron", "srware", "sleipnir", "lunascape",
    "kinza", "waterfox", "palemoon", "seamonkey", "librewolf", "basilisk", "cyberfox", "goanna", "iceweasel",
    "icecat", "ubuntu", "debian", "fedora", "chromium", "epiphany", "gnome", "webkitgtk", "midori", "qupzilla",
    "falkon", "konqueror", "qtwebengine", "qtwebkit", "otter", "dooble", "qutebrowser", "rekonq", "vimprobable",
    "surf", "whale", "naver", "iridium", "comodo_dragon", "dragon", "icedragon", "epic", "avast", "avg", "avira",
    "ccleaner", "norton", "aol", "slimjet", "superbird", "cent", "torch", "orbitum", "amigo", "puffin",
    "duckduckgo", "ddg", "ecosia", "trident", "camino", "omniweb", "icab", "outlook", "thunderbird", "teams",
    "micromessenger", "windowswechat", "macwechat", "wxwork", "nettype", "language", "xweb", "flue", "dingtalk",
    "kakaotalk", "aolbuild", "sa", "honorlock", "webpositive", "not",
};

// What stands in the platform of a desktop browser, as its parts begin.
inline constexpr std::array<std::string_view, 37> platformParts = {
    "windows nt", "win64", "x64", "wow64", "win32", "x86", "macintosh", "intel mac", "ppc", "arm", "x11", "linux",
    "cros ", "ubuntu", "fedora", "debian", "gentoo", "suse", "freebsd", "openbsd", "netbsd", "sunos", "i686",
    "i586", "i386", "x86_64", "amd64", "aarch64", "rv:", "trident", "touch", "tablet", "wayland", "like", "fuchsia",
    "intel haiku", "msie",
};

// Televisions, consoles and glasses in whose agents a desktop's words stand.
inline constexpr std::array<std::string_view, 15> notDesktops = {
    "tv", "web0s", "xbox", "playstation", "nintendo", "quest", "oculus", "viera", "bravia", "crkey", "tesla",
    "kindle", "silk", "smartemb", "lumia",
};
// clang-format on

} // namespace enrich
