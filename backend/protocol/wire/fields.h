// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/protocol/limits.h"
#include "backend/protocol/messages.h"
#include "backend/protocol/wire/window_fields.h"

// The one description of what stands in every message: names, order and limits, for both encodings and both directions.
// A visitor is called as visit(name, member) or, for members with a limit of their own, visit(name, member, limit);
// visit.maybe(…) marks members that are left out while they are empty.
namespace protocol::wire {

template <class T> inline constexpr std::string_view typeName{};
template <> inline constexpr std::string_view typeName<Hello> = "hello";
template <> inline constexpr std::string_view typeName<Subscribe> = "subscribe";
template <> inline constexpr std::string_view typeName<Subscribed> = "subscribed";
template <> inline constexpr std::string_view typeName<Frame> = "frame";
template <> inline constexpr std::string_view typeName<Credit> = "credit";
template <> inline constexpr std::string_view typeName<SessionStatus> = "status";
template <> inline constexpr std::string_view typeName<Ping> = "ping";
template <> inline constexpr std::string_view typeName<Window> = "window";
template <> inline constexpr std::string_view typeName<Watermark> = "watermark";
template <> inline constexpr std::string_view typeName<Edit> = "edit";
template <> inline constexpr std::string_view typeName<Alert> = "alert";
template <> inline constexpr std::string_view typeName<Bye> = "bye";

template <class V, Is<Hello> M> void fields(V& visit, M& m)
{
    visit("server", m.server);
    visit("dataId", m.dataId);
    visit("workspace", m.workspace);
    visit("plan", m.plan);
    visit("privacy", m.privacy);
    visit("zone", m.zone);
    visit("role", m.role);
    visit("lastSeq", m.lastSeq);
    visit("firstSeq", m.firstSeq);
    visit("time", m.time);
    visit("creditFrames", m.creditFrames);
}

template <class V, Is<StreamFilter> M> void fields(V& visit, M& m)
{
    visit.maybe("links", m.links, limits::filterValues);
    visit.maybe("domains", m.domains, limits::filterValues);
    visit.maybe("campaigns", m.campaigns, limits::filterValues);
    visit.maybe("countries", m.countries, limits::filterValues);
    visit.maybe("touches", m.touches, limits::filterValues);
    visit.maybe("classes", m.classes, limits::filterValues);
    visit.maybe("devices", m.devices, limits::filterValues);
    visit.maybe("bot", m.bot);
}

template <class V, Is<Subscribe> M> void fields(V& visit, M& m)
{
    visit("id", m.id);
    visit("filter", m.filter);
    visit.maybe("cursor", m.cursor);
    visit("windowSeconds", m.windowSeconds);
}

template <class V, Is<Subscribed> M> void fields(V& visit, M& m)
{
    visit("id", m.id);
    visit("from", m.from);
}

template <class V, Is<Frame> M> void fields(V& visit, M& m)
{
    visit("first", m.first);
    visit("last", m.last);
    visit("dropped", m.dropped);
    visit("lagMs", m.lagMs);
    visit("resumed", m.resumed);
    visit("hits", m.hits, limits::hitsPerFrame);
}

template <class V, Is<Credit> M> void fields(V& visit, M& m)
{
    visit("frames", m.frames);
}

template <class V, Is<SessionStatus> M> void fields(V& visit, M& m)
{
    visit("sentHits", m.sentHits);
    visit("droppedHits", m.droppedHits);
    visit("lastSeq", m.lastSeq);
    visit("time", m.time);
    visit("echo", m.echo);
    visit("lateHits", m.lateHits);
    visit("lostHits", m.lostHits);
}

template <class V, Is<Ping> M> void fields(V& visit, M& m)
{
    visit("echo", m.echo);
}

template <class V, Is<Window> M> void fields(V& visit, M& m)
{
    fields(visit, m.aggregate);
}

template <class V, Is<Watermark> M> void fields(V& visit, M& m)
{
    visit("seq", m.seq);
    visit("time", m.time);
    visit("lastSeq", m.lastSeq);
    visit("rolledAt", m.rolledAt);
    visit("intervalSeconds", m.intervalSeconds);
}

template <class V, Is<EditChange> M> void fields(V& visit, M& m)
{
    visit("field", m.field);
    visit("before", m.before, limits::changeBytes);
    visit("after", m.after, limits::changeBytes);
}

template <class V, Is<Edit> M> void fields(V& visit, M& m)
{
    visit("id", m.id);
    visit("time", m.time);
    visit("what", m.what);
    visit("subject", m.subject);
    visit("actor", m.actor);
    visit("link", m.link);
    visit("version", m.version);
    visit("changes", m.changes, limits::changesPerEdit);
}

template <class V, Is<Alert> M> void fields(V& visit, M& m)
{
    visit("id", m.id);
    visit("state", m.state);
    visit("time", m.time);
    visit("rule", m.rule);
    visit("subject", m.subject);
}

template <class V, Is<Bye> M> void fields(V& visit, M& m)
{
    visit("reason", m.reason);
    visit("field", m.field);
    visit("limit", m.limit);
}

} // namespace protocol::wire
