// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hit_bytes.h"

#include <array>

#include "backend/storage/sqlite/hit_rows.h"

namespace storage {

using protocol::Hit;

namespace {

constexpr char formatVersion = 1;

void putVarint(std::string& out, std::uint64_t value)
{
    while (value >= 0x80) {
        out += static_cast<char>((value & 0x7f) | 0x80);
        value >>= 7;
    }
    out += static_cast<char>(value);
}

bool takeVarint(std::string_view& bytes, std::uint64_t& value)
{
    value = 0;
    for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= std::uint64_t{byte & 0x7fU} << shift;
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}

} // namespace

void appendHitBytes(std::string& out, const Hit& hit)
{
    out += formatVersion;
    for (const std::uint64_t value :
         {hit.seq.value, static_cast<std::uint64_t>(hit.time.value), std::uint64_t{hit.workspace.value}, hit.link.value,
          hit.visitor.value, static_cast<std::uint64_t>(hit.hitClass), static_cast<std::uint64_t>(hit.reason),
          static_cast<std::uint64_t>(hit.touch), static_cast<std::uint64_t>(hit.device),
          static_cast<std::uint64_t>(hit.botCategory), std::uint64_t{hit.late}, std::uint64_t{hit.status},
          std::uint64_t{hit.ruleVersion}})
        putVarint(out, value);
    for (const auto text : hitTexts) {
        putVarint(out, (hit.*text).size());
        out += hit.*text;
    }
}

std::optional<Hit> hitFromBytes(std::string_view bytes)
{
    if (bytes.empty() || bytes.front() != formatVersion)
        return std::nullopt;
    bytes.remove_prefix(1);
    std::array<std::uint64_t, hitPlainColumns> plain{};
    for (std::uint64_t& value : plain) {
        if (!takeVarint(bytes, value))
            return std::nullopt;
    }
    Hit hit;
    hit.seq = protocol::HitSeq(plain[0]);
    hit.time = protocol::UtcMs(static_cast<std::int64_t>(plain[1]));
    hit.workspace = protocol::WorkspaceId(static_cast<std::uint32_t>(plain[2]));
    hit.link = protocol::LinkId(plain[3]);
    hit.visitor = protocol::VisitorKey(plain[4]);
    hit.hitClass = static_cast<protocol::HitClass>(plain[5]);
    hit.reason = static_cast<protocol::HitReason>(plain[6]);
    hit.touch = static_cast<protocol::TouchType>(plain[7]);
    hit.device = static_cast<protocol::DeviceType>(plain[8]);
    hit.botCategory = static_cast<protocol::BotCategory>(plain[9]);
    hit.late = plain[10] != 0;
    hit.status = static_cast<std::uint16_t>(plain[11]);
    hit.ruleVersion = static_cast<std::uint32_t>(plain[12]);
    for (const auto text : hitTexts) {
        std::uint64_t length = 0;
        if (!takeVarint(bytes, length) || length > bytes.size())
            return std::nullopt;
        hit.*text = bytes.substr(0, length);
        bytes.remove_prefix(length);
    }
    if (!bytes.empty())
        return std::nullopt;
    return hit;
}

std::uint32_t crc32(std::string_view bytes)
{
    static constexpr auto table = [] {
        std::array<std::uint32_t, 256> made{};
        for (std::uint32_t at = 0; at < made.size(); ++at) {
            std::uint32_t value = at;
            for (int bit = 0; bit < 8; ++bit)
                value = (value >> 1) ^ ((value & 1) != 0 ? 0xedb88320U : 0U);
            made[at] = value;
        }
        return made;
    }();
    std::uint32_t crc = 0xffffffffU;
    for (const char byte : bytes)
        crc = (crc >> 8) ^ table[(crc ^ static_cast<unsigned char>(byte)) & 0xff];
    return ~crc;
}

} // namespace storage
