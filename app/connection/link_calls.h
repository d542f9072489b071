// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "app/connection/api_client.h"
#include "app/state/imports.h"
#include "app/state/trials.h"

namespace connection {

class Connection;

// The API's calls that steer: links saved, undone and tried; domains, tokens and the log of edits. Each answers by one
// of the Connection's signals, or by failed(). On the connection's thread.
class LinkCalls {
public:
    LinkCalls(ApiClient& api, Connection& outward) : m_api(api), m_out(outward) {}

    void save(quint64 request, const state::LinkDraft& draft);
    void undo(quint64 request, quint64 link);
    void getOne(quint64 request, quint64 link);
    void find(quint64 request, const LinkSearch& search);
    void getSuggestions(quint64 request, const QString& domain, const QString& slug);
    void getEdits(quint64 request, quint64 link, qint64 sinceMs);
    void simulate(quint64 request, const state::TrialRequest& trial);
    void lint(quint64 request, const state::LinkDraft& draft);
    void rehearse(quint64 request, const state::LinkDraft& draft, int hits);
    void getDomains(quint64 request);
    void addDomain(quint64 request, const QString& host);
    void verifyDomain(quint64 request, quint64 domain);
    void getTokens(quint64 request);
    void createToken(quint64 request, const QString& name, const QString& role);
    void revokeToken(quint64 request, quint64 token);
    void importFile(quint64 request, const state::ImportRequest& asked);
    void cancelImport() { m_api.cancelUpload(); }

private:
    ApiClient::Done answerLink(quint64 request);
    ApiClient::Done answerDomain(quint64 request);

    ApiClient& m_api;
    Connection& m_out;
};

} // namespace connection
