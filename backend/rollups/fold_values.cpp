// SPDX-License-Identifier: GPL-3.0-or-later
// The values of a hit in each dimension, as numbers of the fold's words.
#include <algorithm>

#include "backend/protocol/words.h"
#include "backend/rollups/fold.h"

namespace rollups {

using protocol::Dimension;
using protocol::HitText;

namespace {

// A number beyond the table is as unknown as the table's last, which none of ours reaches.
template <class Ids, class E> std::uint32_t idIn(const Ids& ids, E value)
{
    return ids[std::min(static_cast<std::size_t>(value), ids.size() - 1)];
}

} // namespace

void Fold::makeFixedIds()
{
    for (std::uint8_t at = 0; at < m_classIds.size(); ++at) {
        m_classIds[at] = m_words.idOf(protocol::word(static_cast<protocol::HitClass>(at)));
        m_touchIds[at] = m_words.idOf(protocol::word(static_cast<protocol::TouchType>(at)));
        m_deviceIds[at] = m_words.idOf(protocol::word(static_cast<protocol::DeviceType>(at)));
    }
    for (std::uint8_t at = 0; at < m_botIds.size(); ++at)
        m_botIds[at] = m_words.idOf(protocol::word(static_cast<protocol::BotCategory>(at)));
    m_statusIds.fill(0);
    m_true = m_words.idOf("true");
    m_false = m_words.idOf("false");
    m_direct = m_words.idOf("direct");
}

std::uint32_t Fold::statusId(std::uint16_t status)
{
    if (status >= m_statusIds.size())
        return m_words.idOf(std::to_string(status));
    if (m_statusIds[status] == 0)
        m_statusIds[status] = m_words.idOf(std::to_string(status));
    return m_statusIds[status];
}

std::uint32_t Fold::joined(PairIds& made, std::uint32_t first, const char* between, std::uint32_t second)
{
    if (second == 0)
        return 0;
    std::uint32_t& id = made.of(first, second);
    if (id == 0)
        id = m_words.idOf(std::string(m_words.text(first)).append(between).append(m_words.text(second)));
    return id;
}

std::uint32_t Fold::cityOf(std::uint32_t country, std::uint32_t region, std::uint32_t city)
{
    if (city == 0)
        return 0;
    if (const std::uint32_t place = joined(m_regions, country, "/", region); place != 0)
        return joined(m_cities, place, "/", city);
    return m_words.idOf(std::string(m_words.text(country)) + "//" + std::string(m_words.text(city)));
}

// As protocol/rollup.h says what each dimension's values are.
std::uint32_t Fold::valueOf(Dimension dimension, const HitFacts& facts)
{
    switch (dimension) {
    case Dimension::None:
        return 0;
    case Dimension::Class:
        return idIn(m_classIds, facts.hitClass);
    case Dimension::Bot:
        return facts.bot == protocol::BotCategory::Human ? m_false : m_true;
    case Dimension::Touch:
        return idIn(m_touchIds, facts.touch);
    case Dimension::Country:
        return facts.text(HitText::Country);
    case Dimension::Device:
        return idIn(m_deviceIds, facts.device);
    case Dimension::Referrer:
        return facts.text(HitText::Referrer);
    case Dimension::BotCategory:
        return idIn(m_botIds, facts.bot);
    case Dimension::Placement:
        return facts.text(HitText::Placement);
    case Dimension::Region:
        return joined(m_regions, facts.text(HitText::Country), "/", facts.text(HitText::Region));
    case Dimension::City:
        return cityOf(facts.text(HitText::Country), facts.text(HitText::Region), facts.text(HitText::City));
    case Dimension::Os:
        return facts.text(HitText::Os);
    case Dimension::Browser:
        return facts.text(HitText::Browser);
    case Dimension::Language:
        return facts.text(HitText::Language);
    case Dimension::Channel:
        if (facts.text(HitText::UtmSource) == 0)
            return facts.text(HitText::Referrer) == 0 ? m_direct : facts.text(HitText::Referrer);
        return facts.text(HitText::UtmMedium) == 0
                   ? facts.text(HitText::UtmSource)
                   : joined(m_channels, facts.text(HitText::UtmSource), " / ", facts.text(HitText::UtmMedium));
    case Dimension::Campaign:
        return facts.text(HitText::Campaign);
    case Dimension::UtmSource:
        return facts.text(HitText::UtmSource);
    case Dimension::UtmMedium:
        return facts.text(HitText::UtmMedium);
    case Dimension::UtmTerm:
        return facts.text(HitText::UtmTerm);
    case Dimension::UtmContent:
        return facts.text(HitText::UtmContent);
    case Dimension::Destination:
        return facts.text(HitText::Destination);
    case Dimension::Rule:
        return facts.text(HitText::Rule);
    case Dimension::Variant:
        return joined(m_variants, facts.text(HitText::Rule), "/", facts.text(HitText::Variant));
    case Dimension::Status:
        return statusId(facts.status);
    }
    return 0;
}

} // namespace rollups
