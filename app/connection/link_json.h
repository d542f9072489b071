// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>

#include <optional>

#include "app/state/trials.h"

// Links, drafts and what becomes of them when they are tried, between the API's JSON and plain values. Bounded as in
// api_reader.h.
namespace connection {

state::Link linkOf(const QJsonObject& object);
protocol::Edit editOf(const QJsonObject& object);
state::Conflict conflictOf(const QJsonObject& problem);

// The fields that the draft names.
QJsonObject objectOf(const state::LinkDraft& draft);
QByteArray jsonOf(const state::LinkDraft& draft);
QByteArray jsonOf(const state::TrialRequest& request);
QByteArray lintJson(const state::LinkDraft& draft);
QByteArray rehearsalJson(const state::LinkDraft& draft, int hits);

std::optional<state::EditPage> editsFrom(const QByteArray& json);
std::optional<state::Simulation> simulationFrom(const QByteArray& json);
std::optional<state::Findings> findingsFrom(const QByteArray& json);
std::optional<state::Rehearsal> rehearsalFrom(const QByteArray& json);
std::optional<QStringList> suggestionsFrom(const QByteArray& json);
std::optional<QList<state::Domain>> domainsFrom(const QByteArray& json);
std::optional<state::Domain> domainFrom(const QByteArray& json);
std::optional<QList<state::Token>> tokensFrom(const QByteArray& json);
// The answer that shows a token's secret, this once.
struct NewToken {
    state::Token token;
    QString secret;
};
std::optional<NewToken> newTokenFrom(const QByteArray& json);

} // namespace connection
