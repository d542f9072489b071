// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/report_calls.h"

#include "app/connection/answering.h"
#include "app/connection/report_json.h"

namespace connection {

namespace {
constexpr qint64 reportBytesMax = 32LL * 1024 * 1024; // five series of 20,160 minutes are about 20 MB
constexpr qint64 listBytesMax = 8LL * 1024 * 1024;    // a mark holds a whole edit
constexpr qint64 hoursBytesMax = 1024 * 1024;
} // namespace

void ReportCalls::getReport(quint64 request, const state::ReportQuery& query)
{
    const auto read = [query](const QByteArray& json) { return reportFrom(json, query); };
    m_api.get(QStringLiteral("/v1/reports"), parametersOf(query, ReportForm::Report), "application/json",
              reportBytesMax, answering(m_out, request, read, [this, request](const state::ReportPtr& report) {
                  emit m_out.reportArrived(request, report);
              }));
}

void ReportCalls::getHours(quint64 request, const state::ReportQuery& query)
{
    m_api.get(QStringLiteral("/v1/reports/hours"), parametersOf(query, ReportForm::Hours), "application/json",
              hoursBytesMax, answering(m_out, request, hoursFrom, [this, request](const state::HoursPtr& hours) {
                  emit m_out.hoursArrived(request, hours);
              }));
}

void ReportCalls::getReconciliation(quint64 request, const state::ReportQuery& query)
{
    m_api.get(
        QStringLiteral("/v1/reports/reconciliation"), parametersOf(query, ReportForm::Reconciliation),
        "application/json", reportBytesMax,
        answering(m_out, request, reconciliationFrom, [this, request](const state::ReconciliationPtr& reconciliation) {
            emit m_out.reconciliationArrived(request, reconciliation);
        }));
}

void ReportCalls::getRestatements(quint64 request, const state::ReportQuery& query)
{
    m_api.get(QStringLiteral("/v1/reports/restatements"), parametersOf(query, ReportForm::Restatements),
              "application/json", listBytesMax,
              answering(m_out, request, restatementsFrom, [this, request](const state::RestatementsPtr& restatements) {
                  emit m_out.restatementsArrived(request, restatements);
              }));
}

void ReportCalls::getEditMarks(quint64 request, const state::ReportQuery& query)
{
    m_api.get(QStringLiteral("/v1/edits/marks"), parametersOf(query, ReportForm::EditMarks), "application/json",
              listBytesMax, answering(m_out, request, editMarksFrom, [this, request](const state::EditMarksPtr& marks) {
                  emit m_out.editMarksArrived(request, marks);
              }));
}

} // namespace connection
