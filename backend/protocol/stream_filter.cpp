// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/stream_filter.h"

#include <algorithm>

#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace protocol {

namespace {

template <class T, class V> bool allows(const std::vector<T>& allowed, const V& value)
{
    return allowed.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

bool isLink(std::string_view wanted, const HitView& hit)
{
    const std::string_view domain = hit.text(HitText::Domain), slug = hit.text(HitText::Slug);
    return wanted.size() == domain.size() + 1 + slug.size() && wanted.starts_with(domain) &&
           wanted[domain.size()] == '/' && wanted.ends_with(slug);
}

bool allowsLink(const std::vector<std::string>& links, const HitView& hit)
{
    return links.empty() ||
           std::any_of(links.begin(), links.end(), [&](const std::string& wanted) { return isLink(wanted, hit); });
}

// As std::string compares with "domain/slug", without making that text.
int compareLink(std::string_view link, const HitView& hit)
{
    const std::string_view domain = hit.text(HitText::Domain);
    if (const int order = link.substr(0, domain.size()).compare(domain); order != 0)
        return order;
    link.remove_prefix(domain.size());
    if (link.empty() || link.front() != '/')
        return !link.empty() && static_cast<unsigned char>(link.front()) > '/' ? 1 : -1;
    return link.substr(1).compare(hit.text(HitText::Slug));
}

bool allowsAllButLink(const StreamFilter& filter, const HitView& hit)
{
    return allows(filter.classes, hit.hitClass) && (!filter.bot || *filter.bot == hit.isBot()) &&
           allows(filter.touches, hit.touch) && allows(filter.devices, hit.device) &&
           allows(filter.countries, hit.text(HitText::Country)) && allows(filter.domains, hit.text(HitText::Domain)) &&
           allows(filter.campaigns, hit.text(HitText::Campaign));
}

void fold(std::string& text, std::size_t end, char from, char to, int by)
{
    for (std::size_t i = 0; i < end; ++i)
        if (text[i] >= from && text[i] <= to)
            text[i] = static_cast<char>(text[i] + by);
}

template <class T> void sortUnique(std::vector<T>& values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

bool tooLong(const std::vector<std::string>& values)
{
    return std::any_of(values.begin(), values.end(),
                       [](const std::string& value) { return value.size() > limits::filterValueBytes; });
}

template <class E> bool hasNoWord(const std::vector<E>& values)
{
    return std::any_of(values.begin(), values.end(), [](E value) { return word(value) == "unknown"; });
}

} // namespace

bool StreamFilter::matches(const HitView& hit) const
{
    return allowsAllButLink(*this, hit) && allowsLink(links, hit);
}

bool StreamFilter::matchesNormalised(const HitView& hit) const
{
    if (!allowsAllButLink(*this, hit))
        return false;
    if (links.empty())
        return true;
    const auto place = std::partition_point(links.begin(), links.end(),
                                            [&](const std::string& link) { return compareLink(link, hit) < 0; });
    return place != links.end() && compareLink(*place, hit) == 0;
}

bool StreamFilter::isEmpty() const
{
    return *this == StreamFilter{};
}

void StreamFilter::normalise()
{
    for (std::string& link : links)
        fold(link, std::min(link.find('/'), link.size()), 'A', 'Z', 'a' - 'A');
    for (std::string& domain : domains)
        fold(domain, domain.size(), 'A', 'Z', 'a' - 'A');
    for (std::string& country : countries)
        fold(country, country.size(), 'a', 'z', 'A' - 'a');
    sortUnique(links);
    sortUnique(domains);
    sortUnique(campaigns);
    sortUnique(countries);
    sortUnique(touches);
    sortUnique(classes);
    sortUnique(devices);
}

std::string StreamFilter::problem() const
{
    const std::size_t count = links.size() + domains.size() + campaigns.size() + countries.size() + touches.size() +
                              classes.size() + devices.size();
    if (count > limits::filterValues)
        return "filter " + std::to_string(limits::filterValues);
    const std::string valueLimit = std::to_string(limits::filterValueBytes);
    if (tooLong(links))
        return "filter.links " + valueLimit;
    if (tooLong(domains))
        return "filter.domains " + valueLimit;
    if (tooLong(campaigns))
        return "filter.campaigns " + valueLimit;
    if (tooLong(countries))
        return "filter.countries " + valueLimit;
    if (hasNoWord(touches))
        return "filter.touches";
    if (hasNoWord(classes))
        return "filter.classes";
    if (hasNoWord(devices))
        return "filter.devices";
    return {};
}

} // namespace protocol
