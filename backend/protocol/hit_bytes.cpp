// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/hit_bytes.h"

#include <algorithm>
#include <array>

namespace protocol {

namespace {

constexpr std::uint64_t formatVersion = 1;
constexpr std::size_t bodyNumbers = 12;

std::array<std::uint64_t, bodyNumbers> numbersOf(const HitView& hit)
{
    return {static_cast<std::uint64_t>(hit.time.value),
            hit.workspace.value,
            hit.link.value,
            hit.visitor.value,
            static_cast<std::uint64_t>(hit.hitClass),
            static_cast<std::uint64_t>(hit.reason),
            static_cast<std::uint64_t>(hit.touch),
            static_cast<std::uint64_t>(hit.device),
            static_cast<std::uint64_t>(hit.botCategory),
            std::uint64_t{hit.late},
            hit.status,
            hit.ruleVersion};
}

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

void appendHitHead(std::string& out, HitSeq seq)
{
    putVarint(out, formatVersion);
    putVarint(out, seq.value);
}

void appendHitBody(std::string& out, const HitView& hit)
{
    std::size_t bytesMax = (bodyNumbers + hitTexts.size()) * varintBytesMax;
    for (const std::string_view text : hit.texts)
        bytesMax += text.size();
    const std::size_t before = out.size();
    out.resize(before + bytesMax); // once, not byte by byte
    char* at = out.data() + before;
    for (const std::uint64_t number : numbersOf(hit))
        at = putVarint(at, number);
    for (const std::string_view text : hit.texts) {
        at = putVarint(at, text.size());
        at = std::copy(text.begin(), text.end(), at);
    }
    out.resize(static_cast<std::size_t>(at - out.data()));
}

void appendHitBytes(std::string& out, const Hit& hit)
{
    appendHitHead(out, hit.seq);
    appendHitBody(out, viewOf(hit));
}

bool takeHit(VarintReader& bytes, HitView& hit)
{
    if (bytes.left() == 0)
        return false;
    if (bytes.number() != formatVersion)
        return bytes.bytes(bytes.left() + 1), false; // breaks it: nothing after this can be read
    hit.seq = HitSeq(bytes.number());
    hit.time = UtcMs(static_cast<std::int64_t>(bytes.number()));
    hit.workspace = WorkspaceId(bytes.fitting<std::uint32_t>());
    hit.link = LinkId(bytes.number());
    hit.visitor = VisitorKey(bytes.number());
    hit.hitClass = bytes.fitting<HitClass>();
    hit.reason = bytes.fitting<HitReason>();
    hit.touch = bytes.fitting<TouchType>();
    hit.device = bytes.fitting<DeviceType>();
    hit.botCategory = bytes.fitting<BotCategory>();
    hit.late = bytes.fitting<bool>();
    hit.status = bytes.fitting<std::uint16_t>();
    hit.ruleVersion = bytes.fitting<std::uint32_t>();
    for (std::string_view& text : hit.texts)
        text = bytes.sized();
    return bytes.isWhole();
}

} // namespace protocol
