// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <vector>

#include "app/pages/report_parts/report_sentences.h"
#include "app/state/connection_status.h"
#include "app/state/links.h"
#include "app/state/restatements.h"

namespace reports {

class RangeBar;

// A page that asks the rollups and shows what they answer. Its owner carries the questions to the backend and brings
// back the answer to the newest of each slot; a slot is a number of the page's own. GUI thread.
class ReportPage : public QWidget {
    Q_OBJECT

public:
    // Slots that every page may use; its reports have numbers from 0.
    static constexpr int hoursSlot = -1, reconciliationSlot = -2, restatementsSlot = -3;

    explicit ReportPage(QWidget* parent = nullptr);

    // The backend's time; until it is told, the machine's own.
    void setClock(const std::function<qint64()>& nowMs) { m_nowMs = nowMs; }
    void setConnection(const state::ConnectionStatus& connection);
    void setZone(const QString& zone);
    virtual void setCatalogue(const std::vector<state::Link>& links);
    // Something was rolled up: asked anew if somebody looks, the later the longer the backend takes to answer.
    void noteRollup();

    virtual void setReport(int slot, const state::ReportPtr& report) = 0;
    virtual void setHours(const state::HoursPtr& hours) = 0;
    virtual void setReconciliation(const state::ReconciliationPtr&) {}
    virtual void setRestatements(const state::RestatementsPtr&) {}
    virtual void setFailed(int slot, const state::Problem& problem) = 0;
    RangeBar* bar() const { return m_bar; }

signals:
    void reportWanted(int slot, const state::ReportQuery& query);
    void hoursWanted(const state::ReportQuery& query);
    void reconciliationWanted(const state::ReportQuery& query);
    void restatementsWanted(const state::ReportQuery& query);

protected:
    // Asks everything that is on show.
    virtual void ask() = 0;
    // Asks what a rollup changes before a reader's eyes; may leave out what costs the backend much.
    virtual void refresh() { ask(); }
    // The report's freshness; and, of an archive's answer that does not cover what was asked, what it does.
    QString freshnessOf(const state::Report& report) const;
    // An answer to the page's largest question came.
    void noteAnswer();
    virtual void showStatus() = 0;
    // Something that is on show was never answered.
    virtual bool isLacking() const = 0;
    qint64 nowMs() const { return m_nowMs(); }
    const state::ConnectionStatus& connection() const { return m_connection; }
    void showEvent(QShowEvent* event) override;

private:
    RangeBar* m_bar;
    std::function<qint64()> m_nowMs;
    state::ConnectionStatus m_connection;
    QTimer m_again;
    QElapsedTimer m_sinceAsked;
};

} // namespace reports
