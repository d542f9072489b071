// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/connection/api_client.h"
#include "app/state/restatements.h"

namespace connection {

class Connection;

// The API's calls that ask the rollups. Each answers by one of the Connection's signals, or by failed(). On the
// connection's thread.
class ReportCalls {
public:
    ReportCalls(ApiClient& api, Connection& outward) : m_api(api), m_out(outward) {}

    void getReport(quint64 request, const state::ReportQuery& query);
    void getHours(quint64 request, const state::ReportQuery& query);
    void getReconciliation(quint64 request, const state::ReportQuery& query);
    void getRestatements(quint64 request, const state::ReportQuery& query);
    void getEditMarks(quint64 request, const state::ReportQuery& query);

private:
    ApiClient& m_api;
    Connection& m_out;
};

} // namespace connection
