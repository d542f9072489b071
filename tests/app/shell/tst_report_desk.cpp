// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "app/pages/report_parts/range_bar.h"
#include "app/pages/report_parts/report_page.h"
#include "app/shell/report_desk.h"
#include "tests/app/connection/console_under_test.h"
#include "tests/app/connection/fake_backend.h"

namespace {

// A page that only notes what it is told.
class NotingPage : public reports::ReportPage {
public:
    void setReport(int slot, const state::ReportPtr& report) override { told.append({slot, report->query.by}); }
    void setHours(const state::HoursPtr&) override { told.emplaceBack(hoursSlot, QString()); }
    void setFailed(int slot, const state::Problem& problem) override { told.append({slot, problem.code}); }

    QList<std::pair<int, QString>> told;

protected:
    void ask() override {}
    void showStatus() override {}
    bool isLacking() const override { return false; }
};

constexpr auto reportJson = R"({"from":"2026-03-01T00:00:00.000Z","to":"2026-03-03T00:00:00.000Z","zone":"UTC",
                                "granularity":"day","totals":{"clicks":1}})";

} // namespace

class TestReportDesk : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_backend = std::make_unique<FakeBackend>();
        m_asked.clear();
        m_backend->http = [this](const FakeBackend::HttpRequest& request) -> FakeBackend::HttpAnswer {
            if (!request.path.startsWith("/v1/reports"))
                return {0, {}, {}, {}};
            m_asked.append(request.query.queryItemValue(QStringLiteral("by")));
            return {m_status,
                    m_status == 200 ? reportJson : R"({"type":"/problems/one-dimension"})",
                    {},
                    "application/json"};
        };
        m_console = std::make_unique<ConsoleUnderTest>();
        m_page = std::make_unique<NotingPage>();
        m_desk = std::make_unique<shell::ReportDesk>(*m_console->connection, m_console->state, *m_page);
        m_console->connection->connectTo(m_backend->url(), QStringLiteral("secret"));
        QTRY_COMPARE(m_console->phase(), state::Phase::Live);
    }
    void cleanup()
    {
        m_desk.reset();
        m_page.reset();
        m_console.reset();
        m_status = 200;
    }

    void theNewestQuestionIsAnsweredAndFewAreAsked()
    {
        for (int i = 0; i < 50; ++i) {
            state::ReportQuery query;
            query.by = QStringLiteral("n%1").arg(i);
            emit m_page->reportWanted(3, query);
        }
        QTRY_COMPARE(m_page->told.size(), 1);
        QCOMPARE(m_page->told[0], std::pair(3, QStringLiteral("n49")));
        QCOMPARE(m_asked, (QStringList{QStringLiteral("n0"), QStringLiteral("n49")}));
    }

    void slotsDoNotWaitForEachOther()
    {
        for (int slot = 0; slot < 6; ++slot) {
            state::ReportQuery query;
            query.by = QStringLiteral("s%1").arg(slot);
            emit m_page->reportWanted(slot, query);
        }
        QTRY_COMPARE(m_page->told.size(), 6);
        for (const auto& [slot, by] : m_page->told)
            QCOMPARE(by, QStringLiteral("s%1").arg(slot));
    }

    void aRefusalBelongsToItsSlotAndTheNextQuestionIsAsked()
    {
        m_status = 422;
        state::ReportQuery query;
        emit m_page->reportWanted(1, query);
        QTRY_COMPARE(m_page->told.size(), 1);
        QCOMPARE(m_page->told[0], std::pair(1, QStringLiteral("one_dimension")));
        m_status = 200;
        query.by = QStringLiteral("again");
        emit m_page->reportWanted(1, query);
        QTRY_COMPARE(m_page->told.size(), 2);
        QCOMPARE(m_page->told[1], std::pair(1, QStringLiteral("again")));
    }

private:
    std::unique_ptr<FakeBackend> m_backend;
    std::unique_ptr<ConsoleUnderTest> m_console;
    std::unique_ptr<NotingPage> m_page;
    std::unique_ptr<shell::ReportDesk> m_desk;
    QStringList m_asked;
    int m_status = 200;
};

QTEST_MAIN(TestReportDesk)
#include "tst_report_desk.moc"
