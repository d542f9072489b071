// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/enrich/device_scan.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>

#include "backend/enrich/device_words.h"
#include "backend/enrich/request_text.h"

namespace enrich {

namespace {

using protocol::DeviceType;

bool has(std::string_view text, std::string_view word)
{
    return text.find(word) != std::string_view::npos;
}

bool hasAny(std::string_view text, std::span<const std::string_view> words)
{
    return std::ranges::any_of(words, [&](std::string_view word) { return has(text, word); });
}

std::string_view nameOf(std::string_view text, std::span<const NamedWord> words)
{
    for (const NamedWord& entry : words) {
        if (has(text, entry.word) && (entry.also.empty() || has(text, entry.also)))
            return entry.name;
    }
    return {};
}

// A structured-header string without its quotes.
std::string_view unquoted(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '"'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '"'))
        text.remove_suffix(1);
    return text;
}

std::string_view osOf(std::string_view agent, std::string_view platformHint)
{
    if (platformHint == "android" && (has(agent, "silk") || has(agent, "kf") || has(agent, "aft")))
        return nameOf(agent, operatingSystems());
    for (const NamedWord& entry : platformHints()) {
        if (platformHint == entry.word)
            return entry.name;
    }
    return nameOf(agent, operatingSystems());
}

std::string_view browserOf(std::string_view agent, std::string_view brands)
{
    // An app's own browser tells its name in the agent alone.
    if (const std::string_view app = nameOf(agent, appBrowsers()); !app.empty())
        return app;
    if (const std::string_view brand = nameOf(brands, brandNames()); !brand.empty())
        return brand;
    if (const std::string_view named = nameOf(agent, browsers()); !named.empty())
        return named;
    if (has(agent, "android") && has(agent, "applewebkit") &&
        (has(agent, "; wv)") || has(agent, "version/4.0 chrome/")))
        return "Android WebView";
    if (has(agent, "chrome/"))
        return "Chrome";
    if (has(agent, "android") && has(agent, "version/"))
        return "Android Browser";
    if (has(agent, "safari/") && has(agent, "version/"))
        return "Safari";
    const bool apple = has(agent, "iphone") || has(agent, "ipad") || has(agent, "ipod");
    return apple && has(agent, "applewebkit") ? "iOS WebView" : std::string_view();
}

// Android without "Mobile" is a tablet by Google's own rule; what is neither was ruled out before.
DeviceType androidType(std::string_view agent)
{
    if (hasAny(agent, tabletWords))
        return DeviceType::Tablet;
    if (has(agent, "mobile") || has(agent, "opera mini") || has(agent, "dalvik") || has(agent, "mobi;"))
        return DeviceType::Mobile;
    // Browsers of before 2011, and agents of apps, lack the word on telephones as well.
    if (!has(agent, "applewebkit") && !has(agent, "gecko") && !has(agent, "presto"))
        return DeviceType::Mobile;
    return hasAny(agent, phoneWords) ? DeviceType::Mobile : DeviceType::Tablet;
}

DeviceType typeOf(std::string_view agent, std::string_view mobileHint, std::string_view platformHint)
{
    if (hasAny(agent, otherDeviceWords))
        return DeviceType::Other;
    if (has(agent, "ipad") || has(agent, "playbook") || has(agent, "touchpad") || has(agent, "kindle") ||
        has(agent, "silk/") || has(agent, "silk-"))
        return DeviceType::Tablet;
    if (mobileHint == "?1")
        return hasAny(agent, tabletWords) ? DeviceType::Tablet : DeviceType::Mobile;
    if (!platformHint.empty() && mobileHint == "?0") {
        if (platformHint == "android")
            return DeviceType::Tablet;
        if (platformHint == "windows" || platformHint == "macos" || platformHint == "linux" ||
            platformHint.starts_with("chrom"))
            return DeviceType::Desktop;
    }
    if (has(agent, "iphone") || has(agent, "ipod") || has(agent, "windows phone") || has(agent, "iemobile"))
        return DeviceType::Mobile;
    if (has(agent, "android"))
        return androidType(agent);
    // An iPad that asks for desktop pages still says Mobile in the window of an app.
    if (has(agent, "macintosh"))
        return has(agent, " mobile/") ? DeviceType::Tablet : DeviceType::Desktop;
    if (hasAny(agent, mobileWords))
        return DeviceType::Mobile;
    return hasAny(agent, desktopWords) ? DeviceType::Desktop : DeviceType::Other;
}

} // namespace

Device scanDevice(const AgentHeaders& headers)
{
    const std::string agent = lowerAscii(headers.userAgent);
    const std::string brands = lowerAscii(headers.secChUa);
    const std::string platform = lowerAscii(unquoted(headers.secChUaPlatform.substr(0, 32)));
    Device device;
    device.type = typeOf(agent, headers.secChUaMobile.substr(0, 2), platform);
    device.os = osOf(agent, platform);
    device.browser = browserOf(agent, brands);
    return device;
}

} // namespace enrich
