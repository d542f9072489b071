// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/state/trials.h"

// Believable links and answers of the backend for the Links page's tests.
namespace samples {

inline state::Link link(quint64 id, const QString& slug, const QString& campaign = QStringLiteral("spring-launch"))
{
    state::Link link;
    link.id = id;
    link.version = 3;
    link.domain = QStringLiteral("go.acme.example");
    link.slug = slug;
    link.destination = QStringLiteral("https://shop.acme.example/") + slug;
    link.state = QStringLiteral("active");
    link.status = 302;
    link.campaign = campaign;
    link.tags = {QStringLiteral("launch")};
    link.utm = {QStringLiteral("newsletter"), QStringLiteral("email"), campaign, {}, {}};
    return link;
}

inline state::Rule rule(const QString& id, const QString& name, const QStringList& countries,
                        const QString& destination)
{
    state::Rule rule;
    rule.id = id;
    rule.name = name;
    rule.version = 3;
    rule.conditions = {{QStringLiteral("country"), false, countries}};
    rule.variants = {{{}, destination, 1}};
    return rule;
}

inline std::vector<state::Link> links()
{
    std::vector<state::Link> all;
    state::Link spring = link(7, QStringLiteral("spring"));
    spring.rules = {rule(QStringLiteral("r1"), QStringLiteral("Germany"), {QStringLiteral("DE"), QStringLiteral("AT")},
                         QStringLiteral("https://shop.acme.example/de/spring")),
                    rule(QStringLiteral("r2"), QStringLiteral("Phones"), {QStringLiteral("DE")},
                         QStringLiteral("https://m.acme.example/spring"))};
    spring.rules[1].variants = {{QStringLiteral("a"), QStringLiteral("https://m.acme.example/a"), 1},
                                {QStringLiteral("b"), QStringLiteral("https://m.acme.example/b"), 3}};
    all.push_back(spring);
    state::Link paused = link(8, QStringLiteral("sneak-peek"));
    paused.state = QStringLiteral("paused");
    all.push_back(paused);
    all.push_back(link(9, QStringLiteral("runners"), QStringLiteral("always-on")));
    state::Link limited = link(10, QStringLiteral("box"), QStringLiteral("always-on"));
    limited.clickLimit = 500;
    limited.clicks = 123;
    limited.tags = {QStringLiteral("print"), QStringLiteral("packaging")};
    all.push_back(limited);
    return all;
}

inline state::Simulation simulation()
{
    state::Simulation result;
    result.decision.kind = QStringLiteral("redirect");
    result.decision.status = 302;
    result.decision.location = QStringLiteral("https://shop.acme.example/de/spring?utm_source=newsletter");
    result.decision.rule = QStringLiteral("r1");
    result.decision.ruleName = QStringLiteral("Germany");
    for (const char* code : {"reserved_path", "domain_known", "domain_ready", "slug_known", "not_deleted",
                             "not_expired", "not_paused", "rules"})
        result.steps.append({QString::fromLatin1(code), QStringLiteral("ok"), {}});
    result.steps.append({QStringLiteral("deep_link"), QStringLiteral("skipped"), {}});
    state::TriedRule first;
    first.id = QStringLiteral("r0");
    first.name = QStringLiteral("Americas");
    first.conditions = {{{QStringLiteral("country"), false, {QStringLiteral("US")}}, false, QStringLiteral("DE")}};
    state::TriedRule second;
    second.id = QStringLiteral("r1");
    second.name = QStringLiteral("Germany");
    second.holds = second.decided = true;
    second.conditions = {{{QStringLiteral("country"), false, {QStringLiteral("DE")}}, true, QStringLiteral("DE")}};
    result.rules = {first, second};
    return result;
}

inline state::Rehearsal rehearsal()
{
    state::Rehearsal result;
    result.tried = 1000;
    result.same = 700;
    result.changed = 250;
    result.unknown = 50;
    result.why = {{QStringLiteral("address"), 30}, {QStringLiteral("no_visitor"), 20}};
    result.groups = {{{QStringLiteral("https://shop.acme.example/spring"), {}, {}},
                      {QStringLiteral("https://shop.acme.example/de/spring"), QStringLiteral("r1"), {}},
                      250},
                     {{QStringLiteral("https://shop.acme.example/spring"), {}, {}},
                      {QStringLiteral("https://shop.acme.example/spring"), {}, {}},
                      700}};
    for (quint64 i = 0; i < 12; ++i)
        result.samples.append({100 + i, 1'772'366'400'000 + static_cast<qint64>(i) * 1000, QStringLiteral("DE"),
                               QStringLiteral("mobile"), QStringLiteral("de"), result.groups[0].before,
                               result.groups[0].after});
    return result;
}

} // namespace samples
