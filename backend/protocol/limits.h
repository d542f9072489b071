// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

// Every limit that both sides of the wire, or more than one room, must agree on. Bytes unless the name says otherwise.
namespace protocol::limits {

// What a hit may hold; longer text from outside is cut on a character's border.
inline constexpr std::size_t domainBytes = 253;
inline constexpr std::size_t slugBytes = 255;
inline constexpr std::size_t placementBytes = 64;
inline constexpr std::size_t referrerBytes = 253;
inline constexpr std::size_t placeNameBytes = 128;
inline constexpr std::size_t agentNameBytes = 64;
inline constexpr std::size_t utmBytes = 255;
inline constexpr std::size_t destinationBytes = 8192;
inline constexpr std::size_t botReasonBytes = 128;
inline constexpr std::size_t passedOverBytes = 1024;
inline constexpr std::size_t changesPerEdit = 64;
inline constexpr std::size_t changeBytes = 1024; // of a field before and after; longer is cut
inline constexpr std::size_t rulesPerLink = 64;
inline constexpr std::size_t ruleIdBytes = 32;
inline constexpr std::size_t conditionsPerRule = 16;
inline constexpr std::size_t valuesPerCondition = 256;
inline constexpr std::size_t variantsPerRule = 16;

// A link, beside what its hits hold.
inline constexpr std::size_t nameBytes = 64; // of owners, rules, variants and tags
inline constexpr std::size_t notesBytes = 4096;
inline constexpr std::size_t passwordBytes = 256;
inline constexpr std::int64_t clickLimitMax = 1'000'000'000'000;
inline constexpr std::int64_t variantWeightMax = 1'000'000;

// The stream.
inline constexpr std::size_t clientMessageBytes = 64 * 1024;       // console → backend
inline constexpr std::size_t serverMessageBytes = 4 * 1024 * 1024; // backend → console
inline constexpr std::size_t hitsPerFrame = 4096;
inline constexpr std::size_t filterValues = 256; // values over all fields of one stream filter
inline constexpr std::size_t filterValueBytes = 512;
inline constexpr std::size_t filterTextBytes = 4096; // one filter expression
inline constexpr int filterDepth = 64;
inline constexpr std::size_t topListRows = 20;
inline constexpr std::size_t windowCountries = 256;
inline constexpr std::int64_t windowSecondsMin = 60;
inline constexpr std::int64_t windowSecondsDefault = 30 * 60;
inline constexpr std::int64_t windowSecondsMax = 24 * 60 * 60;
inline constexpr int jsonDepth = 16;
inline constexpr int creditFramesMax = 64; // frames a console may leave unacknowledged

// The API.
inline constexpr std::size_t apiBodyBytes = 1024 * 1024;
inline constexpr std::size_t pageItemsMax = 1000;
inline constexpr std::size_t pageItemsDefault = 100;
inline constexpr std::size_t hitsPageMax = 10'000; // hits in one answer of /v1/hits

} // namespace protocol::limits
