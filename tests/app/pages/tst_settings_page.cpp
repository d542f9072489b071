// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "app/pages/settings/domains_panel.h"
#include "app/pages/settings/edits_panel.h"
#include "app/pages/settings/settings_page.h"
#include "app/pages/settings/tokens_panel.h"
#include "app/widgets/status_panel.h"
#include "app/widgets/theme/appearance.h"

using settings::DomainsPanel;
using settings::SettingsPage;

class tst_SettingsPage : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_appearance = std::make_unique<widgets::Appearance>(*qApp);
        m_appearance->setScheme(widgets::Scheme::Dark);
    }
    void init()
    {
        m_page = std::make_unique<SettingsPage>();
        m_page->resize(1600, 900);
        m_page->setRole(QStringLiteral("admin"));
        m_page->domains()->setDomains(domains());
        m_page->tokens()->setTokens(tokens());
        m_page->edits()->setEdits({edit("link.destination", "maria")});
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }
    void cleanup() { m_page.reset(); }

    void eachDomainSaysInOneSentenceWhetherItRoutes()
    {
        QStringList sentences;
        for (const state::Domain& domain : domains())
            sentences.append(DomainsPanel::sentence(domain));
        for (const QString& sentence : std::as_const(sentences))
            QVERIFY2(sentence.endsWith(QLatin1Char('.')), qPrintable(sentence));
        QCOMPARE(QSet<QString>(sentences.begin(), sentences.end()).size(), sentences.size());
        QVERIFY(sentences[1].contains(QStringLiteral("not ready")));
    }

    void aPendingDomainShowsItsRecordAndIsVerified()
    {
        QSignalSpy verifies(m_page.get(), &SettingsPage::domainVerifyRequested);
        QVERIFY(button(QStringLiteral("Copy the TXT record's value")));
        button(QStringLiteral("Copy the TXT record's value"))->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("clickroom-verify=abc"));
        button(QStringLiteral("Verify links.acme.example"))->click();
        QCOMPARE(verifies.size(), 1);
        QCOMPARE(verifies[0][0].toULongLong(), 3U);
        state::Domain verified = domains()[2];
        verified.state = QStringLiteral("verified");
        m_page->domains()->setAnswer(verified);
        QVERIFY(!button(QStringLiteral("Verify links.acme.example")));
        QVERIFY(m_page->domains()->said().contains(QStringLiteral("links.acme.example")));
    }

    void aTokenIsShownOnceAndRevokedOnlyWhenAskedTwice()
    {
        m_page->tokens()->setCreated({9, QStringLiteral("ci"), QStringLiteral("operator"), 1'772'366'400'000, 0, 0},
                                     QStringLiteral("secret-once"));
        QCOMPARE(m_page->tokens()->secret(), QStringLiteral("secret-once"));
        QSignalSpy revokes(m_page.get(), &SettingsPage::tokenRevokeRequested);
        QTRY_VERIFY(button(QStringLiteral("Revoke the token ci")));
        button(QStringLiteral("Revoke the token ci"))->click();
        QCOMPARE(revokes.size(), 0);
        QTRY_VERIFY(button(QStringLiteral("Revoke the token ci")));
        button(QStringLiteral("Revoke the token ci"))->click();
        QCOMPARE(revokes.size(), 1);
        QCOMPARE(revokes[0][0].toULongLong(), 9U);
    }

    void aViewerIsOfferedNothingThatWouldBeRefused()
    {
        m_page->setRole(QStringLiteral("viewer"));
        QVERIFY(!button(QStringLiteral("Verify links.acme.example")));
        QVERIFY(!button(QStringLiteral("Revoke the token phone")));
        for (const QLineEdit* line : m_page->findChildren<QLineEdit*>())
            QVERIFY2(!line->isVisible(), qPrintable(line->accessibleName()));
    }

    void anEditThatOvertakesTheListIsKept()
    {
        protocol::Edit news = edit("domain.added", "ben");
        news.id = 2;
        news.subject = "new.acme.example";
        m_page->edits()->addEdit(news);
        m_page->edits()->setEdits({edit("link.destination", "maria")}); // asked for before
        QCOMPARE(m_page->edits()->lines().filter(QStringLiteral("new.acme.example")).size(), 1);
        m_page->edits()->setEdits({news, edit("link.destination", "maria")});
        m_page->edits()->addEdit(news); // the list was quicker
        QCOMPARE(m_page->edits()->lines().filter(QStringLiteral("new.acme.example")).size(), 1);
        m_page->edits()->setEdits({news});
        m_page->edits()->setEdits({edit("link.destination", "maria")}); // of another backend
        QCOMPARE(m_page->edits()->lines().filter(QStringLiteral("new.acme.example")).size(), 0);
    }

    void offlineWhatWasKnownStaysAndSaysSo()
    {
        state::ConnectionStatus status;
        status.phase = state::Phase::Offline;
        status.sinceMs = 1'772'366'400'000;
        m_page->setConnection(status);
        m_page->setRole(QStringLiteral("viewer")); // of an archive: nothing can be changed
        m_page->tokens()->setTokens(tokens());
        for (settings::SettingsPanel* panel :
             std::initializer_list<settings::SettingsPanel*>{m_page->domains(), m_page->tokens(), m_page->edits()}) {
            panel->setFailed({0, QStringLiteral("unreachable"), {}, {}});
            QVERIFY(panel->stack()->status());
            QCOMPARE(panel->stack()->status()->state, widgets::PanelState::Offline);
        }
        QCoreApplication::processEvents();
        QVERIFY(m_page->grab().save(beside(QStringLiteral("offline"))));
        QVERIFY(!button(QStringLiteral("Revoke the token phone")));
        status.phase = state::Phase::Live;
        m_page->setConnection(status);
        QVERIFY(!m_page->domains()->stack()->status());
        m_page->tokens()->setTokens({});
        status.phase = state::Phase::Offline;
        m_page->setConnection(status);
        m_page->tokens()->setFailed({0, QStringLiteral("unreachable"), {}, {}});
        QCOMPARE(m_page->tokens()->stack()->status()->title, QStringLiteral("Not connected"));
    }

    void theLogTellsTheNewestFirstAndShowsNoTricks()
    {
        protocol::Edit news = edit("link.destination", "eve\u202e");
        news.id = 2;
        news.changes = {{"destination", "https://a.example/", "<b>https://b.example/</b>"}};
        m_page->edits()->addEdit(news);
        const QStringList lines = m_page->edits()->lines();
        QVERIFY(lines.size() >= 2);
        QVERIFY(!lines[0].contains(QChar(0x202e)));
        QVERIFY2(lines.join(QLatin1Char('\n')).contains(QStringLiteral("<b>https://b.example/</b>")),
                 qPrintable(lines.join(QLatin1Char('\n'))));
        for (const QLabel* label : m_page->findChildren<QLabel*>())
            QCOMPARE(label->textFormat(), Qt::PlainText);
    }

    void pictures()
    {
        QVERIFY(m_page->grab().save(beside(QStringLiteral("dark"))));
        m_appearance->setScheme(widgets::Scheme::Light);
        m_page->resize(1248, 760);
        QCoreApplication::processEvents();
        QVERIFY(m_page->grab().save(beside(QStringLiteral("light"))));
        m_appearance->setScheme(widgets::Scheme::Dark);
    }

private:
    static QString beside(const QString& name)
    {
        return QDir(QCoreApplication::applicationDirPath())
            .filePath(QStringLiteral("settings_") + name + QStringLiteral(".png"));
    }
    static QList<state::Domain> domains()
    {
        return {{1, QStringLiteral("go.acme.example"), QStringLiteral("ready"), {}, {}},
                {2, QStringLiteral("qr.acme.example"), QStringLiteral("verified"), {}, {}},
                {3, QStringLiteral("links.acme.example"), QStringLiteral("pending"),
                 QStringLiteral("_clickroom-verify.links.acme.example"), QStringLiteral("clickroom-verify=abc")}};
    }
    static QList<state::Token> tokens()
    {
        return {{4, QStringLiteral("phone"), QStringLiteral("viewer"), 1'772'366'400'000, 0, 1'772'366'460'000},
                {5, QStringLiteral("old <script>"), QStringLiteral("admin"), 1'772'000'000'000, 1'772'366'400'000, 0}};
    }
    static protocol::Edit edit(const std::string& what, const std::string& actor)
    {
        protocol::Edit edit;
        edit.id = 1;
        edit.time = protocol::UtcMs(1'772'366'400'000);
        edit.what = what;
        edit.actor = actor;
        edit.subject = "go.acme.example/spring";
        edit.changes = {{"destination", "https://a.example/", "https://b.example/"}};
        return edit;
    }
    // The visible one of this name for screen readers; null where there is none.
    QPushButton* button(const QString& name) const
    {
        for (QPushButton* one : m_page->findChildren<QPushButton*>())
            if (one->accessibleName() == name && one->isVisible())
                return one;
        return nullptr;
    }

    std::unique_ptr<widgets::Appearance> m_appearance;
    std::unique_ptr<SettingsPage> m_page;
};

QTEST_MAIN(tst_SettingsPage)
#include "tst_settings_page.moc"
