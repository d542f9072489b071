// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <span>
#include <string_view>

// The words behind device_scan.h, in lower case; in every table the first that fits is taken.
namespace enrich {

struct NamedWord {
    std::string_view word;
    std::string_view name;
    std::string_view also; // must stand in the agent as well
};

std::span<const NamedWord> operatingSystems();
std::span<const NamedWord> platformHints(); // of Sec-CH-UA-Platform
std::span<const NamedWord> appBrowsers();   // windows in which apps open links
std::span<const NamedWord> brandNames();    // of Sec-CH-UA
std::span<const NamedWord> browsers();

// Televisions and boxes, consoles, watches, glasses, cars.
inline constexpr std::array<std::string_view, 40> otherDeviceWords = {
    "smart-tv", "smarttv",        "smart tv", "android tv", "googletv",     "google tv", "appletv",      "apple tv",
    "hbbtv",    "web0s",          "webos.tv", "netcast",    "bravia",       "crkey",     "aftt",         "aftb",
    "aftm",     "afts",           "aftn",     "aftk",       "aftr",         "aftg",      "roku",         "mibox",
    "mitv",     "shield android", "tv box",   "tvos",       "viera",        "opera tv",  "playstation",  "xbox",
    "nintendo", "oculus",         "quest ",   "watch",      "large screen", "tesla/",    "qtcarbrowser", "dtv",
};

// Tablets that say so; Android's other tablets are known by what they lack.
inline constexpr std::array<std::string_view, 20> tabletWords = {
    "tablet;",   "; tablet",     "tablet ", "sm-t",    "sm-x",     "gt-p",     "lenovo tb",
    "lenovo yt", "mediapad",     "matepad", "nexus 7", "nexus 9",  "nexus 10", "xiaomi pad",
    "redmi pad", "pixel tablet", "xoom",    "nook",    "sch-i800", "pixel c",
};

// Telephones by their model, for those that ask for desktop pages and so leave "Mobile" out.
inline constexpr std::array<std::string_view, 18> phoneWords = {
    "sm-a",    "sm-g",    "sm-j", "sm-m", "sm-n",  "sm-s",   "sm-f",   "pixel ",  "nexus 4",
    "nexus 5", "nexus 6", "cph",  "rmx",  "redmi", "moto g", "moto e", "oneplus", "iphone",
};

inline constexpr std::array<std::string_view, 39> mobileWords = {
    "blackberry",   "bb10",          "symbian",    "series60", "series40",    "nokia",   "midp",     "cldc",
    "up.browser",   "opera mini",    "opera mobi", "kaios",    "tizen",       "bada",    "meego",    "maemo",
    "palmos",       "windows ce",    "brew",       "webos/",   "docomo",      "kddi",    "ucweb",    "mobile;",
    "sonyericsson", "mobile safari", "foma",       "willcom",  "ddipocket",   "emobile", "softbank", "jig browser",
    "palmsource",   "portalmmm",     "sec-sgh",    "up.link",  "openbrowser", "obigo",   "iac/",
};

inline constexpr std::array<std::string_view, 23> desktopWords = {
    "windows nt", "windows 9", "win9",    "windows xp", "win64",      "macintosh", "mac_powerpc", "x11",
    "linux",      "cros ",     "freebsd", "openbsd",    "netbsd",     "dragonfly", "bsd/sysv",    "os/2",
    "beos",       "sunos",     "irix",    "winnt",      "windows me", "windows;",  "konqueror",
};

} // namespace enrich
