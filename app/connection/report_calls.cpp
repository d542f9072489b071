// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/report_calls.h"

#include "app/connection/connection.h"
#include "app/connection/report_json.h"

namespace connection {

namespace {
constexpr qint64 reportBytesMax = 32LL * 1024 * 1024; // five series of 20,160 minutes are about 20 MB
constexpr qint64 hoursBytesMax = 1024 * 1024;
} // namespace

template <typename Read, typename Take> ApiClient::Done ReportCalls::answer(quint64 request, Read read, Take take)
{
    return [this, request, read, take](const Reply& reply) {
        if (reply.problem.isSet())
            return void(emit m_out.failed(request, reply.problem));
        auto value = read(reply.body);
        if (!value)
            return void(emit m_out.failed(request, {0, QStringLiteral("not_json"), {}, {}}));
        take(value);
    };
}

void ReportCalls::getReport(quint64 request, const state::ReportQuery& query)
{
    const auto read = [query](const QByteArray& json) { return reportFrom(json, query); };
    m_api.get(QStringLiteral("/v1/reports"), parametersOf(query, ReportForm::Report), "application/json",
              reportBytesMax, answer(request, read, [this, request](const state::ReportPtr& report) {
                  emit m_out.reportArrived(request, report);
              }));
}

void ReportCalls::getHours(quint64 request, const state::ReportQuery& query)
{
    m_api.get(QStringLiteral("/v1/reports/hours"), parametersOf(query, ReportForm::Hours), "application/json",
              hoursBytesMax, answer(request, hoursFrom, [this, request](const state::HoursPtr& hours) {
                  emit m_out.hoursArrived(request, hours);
              }));
}

void ReportCalls::getReconciliation(quint64 request, const state::ReportQuery& query)
{
    m_api.get(QStringLiteral("/v1/reports/reconciliation"), parametersOf(query, ReportForm::Reconciliation),
              "application/json", reportBytesMax,
              answer(request, reconciliationFrom, [this, request](const state::ReconciliationPtr& reconciliation) {
                  emit m_out.reconciliationArrived(request, reconciliation);
              }));
}

} // namespace connection
