// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/enrich/browser_form.h"

#include <algorithm>
#include <array>

#include "backend/enrich/browser_words.h"

namespace enrich {

namespace {

bool has(std::string_view text, std::string_view word)
{
    return text.find(word) != std::string_view::npos;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    return c >= 'a' && c <= 'z';
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

// The number after `product`; 0 = not there.
int majorOf(std::string_view agent, std::string_view product)
{
    const std::size_t at = agent.find(product);
    int number = 0;
    if (at != std::string_view::npos) {
        for (std::size_t i = at + product.size(); i < agent.size() && isDigit(agent[i]) && number < 100'000; ++i)
            number = number * 10 + (agent[i] - '0');
    }
    return number;
}

// Cuts the next part off `rest` at one of `separators`.
std::string_view nextPart(std::string_view& rest, std::string_view separators)
{
    const std::size_t at = rest.find_first_of(separators);
    const std::string_view part = trimmed(rest.substr(0, at));
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
    return part;
}

bool isLanguage(std::string_view part)
{
    return (part.size() == 2 || (part.size() == 5 && part[2] == '-')) && isLetter(part[0]) && isLetter(part[1]);
}

bool isPlatform(std::string_view part)
{
    return part.size() < 2 || isLanguage(part) ||
           std::ranges::any_of(platformParts, [&](std::string_view known) { return part.starts_with(known); });
}

// A browser built on Chromium has a version of four numbers, or one like Chromium's own; a program counts from one.
bool isBrowserVersion(std::string_view version)
{
    const auto dots = std::ranges::count(version, '.');
    return dots == 3 || majorOf(version, "") >= 60;
}

bool isKnownProduct(std::string_view product)
{
    const std::size_t slash = product.find('/');
    const std::string_view name = product.substr(0, slash);
    if (name.empty() || !isLetter(name.front()) || name.size() == 1)
        return true;
    if (has(name, "browser") || std::ranges::find(desktopProducts, name) != desktopProducts.end())
        return true;
    return slash != std::string_view::npos && isBrowserVersion(product.substr(slash + 1));
}

// What follows "KHTML, like Gecko" within its brackets. Browsers on Qt once wrote Safari's version there.
std::string_view insideEngine(std::string_view lowered)
{
    constexpr std::string_view engine = "(khtml, like gecko";
    const std::size_t at = lowered.find(engine);
    if (at == std::string_view::npos)
        return {};
    std::string_view rest = lowered.substr(at + engine.size());
    rest = rest.substr(0, rest.find(')'));
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == ',' || rest.front() == ';'))
        rest.remove_prefix(1);
    return rest.starts_with("safari") || rest.starts_with("version/") ? std::string_view() : trimmed(rest);
}

// A word without a version between the engine and the browser: neither browsers nor apps put one there.
std::string_view beforeBrowser(std::string_view products)
{
    const std::string_view word = nextPart(products, " ");
    const bool bare = word.size() > 1 && std::ranges::all_of(word, [](char c) { return isLetter(c) || c == '-'; });
    const bool browserNext = products.starts_with("version/") || products.starts_with("chrome/");
    return bare && browserNext && word != "mobile" && word != "not" ? word : std::string_view();
}

std::string_view amongProducts(std::string_view products)
{
    while (!products.empty()) {
        if (products.front() == '(' || products.front() == '[') { // an app's own brackets
            const std::size_t end = products.find_first_of(")]");
            products.remove_prefix(end == std::string_view::npos ? products.size() : end + 1);
            continue;
        }
        const std::size_t at = products.find_first_of(" ([");
        const std::string_view product = trimmed(products.substr(0, at));
        products.remove_prefix(at == std::string_view::npos ? products.size() : at + (products[at] == ' ' ? 1 : 0));
        if (!isKnownProduct(product))
            return product;
    }
    return {};
}

std::string_view amongPlatform(std::string_view platform)
{
    while (!platform.empty()) {
        const std::string_view part = nextPart(platform, ";");
        if (!isPlatform(part))
            return part;
    }
    return {};
}

} // namespace

std::string_view addedName(std::string_view lowered)
{
    constexpr std::string_view opening = "mozilla/5.0 (";
    if (!lowered.starts_with(opening))
        return {};
    const std::size_t close = lowered.find(')');
    if (close == std::string_view::npos)
        return {};
    const std::string_view platform = lowered.substr(opening.size(), close - opening.size());
    if (const std::string_view name = insideEngine(lowered); !name.empty())
        return name;
    std::string_view products = lowered.substr(close + 1);
    if (const std::size_t engine = products.find("like gecko)"); engine != std::string_view::npos) {
        products = trimmed(products.substr(engine + 11));
        if (const std::string_view name = beforeBrowser(products); !name.empty())
            return name;
    }
    const bool desktop = has(platform, "windows nt") || has(platform, "macintosh") || has(platform, "x11;");
    const bool modern = majorOf(lowered, "chrome/") >= 40 || majorOf(lowered, "firefox/") >= 40 ||
                        (majorOf(lowered, "applewebkit/") >= 600 && has(products, "safari/"));
    // An Electron program is a window in front of a person; a television or a console says what it is as it likes.
    if (!desktop || !modern || has(lowered, "electron/") || has(lowered, " mobile/"))
        return {};
    if (std::ranges::any_of(notDesktops, [&](std::string_view word) { return has(lowered, word); }))
        return {};
    const std::string_view name = amongProducts(products);
    return name.empty() ? amongPlatform(platform) : name;
}

} // namespace enrich
