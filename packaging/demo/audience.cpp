// SPDX-License-Identifier: GPL-3.0-or-later
#include "packaging/demo/audience.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>
#include <stdexcept>

#include "backend/protocol/csv_writer.h"

namespace demo {

namespace {

struct Language {
    std::string_view country, tag;
};

constexpr Language languages[] = {
    {"DE", "de-DE"}, {"AT", "de-AT"}, {"CH", "de-CH"}, {"FR", "fr-FR"}, {"BE", "nl-BE"}, {"NL", "nl-NL"},
    {"ES", "es-ES"}, {"IT", "it-IT"}, {"PT", "pt-PT"}, {"BR", "pt-BR"}, {"MX", "es-MX"}, {"AR", "es-AR"},
    {"CL", "es-CL"}, {"CO", "es-CO"}, {"PE", "es-PE"}, {"EC", "es-EC"}, {"UY", "es-UY"}, {"JP", "ja-JP"},
    {"KR", "ko-KR"}, {"CN", "zh-CN"}, {"TW", "zh-TW"}, {"HK", "zh-HK"}, {"TR", "tr-TR"}, {"PL", "pl-PL"},
    {"CZ", "cs-CZ"}, {"SK", "sk-SK"}, {"RO", "ro-RO"}, {"GR", "el-GR"}, {"HU", "hu-HU"}, {"UA", "uk-UA"},
    {"SE", "sv-SE"}, {"DK", "da-DK"}, {"NO", "nb-NO"}, {"FI", "fi-FI"}, {"IS", "is-IS"}, {"EE", "et-EE"},
    {"LV", "lv-LV"}, {"LT", "lt-LT"}, {"BG", "bg-BG"}, {"RS", "sr-RS"}, {"HR", "hr-HR"}, {"SI", "sl-SI"},
    {"ID", "id-ID"}, {"TH", "th-TH"}, {"VN", "vi-VN"}, {"SA", "ar-SA"}, {"AE", "ar-AE"}, {"EG", "ar-EG"},
    {"MA", "ar-MA"}, {"IL", "he-IL"}, {"GB", "en-GB"}, {"IN", "en-IN"}, {"AU", "en-AU"}, {"CA", "en-CA"},
};

std::string acceptLanguageOf(std::string_view country, Random& random)
{
    const auto known = std::ranges::find(languages, country, &Language::country);
    // One in eight has a device in another language than the country's.
    if (known == std::end(languages) || below(random, 8) == 0)
        return "en-US,en;q=0.9";
    const std::string_view tag = known->tag;
    const std::string primary(tag.substr(0, 2));
    return std::string(tag) + "," + primary + ";q=0.9" + (primary == "en" ? "" : ",en-US;q=0.8,en;q=0.7");
}

std::string addressText(std::uint32_t address)
{
    return std::format("{}.{}.{}.{}", address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255);
}

// "81.2.69.0/24": first address and size; false where it is none.
bool readNetwork(std::string_view text, std::uint32_t& first, std::uint32_t& size)
{
    std::array<unsigned, 5> parts{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), parts[i]);
        if (error != std::errc() || parts[i] > 255)
            return false;
        text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
        if (!text.empty())
            text.remove_prefix(1);
    }
    first = parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3];
    size = parts[4] >= 8 && parts[4] <= 30 ? 1U << (32 - parts[4]) : 0;
    return size > 0;
}

const Browser& browserFor(Random& random, const Audience::Wish& wish)
{
    const std::span<const Browser> all = browsers();
    const bool inApp = !wish.app.empty() && below(random, 10) < 7;
    const auto fits = [&](const Browser& browser) {
        if (inApp)
            return browser.app == wish.app;
        return (!wish.mobile || browser.mobile) && *browser.app == '\0';
    };
    int total = 0;
    for (const Browser& browser : all)
        total += fits(browser) ? browser.weight : 0;
    if (total == 0)
        return all.front();
    auto left = static_cast<int>(below(random, static_cast<std::size_t>(total)));
    for (const Browser& browser : all) {
        if (fits(browser) && (left -= browser.weight) < 0)
            return browser;
    }
    return all.front();
}

} // namespace

std::size_t below(Random& random, std::size_t end)
{
    return end == 0 ? 0 : static_cast<std::size_t>(random() % end);
}

double fraction(Random& random)
{
    return static_cast<double>(random() >> 11) * 0x1.0p-53;
}

std::size_t Audience::Group::pick(Random& random) const
{
    const std::uint64_t at = below(random, sums.back());
    return networks[static_cast<std::size_t>(std::ranges::upper_bound(sums, at) - sums.begin())];
}

void Audience::Group::add(std::size_t network, std::uint64_t weight)
{
    networks.push_back(network);
    sums.push_back((sums.empty() ? 0 : sums.back()) + weight);
}

Audience::Audience(std::string_view csv)
{
    const protocol::CsvDocument document = protocol::readCsv(csv, false);
    if (!document.error.empty())
        throw std::runtime_error("the audience's table: " + document.error);
    for (std::size_t row = 1; row < document.rows.size(); ++row) {
        const std::vector<std::string>& cells = document.rows[row];
        Network network;
        std::uint64_t weight = 0;
        if (cells.size() < 6 || !readNetwork(cells[0], network.first, network.size) ||
            std::from_chars(cells[5].data(), cells[5].data() + cells[5].size(), weight).ec != std::errc() ||
            weight == 0)
            throw std::runtime_error("the audience's table, row " + std::to_string(row + 1) +
                                     ": no network,address,country,region,city,weight");
        network.country = cells[2];
        m_all.add(m_networks.size(), weight);
        m_groups[cells[2]].add(m_networks.size(), weight);
        m_groups[cells[2] + ":" + cells[4]].add(m_networks.size(), weight);
        m_networks.push_back(std::move(network));
    }
    if (m_networks.empty())
        throw std::runtime_error("the audience's table is empty");
}

Visitor Audience::draw(Random& random, const Wish& wish) const
{
    const Group* group = &m_all;
    if (!wish.city.empty() && below(random, 10) < 9) {
        if (const auto city = m_groups.find(wish.city); city != m_groups.end())
            group = &city->second;
    } else if (!wish.countries.empty() && below(random, 10) < 7) {
        if (const auto country = m_groups.find(wish.countries[below(random, wish.countries.size())]);
            country != m_groups.end())
            group = &country->second;
    }
    const Network& network = m_networks[group->pick(random)];
    Visitor visitor;
    visitor.country = network.country;
    visitor.address = addressText(network.first + 1 + static_cast<std::uint32_t>(below(random, network.size - 2)));
    // Some come through a private network's exit, which no database knows.
    if (below(random, 50) == 0)
        visitor.address =
            addressText(0x64400000U + static_cast<std::uint32_t>(below(random, 1U << 22))); // 100.64.0.0/10
    visitor.acceptLanguage = acceptLanguageOf(network.country, random);
    visitor.browser = &browserFor(random, wish);
    visitor.globalPrivacyControl = below(random, 33) == 0;
    return visitor;
}

std::string Audience::robotAddress(Random& random) const
{
    static constexpr std::array<std::string_view, 4> centres = {"US:Ashburn", "DE:Falkenstein", "IE:Dublin",
                                                                "NL:Amsterdam"};
    const auto centre = m_groups.find(centres[below(random, centres.size())]);
    const Network& network = m_networks[(centre == m_groups.end() ? m_all : centre->second).pick(random)];
    return addressText(network.first + 1 + static_cast<std::uint32_t>(below(random, network.size - 2)));
}

} // namespace demo
