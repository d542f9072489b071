// SPDX-License-Identifier: GPL-3.0-or-later
// The console's window against the real backend: a link is steered, and the next click shows it.
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QTest>

#include "app/models/hit_table_model.h"
#include "app/pages/imports/import_dialog.h"
#include "app/pages/links/field_row.h"
#include "app/pages/links/history_panel.h"
#include "app/pages/links/link_editor.h"
#include "app/pages/links/links_page.h"
#include "app/pages/links/notice.h"
#include "app/pages/links/rehearsal_panel.h"
#include "app/pages/links/rule_card.h"
#include "app/pages/links/rules_editor.h"
#include "app/pages/links/simulator.h"
#include "app/pages/live/live_page.h"
#include "app/pages/qr_codes/qr_dialog.h"
#include "app/pages/settings/domains_panel.h"
#include "app/pages/settings/edits_panel.h"
#include "app/pages/settings/settings_page.h"
#include "app/pages/settings/tokens_panel.h"
#include "app/shell/live_wiring.h"
#include "app/widgets/charts/velocity_chart.h"
#include "app/widgets/map/world_map.h"
#include "tests/system/console_on_backend.h"

namespace {

constexpr auto browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
                         "Accept-Language: de\r\n";

// A whole console on a backend with one link, localhost/spring.
class Steered : public ConsoleOnBackend {
public:
    explicit Steered(widgets::Appearance& appearance) : ConsoleOnBackend(appearance)
    {
        backend.command({"link", "add", "https://acme.example/old", "--slug", "spring"});
    }
    QByteArray location(const QByteArray& path = "/spring", const QByteArray& headers = browser) const
    {
        for (const QByteArray& line : backend.click(path, headers).split('\n'))
            if (line.toLower().startsWith("location:"))
                return line.mid(9).trimmed();
        return {};
    }
    links::LinksPage& links() const { return window->linksPage(); }
    links::LinkEditor& editor() const { return *links().editor(); }
    QLineEdit* line(const char* field) const
    {
        return editor().form()->row(QString::fromLatin1(field))->findChild<QLineEdit*>();
    }
    QString cell(int row, int column) const { return window->page().model().index(row, column).data().toString(); }
};

} // namespace

class ConsoleLinksTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void aDestinationIsMendedAndUndone();
    void aRuleIsMadeLive();
    void aDraftIsTriedLintedAndRehearsed();
    void anotherConsolesEditArrives();
    void aMissBecomesALink();
    void withoutABackendStartingOverLosesNothing();
    void settingsAreReadAndChanged();
    void linksAreImportedAndGetTheirCodes();

private:
    std::unique_ptr<widgets::Appearance> m_appearance;
};

void ConsoleLinksTest::initTestCase()
{
    widgets::chooseGraphics(true);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_appearance = std::make_unique<widgets::Appearance>(*qApp);
    m_appearance->setScheme(widgets::Scheme::Dark);
}

void ConsoleLinksTest::aDestinationIsMendedAndUndone()
{
    Steered console(*m_appearance);
    QVERIFY2(console.start(), qPrintable(console.backend.error()));
    QTRY_COMPARE(console.links().model().rowCount(), 1);
    QCOMPARE(console.location(), QByteArray("https://acme.example/old"));
    QTRY_COMPARE(console.window->page().model().rowCount(), 1);

    console.window->showPage(shell::MainWindow::Links);
    console.links().openAddress(QStringLiteral("localhost/spring"));
    console.line("destination")->setText(QStringLiteral("https://acme.example/new"));
    console.editor().save();
    QVERIFY(console.editor().notice()->text().contains(QStringLiteral("old \u2192 https://acme.example/new")));
    console.editor().save();
    QTRY_VERIFY2(console.editor().notice()->text().contains(QStringLiteral("Saved")),
                 qPrintable(console.editor().notice()->text()));
    QCOMPARE(console.location(), QByteArray("https://acme.example/new")); // the very next one
    QCOMPARE(console.editor().base().version, 2U);
    QTRY_COMPARE(console.window->page().model().rowCount(), 2);
    QCOMPARE(console.cell(0, models::HitTableModel::Destination), QStringLiteral("https://acme.example/new"));
    console.picture(QStringLiteral("steer_editor"));

    // The chart carries the mark, which tells who changed what.
    const auto* chart = console.window->page().findChild<widgets::VelocityChart*>();
    QVERIFY(chart);
    QTRY_COMPARE(chart->marks().size(), 1);
    QVERIFY(chart->marks().first().details.join(QLatin1Char(' ')).contains(QStringLiteral("https://acme.example/new")));
    QCOMPARE(chart->marks().first().key, console.editor().linkId());

    QVERIFY(console.editor().notice()->press(QStringLiteral("Undo")));
    QTRY_VERIFY(console.editor().notice()->text().contains(QStringLiteral("Undone")));
    QCOMPARE(console.location(), QByteArray("https://acme.example/old"));
    QCOMPARE(console.line("destination")->text(), QStringLiteral("https://acme.example/old"));
    QTRY_COMPARE(chart->marks().size(), 2);
    console.links().showTrial(2);
    QTRY_VERIFY(console.links().history()->lines().join(QLatin1Char('\n')).contains(QStringLiteral("Undone")));
    console.picture(QStringLiteral("steer_history"));
}

void ConsoleLinksTest::aRuleIsMadeLive()
{
    Steered console(*m_appearance);
    QVERIFY2(console.start(), qPrintable(console.backend.error()));
    QTRY_COMPARE(console.links().model().rowCount(), 1);
    console.location();
    QTRY_COMPARE(console.window->page().model().rowCount(), 1);

    console.window->showPage(shell::MainWindow::Links);
    console.links().openAddress(QStringLiteral("localhost/spring"));
    state::Rule rule;
    rule.id = QStringLiteral("r1");
    rule.name = QStringLiteral("German");
    rule.conditions = {{QStringLiteral("language"), false, {QStringLiteral("de")}}};
    rule.variants = {{{}, QStringLiteral("https://acme.example/de"), 1}};
    console.editor().rules()->setRules({rule});
    emit console.editor().rules()->edited();
    console.editor().showRules(true);
    console.editor().save();
    console.editor().save();
    QTRY_VERIFY2(console.editor().notice()->text().contains(QStringLiteral("Saved")),
                 qPrintable(console.editor().notice()->text()));
    QCOMPARE(console.location(), QByteArray("https://acme.example/de"));
    QTRY_COMPARE(console.window->page().model().rowCount(), 2);
    const auto hit = console.window->page().model().hitAt(0);
    QCOMPARE(hit->rule, std::string("r1"));
    QCOMPARE(hit->ruleVersion, 2U); // the link's version in which the rule came
}

void ConsoleLinksTest::aDraftIsTriedLintedAndRehearsed()
{
    constexpr auto french = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
                            "Accept-Language: fr\r\n";
    Steered console(*m_appearance);
    QVERIFY2(console.start(), qPrintable(console.backend.error()));
    QTRY_COMPARE(console.links().model().rowCount(), 1);
    for (int i = 0; i < 20; ++i)
        console.location("/spring", i % 4 == 0 ? browser : french);
    QTRY_COMPARE(console.window->page().model().rowCount(), 20);

    console.window->showPage(shell::MainWindow::Links);
    console.links().openAddress(QStringLiteral("localhost/spring"));
    state::Rule rule;
    rule.id = QStringLiteral("r1");
    rule.name = QStringLiteral("German");
    rule.conditions = {{QStringLiteral("language"), false, {QStringLiteral("de")}}};
    rule.variants = {{{}, QStringLiteral("https://acme.example/de"), 1}};
    state::Rule shadowed = rule;
    shadowed.id = QStringLiteral("r2");
    shadowed.name = QStringLiteral("German again");
    console.editor().rules()->setRules({rule, shadowed});
    emit console.editor().rules()->edited();
    console.editor().showRules(true);
    QTRY_VERIFY(!console.editor().rules()->card(1)->findings().isEmpty());

    console.links().simulator()->setField(QStringLiteral("language"), QStringLiteral("de"));
    QTRY_VERIFY2(console.links().simulator()->verdict().contains(QStringLiteral("“German”")),
                 qPrintable(console.links().simulator()->verdict()));
    console.picture(QStringLiteral("steer_simulator"));
    console.links().showTrial(1);
    console.links().rehearsal()->rehearse();
    QTRY_VERIFY2(console.links().rehearsal()->summary().contains(QStringLiteral("5 would go elsewhere")),
                 qPrintable(console.links().rehearsal()->summary()));
    console.picture(QStringLiteral("steer_rehearsal"));

    QCOMPARE(console.location(), QByteArray("https://acme.example/old")); // nothing of it is live
}

void ConsoleLinksTest::anotherConsolesEditArrives()
{
    Steered console(*m_appearance);
    QVERIFY2(console.start(), qPrintable(console.backend.error()));
    QTRY_COMPARE(console.links().model().rowCount(), 1);
    console.links().openAddress(QStringLiteral("localhost/spring"));
    console.backend.request("PATCH", QStringLiteral("/v1/links/1"), console.backend.token(),
                            R"({"destination":"https://acme.example/theirs"})");
    QTRY_COMPARE(console.line("destination")->text(), QStringLiteral("https://acme.example/theirs"));

    // Now both at once: the second to save is told, and puts his on top.
    console.line("campaign")->setText(QStringLiteral("mine"));
    console.backend.request("PATCH", QStringLiteral("/v1/links/1"), console.backend.token(), R"({"notes":"theirs"})");
    QTRY_VERIFY2(console.editor().notice()->text().contains(QStringLiteral("while you were editing")),
                 qPrintable(console.editor().notice()->text()));
    QVERIFY(console.editor().notice()->press(QStringLiteral("Put mine on top")));
    QTRY_VERIFY(console.editor().notice()->text().contains(QStringLiteral("at once")));
    console.editor().save();
    QTRY_VERIFY(console.editor().notice()->text().contains(QStringLiteral("Saved")));
    QCOMPARE(console.editor().base().campaign, QStringLiteral("mine"));
    QCOMPARE(console.editor().base().notes, QStringLiteral("theirs"));
}

void ConsoleLinksTest::aMissBecomesALink()
{
    Steered console(*m_appearance);
    QVERIFY2(console.start(), qPrintable(console.backend.error()));
    QTRY_COMPARE(console.links().model().rowCount(), 1);
    console.location("/sprng");
    QTRY_COMPARE(console.window->page().model().rowCount(), 1);
    emit console.window->page().createRequested(QStringLiteral("localhost"), QStringLiteral("sprng"));
    QCOMPARE(console.window->shownPage(), shell::MainWindow::Links);
    console.line("destination")->setText(QStringLiteral("https://acme.example/made"));
    console.editor().save();
    QTRY_VERIFY2(console.editor().notice()->text().contains(QStringLiteral("Made")),
                 qPrintable(console.editor().notice()->text()));
    QCOMPARE(console.location("/sprng"), QByteArray("https://acme.example/made"));
    QTRY_COMPARE(console.links().model().rowCount(), 2);
    // A destination that the backend alone can refuse is refused at its field.
    console.line("fallback")->setText(QStringLiteral("javascript:alert(1)"));
    console.editor().save();
    console.editor().save();
    QTRY_VERIFY(!console.editor().form()->row(QStringLiteral("fallback"))->problem().isEmpty());
}

void ConsoleLinksTest::settingsAreReadAndChanged()
{
    Steered console(*m_appearance);
    QVERIFY2(console.start(), qPrintable(console.backend.error()));
    QTRY_COMPARE(console.links().model().rowCount(), 1);
    console.window->showPage(shell::MainWindow::SettingsOf);
    settings::SettingsPage& page = console.window->settingsPage();
    emit page.domainAddRequested(QStringLiteral("links.acme.example"));
    QTRY_VERIFY2(page.domains()->said().contains(QStringLiteral("links.acme.example is pending")),
                 qPrintable(page.domains()->said()));
    emit page.domainAddRequested(QStringLiteral("not a host"));
    QTRY_VERIFY(page.domains()->said().contains(QStringLiteral("letters, digits")));
    emit page.tokenCreateRequested(QStringLiteral("maria"), QStringLiteral("operator"));
    QTRY_VERIFY(!page.tokens()->secret().isEmpty());
    QTRY_VERIFY(page.edits()->lines().join(QLatin1Char('\n')).contains(QStringLiteral("links.acme.example")));
    console.picture(QStringLiteral("steer_settings"));
}

void ConsoleLinksTest::linksAreImportedAndGetTheirCodes()
{
    Steered console(*m_appearance);
    QVERIFY2(console.start(), qPrintable(console.backend.error()));
    QTRY_COMPARE(console.links().model().rowCount(), 1);
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("bitly.csv")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("Link,Title,Destination URL\nhttps://localhost/shoes,Shoes,https://acme.example/shoes\n"
               "https://localhost/hats,Hats,https://acme.example/hats\nhttps://localhost/x,X,nonsense\n");
    file.close();
    console.window->showPage(shell::MainWindow::Links);
    emit console.links().importRequested();
    auto* import = console.window->findChild<imports::ImportDialog*>();
    QVERIFY(import);
    import->setFile(file.fileName());
    QTRY_VERIFY2(import->canImport(), qPrintable(import->verdict()));
    QVERIFY(import->verdict().startsWith(QStringLiteral("Bitly, 3 rows: 2 links would be made, 1 refused")));
    QCOMPARE(console.links().model().rowCount(), 1);
    import->startImport();
    QTRY_VERIFY2(import->verdict().contains(QStringLiteral("2 links made")), qPrintable(import->verdict()));
    // The list has them without being asked.
    QTRY_COMPARE(console.links().model().rowCount(), 3);
    import->close();
    // The code of one, as a scanner would ask for it, is a scan from that placement.
    emit console.window->page().codesRequested(QStringLiteral("localhost/shoes"));
    auto* codes = console.window->findChild<qr_codes::QrDialog*>();
    QVERIFY(codes);
    codes->setPlacements({QStringLiteral("poster a")});
    QVERIFY2(codes->canSave(), qPrintable(codes->verdict()));
    const QUrl scan(codes->scanAddress(), QUrl::StrictMode);
    QCOMPARE(scan.port(), static_cast<int>(console.backend.redirectPort()));
    QCOMPARE(console.location(scan.path(QUrl::FullyEncoded).toUtf8() + '?' + scan.query(QUrl::FullyEncoded).toUtf8()),
             QByteArray("https://acme.example/shoes"));
    QTRY_COMPARE(console.window->page().model().rowCount(), 1);
    const auto hit = console.window->page().model().hitAt(0);
    QVERIFY(hit && hit->touch == protocol::TouchType::Qr);
    QCOMPARE(hit->placement, "poster a");
}

void ConsoleLinksTest::withoutABackendStartingOverLosesNothing()
{
    Steered console(*m_appearance);
    QVERIFY2(console.start(), qPrintable(console.backend.error()));
    QTRY_COMPARE(console.links().model().rowCount(), 1);
    console.location();
    QTRY_COMPARE(console.window->page().model().rowCount(), 1);
    console.backend.kill();
    QTRY_COMPARE(console.state.connection().phase, state::Phase::Offline);
    emit console.window->page().startOverRequested();
    QVERIFY2(console.backend.start(), qPrintable(console.backend.error()));
    QTRY_COMPARE(console.state.connection().phase, state::Phase::Live);
    QCOMPARE(console.window->page().model().rowCount(), 1);
    QCOMPARE(console.state.counters().received, 1U); // what was there stayed: nothing came again
    emit console.window->page().startOverRequested();
    QTRY_COMPARE(console.state.connection().phase, state::Phase::Live);
    QTRY_COMPARE(console.window->page().model().rowCount(), 1);
}

QTEST_MAIN(ConsoleLinksTest)
#include "tst_console_links.moc"
