// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/enrich/device_words.h"

namespace enrich {

namespace {

// clang-format off
constexpr NamedWord systems[] = {
    {"windows phone", "Windows Phone", {}}, {"iemobile", "Windows Phone", {}}, {"xbox", "Xbox", {}}, {"playstation", "PlayStation", {}},
    {"nintendo", "Nintendo", {}}, {"tizen", "Tizen", {}}, {"web0s", "webOS", {}}, {"webos", "webOS", {}}, {"hpwos", "webOS", {}}, {"roku", "Roku", {}},
    {"appletv", "tvOS", {}}, {"apple tv", "tvOS", {}}, {"tvos", "tvOS", {}}, {"watchos", "watchOS", {}}, {"ipad", "iPadOS", {}},
    {"iphone", "iOS", {}}, {"ipod", "iOS", {}}, {"kaios", "KaiOS", {}}, {"harmonyos", "HarmonyOS", {}}, {"openharmony", "HarmonyOS", {}},
    {"silk", "Fire OS", "kf"}, {"silk", "Fire OS", "aft"}, {"silk/", "Fire OS", "android"}, {"aft", "Fire OS", "android"}, {"kindle", "Kindle", "linux; u"}, {"kindle/", "Kindle", {}},
    {"android", "Android", {}}, {"adr ", "Android", "ucweb"}, {"cros ", "Chrome OS", {}}, {"macintosh", "iPadOS", " mobile/"}, {"macintosh", "macOS", {}},
    {"mac os x", "macOS", {}}, {"mac_powerpc", "Mac OS", {}}, {"blackberry", "BlackBerry", {}}, {"bb10", "BlackBerry", {}}, {"playbook", "BlackBerry", {}},
    {"symbian", "Symbian", {}}, {"series60", "Symbian", {}}, {"series40", "Series 40", {}}, {"meego", "MeeGo", {}}, {"maemo", "Maemo", {}}, {"bada", "Bada", {}},
    {"windows ce", "Windows CE", {}}, {"windows", "Windows", {}}, {"win9", "Windows", {}}, {"freebsd", "FreeBSD", {}}, {"openbsd", "OpenBSD", {}}, {"netbsd", "NetBSD", {}},
    {"sunos", "Solaris", {}}, {"linux", "Linux", {}}, {"x11", "Linux", {}},
};

constexpr NamedWord hints[] = {
    {"android", "Android", {}}, {"ios", "iOS", {}}, {"windows", "Windows", {}}, {"macos", "macOS", {}}, {"chrome os", "Chrome OS", {}},
    {"chromium os", "Chrome OS", {}}, {"chromeos", "Chrome OS", {}}, {"linux", "Linux", {}}, {"fuchsia", "Fuchsia", {}},
};

constexpr NamedWord apps[] = {
    {"instagram", "Instagram", {}}, {"fban/messenger", "Messenger", {}}, {"fb_iab/messenger", "Messenger", {}}, {"fb_iab/orca", "Messenger", {}}, {"messengerforios", "Messenger", {}}, {"fban/", "Facebook", {}},
    {"fbav/", "Facebook", {}}, {"fb_iab", "Facebook", {}}, {"[fb", "Facebook", {}}, {"metaiab", "Facebook", {}}, {"barcelona ", "Threads", {}}, {"musical_ly", "TikTok", {}}, {"tiktok", "TikTok", {}},
    {"bytedancewebview", "TikTok", {}}, {"bytelocale", "TikTok", {}}, {"snapchat", "Snapchat", {}}, {"pinterest/", "Pinterest", {}}, {"linkedinapp", "LinkedIn", {}}, {"twitter for", "Twitter", {}},
    {"twitterandroid", "Twitter", {}}, {"micromessenger", "WeChat", {}}, {"weibo", "Weibo", {}}, {" line/", "LINE", {}}, {"kakaotalk", "KakaoTalk", {}},
    {"naver(inapp", "Naver", {}}, {"zalo", "Zalo", {}}, {"gsa/", "Google App", {}}, {"baiduboxapp", "Baidu App", {}}, {"alipay", "Alipay", {}}, {"reddit/", "Reddit", {}},
    {"slack_ssb", "Slack", {}}, {"teams/", "Microsoft Teams", {}}, {"telegram-", "Telegram", {}}, {"quora", "Quora", "mobile"}, {"duckduckgo", "DuckDuckGo", {}}, {" ddg/", "DuckDuckGo", {}},
};

constexpr NamedWord brands[] = {
    {"microsoft edge", "Edge", {}}, {"opera", "Opera", {}}, {"samsung internet", "Samsung Internet", {}}, {"yandex", "Yandex", {}}, {"yabrowser", "Yandex", {}},
    {"brave", "Brave", {}}, {"vivaldi", "Vivaldi", {}}, {"whale", "Whale", {}}, {"coccoc", "Coc Coc", {}}, {"avast secure", "Avast", {}}, {"duckduckgo", "DuckDuckGo", {}},
    {"huaweibrowser", "Huawei Browser", {}}, {"miuibrowser", "MIUI Browser", {}}, {"android webview", "Android WebView", {}}, {"google chrome", "Chrome", {}},
};

constexpr NamedWord products[] = {
    {"edga/", "Edge", {}}, {"edgios/", "Edge", {}}, {"edg/", "Edge", {}}, {"edge/", "Edge", {}}, {"opr/", "Opera", {}}, {"opx/", "Opera", {}}, {"opios/", "Opera Mini", {}},
    {"opt/", "Opera", {}}, {"opera mini", "Opera Mini", {}}, {"opera", "Opera", {}}, {"vivaldi", "Vivaldi", {}}, {"yabrowser", "Yandex", {}}, {"yowser", "Yandex", {}},
    {"samsungbrowser", "Samsung Internet", {}}, {"ucbrowser", "UC Browser", {}}, {"ucweb", "UC Browser", {}}, {"miuibrowser", "MIUI Browser", {}},
    {"huaweibrowser", "Huawei Browser", {}}, {"heytapbrowser", "HeyTap Browser", {}}, {"vivobrowser", "vivo Browser", {}}, {"mqqbrowser", "QQ Browser", {}},
    {"qqbrowser", "QQ Browser", {}}, {"silk", "Silk", {}}, {"whale/", "Whale", {}}, {"coc_coc_browser", "Coc Coc", {}}, {"brave", "Brave", {}},
    {"ecosia", "Ecosia", {}}, {"aloha", "Aloha", {}}, {"puffin", "Puffin", {}}, {"phoenix/", "Phoenix", {}}, {"maxthon", "Maxthon", {}}, {"mxbrowser", "Maxthon", {}},
    {"metasr", "Sogou Browser", {}}, {"360se", "360 Browser", {}}, {"360ee", "360 Browser", {}}, {"qihu", "360 Browser", {}}, {"seamonkey", "SeaMonkey", {}}, {"palemoon", "Pale Moon", {}}, {"waterfox", "Waterfox", {}},
    {"librewolf", "LibreWolf", {}}, {"focus/", "Firefox Focus", {}}, {"klar/", "Firefox Focus", {}}, {"fxios/", "Firefox", {}}, {"firefox/", "Firefox", {}},
    {"crios/", "Chrome", {}}, {"oculusbrowser", "Meta Quest Browser", {}}, {"electron/", "Electron", {}}, {"chromium", "Chromium", {}},
    {"iemobile", "Internet Explorer", {}}, {"msie ", "Internet Explorer", {}}, {"trident/", "Internet Explorer", {}}, {"bb10", "BlackBerry Browser", {}}, {"blackberry", "BlackBerry Browser", {}},
    {"playbook", "BlackBerry Browser", {}}, {"playstation", "PlayStation Browser", {}}, {"nintendobrowser", "Nintendo Browser", {}}, {"nokiabrowser", "Nokia Browser", {}}, {"browserng", "Nokia Browser", {}},
    {"netfront", "NetFront", {}}, {"up.browser", "Openwave", {}}, {"konqueror", "Konqueror", {}}, {"epiphany", "GNOME Web", {}}, {"falkon", "Falkon", {}}, {"qutebrowser", "qutebrowser", {}},
    {"otter", "Otter", {}}, {"midori", "Midori", {}}, {"camino", "Camino", {}}, {"omniweb", "OmniWeb", {}}, {"icab", "iCab", {}}, {"netscape", "Netscape", {}}, {"lynx/", "Lynx", {}}, {"w3m/", "w3m", {}}, {"links (", "Links", {}},
    {"elinks", "ELinks", {}}, {"dillo", "Dillo", {}}, {"kindle/", "Kindle", {}}, {"outlook", "Outlook", {}}, {"thunderbird", "Thunderbird", {}},
};
// clang-format on

} // namespace

std::span<const NamedWord> operatingSystems()
{
    return systems;
}

std::span<const NamedWord> platformHints()
{
    return hints;
}

std::span<const NamedWord> appBrowsers()
{
    return apps;
}

std::span<const NamedWord> brandNames()
{
    return brands;
}

std::span<const NamedWord> browsers()
{
    return products;
}

} // namespace enrich
