// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "backend/protocol/hit.h"

// The words behind bot_signals.h, all in lower case. What belongs here is a habit of programs, or a name whose category
// matters to a campaign team; the long tail of names is the list's.
namespace enrich {

enum class WordPlace : std::uint8_t {
    First,    // the agent begins with it
    Anywhere, // also inside a word
    Start,    // a word begins with it
    End,      // a word ends with it
    Whole,    // between two characters that are no letters
};

struct BotWord {
    std::string_view text;
    protocol::BotCategory category;
    WordPlace place = WordPlace::Anywhere;
};

// A table of words, asked for all of them in one pass over the text: words are found by their first three letters.
// Immutable.
class WordTable {
public:
    explicit WordTable(std::span<const BotWord> words); // each of three letters at least

    struct Found {
        const BotWord* word = nullptr; // null: none
        std::size_t at = 0;
    };
    // The first word of the table that stands in `lowered` in its place, and where it does first.
    Found find(std::string_view lowered) const;

private:
    static constexpr std::size_t buckets = 4096;
    static std::size_t bucketOf(const char* three);
    bool standsAt(const BotWord& word, std::string_view lowered, std::size_t at) const;

    std::span<const BotWord> m_words;
    std::array<std::uint16_t, buckets> m_first{}; // index + 1 of the first word with these letters; 0 = none
    std::vector<std::uint16_t> m_next;            // the same, of the word after it
};

const WordTable& agentNames();
const WordTable& headlessWords();
const WordTable& clientWords();
const WordTable& robotWords();

// Phones, apps and platforms of people that hold one of the words above. Cubot makes phones; CamScanner opens links in
// its own window.
inline constexpr std::array<std::string_view, 10> innocentWords = {
    "cubot",   "camscanner", "scanner app", "qrscanner", "qr scanner",
    "barcode", "robotics",   "javascript",  "hotspot",   "embedded web browser",
};

inline constexpr std::array<std::string_view, 11> siteEndings = {
    ".com", ".net", ".org", ".io", ".ai", ".co", ".de", ".eu", ".fr", ".app", ".dev",
};

// An agent that does not begin like a browser's but has one of these comes from a phone, a television or an app of a
// person, or from one of the browsers that never borrowed a name.
inline constexpr std::array<std::string_view, 69> deviceWords = {
    "midp",        "cldc",          "up.browser",    "symbian",  "series60",    "series40",  "nokia",
    "blackberry",  "android",       "iphone",        "ipad",     "ipod",        "dalvik",    "ucweb",
    "j2me",        "maui",          "sonyericsson",  "samsung-", "sec-sgh",     "lg-",       "lge-",
    "mot-",        "windows phone", "windows ce",    "docomo",   "kddi",        "softbank",  "vodafone",
    "sie-",        "sagem",         "zte-",          "huawei",   "alcatel",     "sharp",     "panasonic",
    "kaios",       "tizen",         "meego",         "brew",     "palmos",      "roku",      "appletv",
    "playstation", "nintendo",      "lynx/",         "links (",  "elinks",      "w3m/",      "midori/",
    "netsurf/",    "opera 9",       "dillo/",        "foma",     "up.link",     "portalmmm", "emobile",
    "iac/",        "hbbtv",         "nook ",         "wii lib",  "konqueror",   "uzbl",      "itunes/",
    "icab/",       "sleipnir/",     "avant browser", "links/",   "ncsa_mosaic", "msie (",
};

// Browsers that really called themselves "compatible".
inline constexpr std::array<std::string_view, 14> compatibleBrowsers = {
    "msie",    "konqueror", "trident/",    "dillo",   "icab", "avantgo",     "netfront",
    "abrowse", "galeon",    "netpositive", "omniweb", "mmef", "reqwireless", "blackberry",
};

// What stands behind the platform in a desktop browser's agent.
inline constexpr std::array<std::string_view, 16> engineWords = {
    "applewebkit", "gecko", "presto", "trident", "msie",  "khtml", "netscape",  "netfront",
    "opera",       "icab",  "servo",  "goanna",  "dillo", "links", "konqueror", "firefox",
};

} // namespace enrich
