// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "backend/protocol/hit_view.h"

namespace protocol {

// The words of the enumerations as they stand in JSON, CSV, filters and the API (lower case, underscores).
// An unknown number becomes "unknown"; an unknown word becomes nothing.
std::string_view word(HitClass value);
std::string_view word(TouchType value);
std::string_view word(DeviceType value);
std::string_view word(HitReason value);   // None = ""
std::string_view word(BotCategory value); // Human = ""

std::optional<HitClass> hitClassFrom(std::string_view word);
std::optional<TouchType> touchTypeFrom(std::string_view word);
std::optional<DeviceType> deviceTypeFrom(std::string_view word);
std::optional<HitReason> hitReasonFrom(std::string_view word);
std::optional<BotCategory> botCategoryFrom(std::string_view word);

// "source / medium" where the UTM values say so, else the referrer's host, else "direct".
std::string channelOf(const HitView& hit);
std::string channelOf(const Hit& hit);

// The nearest time that four digits of a year can say: beyond is a broken clock.
UtcMs sayable(UtcMs time);
// RFC 3339 in UTC with milliseconds, of what is sayable: 2026-03-01T12:00:00.000Z.
std::string rfc3339(UtcMs time);
std::optional<UtcMs> utcMsFrom(std::string_view rfc3339);

// Text from outside made safe to show: invalid UTF-8 becomes U+FFFD; control, bidirectional and line-breaking
// characters become a visible form ("␀", "⟨U+202E⟩"); cut at maxBytes on a character's border.
std::string visibleText(std::string_view text, std::size_t maxBytes);

} // namespace protocol
