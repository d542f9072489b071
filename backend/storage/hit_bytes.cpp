// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hit_bytes.h"

#include <bit>
#include <cstring>

namespace storage {

using protocol::Hit;
using protocol::VarintReader;

namespace {

constexpr std::uint64_t formatVersion = 1;

// Eight tables, so that eight bytes are taken at a time: byte by byte a hit's checksum took longer than its write.
constexpr std::size_t stride = 8;
constexpr auto crcTables = [] {
    std::array<std::array<std::uint32_t, 256>, stride> made{};
    for (std::uint32_t at = 0; at < 256; ++at) {
        std::uint32_t value = at;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ ((value & 1) != 0 ? 0xedb88320U : 0U);
        made[0][at] = value;
    }
    for (std::size_t table = 1; table < stride; ++table)
        for (std::size_t at = 0; at < 256; ++at)
            made[table][at] = (made[table - 1][at] >> 8) ^ made[0][made[table - 1][at] & 0xff];
    return made;
}();

} // namespace

Hit HitView::hit() const
{
    Hit out;
    out.seq = seq;
    out.time = time;
    out.workspace = workspace;
    out.link = link;
    out.visitor = visitor;
    out.hitClass = hitClass;
    out.reason = reason;
    out.touch = touch;
    out.device = device;
    out.botCategory = botCategory;
    out.late = late;
    out.status = status;
    out.ruleVersion = ruleVersion;
    for (std::size_t at = 0; at < hitTexts.size(); ++at)
        out.*hitTexts[at] = texts[at];
    return out;
}

HitView viewOf(const Hit& hit)
{
    HitView view{hit.seq,   hit.time,   hit.workspace,   hit.link, hit.visitor, hit.hitClass,    hit.reason,
                 hit.touch, hit.device, hit.botCategory, hit.late, hit.status,  hit.ruleVersion, {}};
    for (std::size_t at = 0; at < hitTexts.size(); ++at)
        view.texts[at] = hit.*hitTexts[at];
    return view;
}

void appendHitBytes(std::string& out, const Hit& hit)
{
    for (const std::uint64_t value :
         {formatVersion, hit.seq.value, static_cast<std::uint64_t>(hit.time.value), std::uint64_t{hit.workspace.value},
          hit.link.value, hit.visitor.value, static_cast<std::uint64_t>(hit.hitClass),
          static_cast<std::uint64_t>(hit.reason), static_cast<std::uint64_t>(hit.touch),
          static_cast<std::uint64_t>(hit.device), static_cast<std::uint64_t>(hit.botCategory), std::uint64_t{hit.late},
          std::uint64_t{hit.status}, std::uint64_t{hit.ruleVersion}})
        protocol::putVarint(out, value);
    for (const auto text : hitTexts)
        protocol::putSized(out, hit.*text);
}

bool takeHit(VarintReader& bytes, HitView& hit)
{
    if (bytes.left() == 0)
        return false;
    if (bytes.number() != formatVersion)
        return bytes.bytes(bytes.left() + 1), false; // breaks it: nothing after this can be read
    hit.seq = protocol::HitSeq(bytes.number());
    hit.time = protocol::UtcMs(static_cast<std::int64_t>(bytes.number()));
    hit.workspace = protocol::WorkspaceId(bytes.fitting<std::uint32_t>());
    hit.link = protocol::LinkId(bytes.number());
    hit.visitor = protocol::VisitorKey(bytes.number());
    hit.hitClass = bytes.fitting<protocol::HitClass>();
    hit.reason = bytes.fitting<protocol::HitReason>();
    hit.touch = bytes.fitting<protocol::TouchType>();
    hit.device = bytes.fitting<protocol::DeviceType>();
    hit.botCategory = bytes.fitting<protocol::BotCategory>();
    hit.late = bytes.fitting<bool>();
    hit.status = bytes.fitting<std::uint16_t>();
    hit.ruleVersion = bytes.fitting<std::uint32_t>();
    for (std::string_view& text : hit.texts)
        text = bytes.sized();
    return bytes.isWhole();
}

std::uint32_t crc32(std::string_view bytes)
{
    std::uint32_t crc = 0xffffffffU;
    if constexpr (std::endian::native == std::endian::little) {
        for (; bytes.size() >= stride; bytes.remove_prefix(stride)) {
            std::uint32_t low = 0, high = 0;
            std::memcpy(&low, bytes.data(), 4);
            std::memcpy(&high, bytes.data() + 4, 4);
            low ^= crc;
            crc = crcTables[7][low & 0xff] ^ crcTables[6][(low >> 8) & 0xff] ^ crcTables[5][(low >> 16) & 0xff] ^
                  crcTables[4][low >> 24] ^ crcTables[3][high & 0xff] ^ crcTables[2][(high >> 8) & 0xff] ^
                  crcTables[1][(high >> 16) & 0xff] ^ crcTables[0][high >> 24];
        }
    }
    for (const char byte : bytes)
        crc = (crc >> 8) ^ crcTables[0][(crc ^ static_cast<unsigned char>(byte)) & 0xff];
    return ~crc;
}

} // namespace storage
