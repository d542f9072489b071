// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

#include "app/models/link_changes.h"
#include "app/pages/links/field_row.h"
#include "app/pages/links/history_panel.h"
#include "app/pages/links/link_editor.h"
#include "app/pages/links/link_list.h"
#include "app/pages/links/links_page.h"
#include "app/pages/links/notice.h"
#include "app/pages/links/rehearsal_panel.h"
#include "app/pages/links/rule_card.h"
#include "app/pages/links/rules_editor.h"
#include "app/pages/links/simulator.h"
#include "app/pages/links/utm_form.h"
#include "app/pages/links/value_completer.h"
#include "app/widgets/status_panel.h"
#include "app/widgets/theme/appearance.h"
#include "tests/app/pages/link_samples.h"

using links::LinkEditor;
using links::LinksPage;

class tst_LinksPage : public QObject {
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
        m_page = std::make_unique<LinksPage>();
        m_page->resize(1880, 980);
        m_page->setDomains({{1, QStringLiteral("go.acme.example"), QStringLiteral("ready"), {}, {}}});
        m_page->setLinks(samples::links());
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }
    void cleanup() { m_page.reset(); }

    void theListIsSearchedAndSaysSo();
    void aListThatIsCutSaysSoAndAsksTheBackend();
    void aLiveLinkIsChangedOnlyAfterShowingWhat();
    void aSaveIsUndoneByOneButton();
    void aLinkIsDeletedOnlyWhenAskedTwiceAndBroughtBack();
    void aRefusalStandsAtItsField();
    void theSecondOfTwoEditorsIsTold();
    void anEditOfAnothersIsSeenAtOnce();
    void aNewLinkSendsWhatItIs();
    void aPasswordIsSetAndRemoved();
    void destinationsAreCheckedAsTheyAreTyped();
    void nearDuplicatesAreToldApart();
    void rulesAreMovedCopiedAndDeleted();
    void findingsStandAtTheirRule();
    void theSimulatorSaysWhy();
    void theRehearsalSaysWhatIsUnknown();
    void theHistoryTellsBeforeAndAfter();
    void aViewerSeesNoButtonThatWouldBeRefused();
    void valuesWithCommasStayWhole();
    void pictures();

private:
    LinkEditor& editor() { return *m_page->editor(); }
    QLineEdit* line(const QString& field) { return editor().form()->row(field)->findChild<QLineEdit*>(); }
    bool press(const QString& text)
    {
        const bool found = editor().notice()->press(text);
        QCoreApplication::processEvents(); // an answer acts once its button is done
        return found;
    }
    // Layouts are laid out anew by events, and some of those by others.
    static void settle()
    {
        for (int i = 0; i < 5; ++i)
            QCoreApplication::processEvents();
    }
    static QString beside(const QString& name)
    {
        return QDir(QCoreApplication::applicationDirPath())
            .filePath(QStringLiteral("links_") + name + QStringLiteral(".png"));
    }

    std::unique_ptr<widgets::Appearance> m_appearance;
    std::unique_ptr<LinksPage> m_page;
};

void tst_LinksPage::theListIsSearchedAndSaysSo()
{
    QCOMPARE(m_page->model().rowCount(), 4);
    m_page->list()->search()->setText(QStringLiteral("packaging ALWAYS"));
    QCOMPARE(m_page->model().rowCount(), 1);
    QCOMPARE(m_page->model().index(0, models::LinkTableModel::Address).data().toString(),
             QStringLiteral("go.acme.example/box"));
    m_page->list()->search()->setText(QStringLiteral("nothing at all"));
    QCOMPARE(m_page->list()->stack()->status()->state, widgets::PanelState::Filtered);
    m_page->list()->clearFilter();
    QCOMPARE(m_page->model().rowCount(), 4);
    QVERIFY(!m_page->list()->stack()->status());
    QCOMPARE(m_page->model().index(3, models::LinkTableModel::Rules).data().toString(), QStringLiteral("2"));
}

void tst_LinksPage::aListThatIsCutSaysSoAndAsksTheBackend()
{
    QSignalSpy searches(m_page.get(), &LinksPage::searchRequested);
    m_page->list()->search()->setText(QStringLiteral("autumn"));
    QCOMPARE(m_page->model().rowCount(), 0);
    m_page->setLinks(samples::links(), true);
    m_page->list()->search()->setText(QStringLiteral("autumn leaves"));
    QTRY_COMPARE(searches.size(), 1); // and none while all were listed
    QCOMPARE(searches[0][0].value<models::LinkFilter>().text, QStringLiteral("autumn leaves"));
    state::Link found = samples::link(70'000, QStringLiteral("autumn-leaves"));
    m_page->addLinks({found, samples::link(7, QStringLiteral("spring"))});
    QCOMPARE(m_page->model().links().size(), samples::links().size() + 1);
    QCOMPARE(m_page->model().rowCount(), 1);
    m_page->openLink(70'000);
    QCOMPARE(editor().base().slug, QStringLiteral("autumn-leaves"));
}

void tst_LinksPage::aLiveLinkIsChangedOnlyAfterShowingWhat()
{
    QSignalSpy saves(m_page.get(), &LinksPage::saveRequested);
    m_page->openLink(7);
    QVERIFY(!editor().isDirty());
    line(QStringLiteral("destination"))->setText(QStringLiteral("https://shop.acme.example/summer"));
    QVERIFY(editor().isDirty());
    QTest::keyClick(line(QStringLiteral("destination")), Qt::Key_S, Qt::ControlModifier);
    QCOMPARE(saves.size(), 0);
    QVERIFY2(editor().notice()->text().contains(QStringLiteral(
                 "Destination: https://shop.acme.example/spring \u2192 https://shop.acme.example/summer")),
             qPrintable(editor().notice()->text()));
    QTest::keyClick(line(QStringLiteral("destination")), Qt::Key_S, Qt::ControlModifier);
    QCOMPARE(saves.size(), 1);
    const auto draft = saves[0][0].value<state::LinkDraft>();
    QCOMPARE(draft.fields, QStringList{QStringLiteral("destination")});
    QCOMPARE(draft.expectedVersion, 3U);
    QCOMPARE(draft.link.destination, QStringLiteral("https://shop.acme.example/summer"));
    QVERIFY(editor().isSaving());
}

void tst_LinksPage::aSaveIsUndoneByOneButton()
{
    m_page->openLink(7);
    line(QStringLiteral("destination"))->setText(QStringLiteral("https://shop.acme.example/summer"));
    editor().save();
    editor().save();
    state::Link saved = editor().link();
    saved.version = 4;
    editor().setSaved(saved);
    QVERIFY(!editor().isDirty());
    QVERIFY(editor().notice()->text().contains(QStringLiteral("Saved")));
    QCOMPARE(m_page->model().linkWith(7)->version, 4U);

    QSignalSpy undos(m_page.get(), &LinksPage::undoRequested);
    QVERIFY(press(QStringLiteral("Undo")));
    QCOMPARE(undos.size(), 1);
    QCOMPARE(undos[0][0].toULongLong(), 7U);
    state::Link before = samples::links().front();
    before.version = 5;
    editor().setSaved(before);
    QCOMPARE(line(QStringLiteral("destination"))->text(), QStringLiteral("https://shop.acme.example/spring"));
    QVERIFY(editor().notice()->text().contains(QStringLiteral("Undone")));
}

void tst_LinksPage::aLinkIsDeletedOnlyWhenAskedTwiceAndBroughtBack()
{
    QSignalSpy saves(m_page.get(), &LinksPage::saveRequested);
    const auto drafted = [&saves] { return saves.last().first().value<state::LinkDraft>(); };
    m_page->openLink(7);
    editor().remove();
    QVERIFY(editor().notice()->text().contains(QStringLiteral("410")));
    QVERIFY(press(QStringLiteral("Keep it")));
    QCOMPARE(saves.size(), 0);

    editor().remove();
    QVERIFY(press(QStringLiteral("Delete the link")));
    QCOMPARE(saves.size(), 1);
    QCOMPARE(drafted().fields, QStringList{QStringLiteral("state")});
    QCOMPARE(drafted().link.state, QStringLiteral("deleted"));
    state::Link deleted = samples::links().front();
    deleted.state = QStringLiteral("deleted");
    deleted.version = 4;
    editor().setSaved(deleted);
    QVERIFY(editor().notice()->text().contains(QStringLiteral("Deleted")));

    editor().remove(); // what is deleted is brought back, without a question
    QCOMPARE(saves.size(), 2);
    QCOMPARE(drafted().link.state, QStringLiteral("active"));
}

void tst_LinksPage::aRefusalStandsAtItsField()
{
    m_page->openLink(8); // paused: saved without showing first
    line(QStringLiteral("fallback"))->setText(QStringLiteral("ftp://nowhere.example"));
    editor().save();
    editor().setFailed({422, QStringLiteral("destination_scheme"), {}, QStringLiteral("fallback")});
    QVERIFY(editor().form()->row(QStringLiteral("fallback"))->problem().contains(QStringLiteral("http")));
    QVERIFY(editor().isDirty());
    line(QStringLiteral("fallback"))->setText(QStringLiteral("https://nowhere.example"));
    editor().save();
    QVERIFY(editor().form()->row(QStringLiteral("fallback"))->problem().isEmpty());
    editor().setFailed({422, QStringLiteral("too_many"), {}, QStringLiteral("rules"), 64});
    QVERIFY(editor().notice()->text().contains(QStringLiteral("64")));
}

void tst_LinksPage::theSecondOfTwoEditorsIsTold()
{
    m_page->openLink(8);
    line(QStringLiteral("destination"))->setText(QStringLiteral("https://mine.example/"));
    editor().save();
    state::Conflict conflict;
    conflict.current = *m_page->model().linkWith(8);
    conflict.current.version = 4;
    conflict.current.campaign = QStringLiteral("theirs");
    conflict.changedBy = QStringLiteral("maria");
    conflict.changes = {{"campaign", "spring-launch", "theirs"}};
    state::Problem problem{412, QStringLiteral("version_conflict"), {}, QStringLiteral("If-Match")};
    problem.conflict = std::make_shared<const state::Conflict>(conflict);
    editor().setFailed(problem);
    QVERIFY(editor().notice()->text().contains(QStringLiteral("maria")));
    QVERIFY(editor().notice()->text().contains(QStringLiteral("spring-launch \u2192 theirs")));
    QCOMPARE(line(QStringLiteral("destination"))->text(), QStringLiteral("https://mine.example/"));

    QSignalSpy saves(m_page.get(), &LinksPage::saveRequested);
    QVERIFY(press(QStringLiteral("Put mine on top")));
    QCOMPARE(saves.size(), 1);
    const auto draft = saves[0][0].value<state::LinkDraft>();
    QCOMPARE(draft.expectedVersion, 4U);
    QCOMPARE(draft.fields, QStringList{QStringLiteral("destination")}); // theirs stays
    QCOMPARE(draft.link.campaign, QStringLiteral("theirs"));

    editor().setFailed(problem);
    QVERIFY(press(QStringLiteral("Take theirs")));
    QVERIFY(!editor().isDirty());
    QCOMPARE(line(QStringLiteral("campaign"))->text(), QStringLiteral("theirs"));
}

void tst_LinksPage::anEditOfAnothersIsSeenAtOnce()
{
    m_page->openLink(8);
    protocol::Edit edit;
    edit.id = 1;
    edit.link = protocol::LinkId(8);
    edit.actor = "maria";
    edit.version = 4;
    edit.changes = {{"destination", "https://shop.acme.example/sneak-peek", "https://new.example/"}};
    state::Link changed = *m_page->model().linkWith(8);
    changed.version = 4;
    changed.destination = QStringLiteral("https://new.example/");
    m_page->noteEdit(edit);
    m_page->putLink(changed);
    QCOMPARE(line(QStringLiteral("destination"))->text(), QStringLiteral("https://new.example/"));
    QVERIFY(editor().notice()->text().isEmpty());

    line(QStringLiteral("notes"));
    line(QStringLiteral("campaign"))->setText(QStringLiteral("mine"));
    changed.version = 5;
    changed.destination = QStringLiteral("https://newer.example/");
    m_page->noteEdit(edit);
    m_page->putLink(changed);
    QCOMPARE(line(QStringLiteral("campaign"))->text(), QStringLiteral("mine")); // nothing typed is lost
    QVERIFY(editor().notice()->text().contains(QStringLiteral("maria")));
}

void tst_LinksPage::aNewLinkSendsWhatItIs()
{
    QSignalSpy saves(m_page.get(), &LinksPage::saveRequested);
    m_page->openNew(QStringLiteral("go.acme.example"), QStringLiteral("sprng"));
    QCOMPARE(line(QStringLiteral("slug"))->text(), QStringLiteral("sprng"));
    editor().save();
    QCOMPARE(saves.size(), 0);
    QVERIFY(!editor().form()->row(QStringLiteral("destination"))->problem().isEmpty());
    line(QStringLiteral("destination"))->setText(QStringLiteral("https://shop.acme.example/spring"));
    editor().save();
    QCOMPARE(saves.size(), 1);
    const auto draft = saves[0][0].value<state::LinkDraft>();
    QCOMPARE(draft.link.id, 0U);
    QVERIFY(!draft.key.isEmpty());
    for (const char* field : {"domain", "slug", "destination"})
        QVERIFY2(draft.fields.contains(QLatin1StringView(field)), field);
    QVERIFY(!draft.fields.contains(QStringLiteral("notes")));
    editor().setFailed({0, QStringLiteral("timeout"), {}, {}});
    editor().save(); // the same key: made once, even if the first one got through
    QCOMPARE(saves[1][0].value<state::LinkDraft>().key, draft.key);
    state::Link made = draft.link;
    made.id = 99;
    made.version = 1;
    editor().setSaved(made);
    QCOMPARE(editor().linkId(), 99U);
    QVERIFY(m_page->model().linkWith(99));
}

void tst_LinksPage::aPasswordIsSetAndRemoved()
{
    m_page->openLink(8);
    line(QStringLiteral("password"))->setText(QStringLiteral("open sesame"));
    QCOMPARE(editor().draft().fields, QStringList{QStringLiteral("password")});
    QCOMPARE(editor().draft().password, std::optional(QStringLiteral("open sesame")));
    state::Link guarded = *m_page->model().linkWith(8);
    guarded.hasPassword = true;
    editor().setLink(guarded);
    QVERIFY(line(QStringLiteral("password"))->text().isEmpty()); // never read back
    editor().form()->row(QStringLiteral("password"))->findChild<QPushButton*>()->click();
    QCOMPARE(editor().draft().fields, QStringList{QStringLiteral("password")});
    QVERIFY(!editor().draft().password);
}

void tst_LinksPage::destinationsAreCheckedAsTheyAreTyped()
{
    m_page->openLink(8);
    const auto problemOf = [&](const char* text) {
        line(QStringLiteral("destination"))->setText(QString::fromUtf8(text));
        return editor().form()->row(QStringLiteral("destination"))->problem();
    };
    for (const char* bad : {"", "shop", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://",
                            "https://me:secret@shop.example/", "https://go.acme.example/loop"})
        QVERIFY2(!problemOf(bad).isEmpty(), bad);
    for (const char* good : {"https://shop.example/", "http://shop.example:8080/a?b=c", "myapp://open/spring"})
        QVERIFY2(problemOf(good).isEmpty(), good);
}

void tst_LinksPage::nearDuplicatesAreToldApart()
{
    const QStringList inUse{QStringLiteral("newsletter"), QStringLiteral("spring-launch"), QStringLiteral("cpc")};
    QCOMPARE(models::nearDuplicates(QStringLiteral("Newsletter"), inUse), QStringList{QStringLiteral("newsletter")});
    QCOMPARE(models::nearDuplicates(QStringLiteral("spring_launch"), inUse),
             QStringList{QStringLiteral("spring-launch")});
    QCOMPARE(models::nearDuplicates(QStringLiteral("newsleter"), inUse), QStringList{QStringLiteral("newsletter")});
    QVERIFY(models::nearDuplicates(QStringLiteral("newsletter"), inUse).isEmpty());
    QVERIFY(models::nearDuplicates(QStringLiteral("cpm"), inUse).isEmpty());
    m_page->openLink(8);
    links::UtmForm* utm = editor().form()->utm();
    utm->row(0)->findChild<QLineEdit*>()->setText(QStringLiteral("Newsletter"));
    QVERIFY(utm->row(0)->hint().contains(QStringLiteral("newsletter")));
    QVERIFY(utm->preview().contains(QStringLiteral("utm_source=Newsletter")));
}

void tst_LinksPage::rulesAreMovedCopiedAndDeleted()
{
    m_page->openLink(7);
    links::RulesEditor* rules = editor().rules();
    QCOMPARE(rules->rules(), samples::links().front().rules);
    emit rules->card(1)->moveRequested(-1);
    QCOMPARE(rules->rules()[0].id, QStringLiteral("r2"));
    QCOMPARE(editor().draft().fields, QStringList{QStringLiteral("rules")});
    emit rules->card(0)->duplicateRequested();
    QCOMPARE(rules->rules().size(), 3);
    QCOMPARE(rules->rules()[1].id, QStringLiteral("r3")); // its own, so that findings can name it
    emit rules->card(0)->deleteRequested();
    QCOMPARE(rules->rules().size(), 2);
    rules->addRule();
    QCOMPARE(rules->rules().last().conditions.first().kind, QStringLiteral("country"));
    editor().discard();
    QCOMPARE(rules->rules(), samples::links().front().rules);
}

void tst_LinksPage::findingsStandAtTheirRule()
{
    QSignalSpy lints(m_page.get(), &LinksPage::lintRequested);
    m_page->openLink(7);
    QTRY_COMPARE(lints.size(), 1);
    editor().setFindings(
        {{QStringLiteral("shadowed"), QStringLiteral("warning"), QStringLiteral("r2"), QStringLiteral("r1"), 0}});
    QVERIFY(editor().rules()->card(0)->findings().isEmpty());
    QCOMPARE(editor().rules()->card(1)->findings().size(), 1);
    QVERIFY(editor().rules()->card(1)->findings().first().contains(QStringLiteral("r1")));
}

void tst_LinksPage::theSimulatorSaysWhy()
{
    QSignalSpy asked(m_page.get(), &LinksPage::simulateRequested);
    m_page->openLink(7);
    QTRY_COMPARE(asked.size(), 1);
    m_page->simulator()->setField(QStringLiteral("country"), QStringLiteral("de"));
    QTRY_COMPARE(asked.size(), 2);
    const auto request = asked[1][0].value<state::TrialRequest>();
    QCOMPARE(request.domain, QStringLiteral("go.acme.example"));
    QCOMPARE(request.path, QStringLiteral("/spring"));
    QCOMPARE(request.country, QStringLiteral("DE"));
    QVERIFY(!request.draft);
    line(QStringLiteral("destination"))->setText(QStringLiteral("https://else.example/"));
    QTRY_COMPARE(asked.size(), 3); // what is typed is tried
    QVERIFY(asked[2][0].value<state::TrialRequest>().draft);
    m_page->simulator()->setResult(samples::simulation());
    QVERIFY(m_page->simulator()->verdict().contains(QStringLiteral("“Germany”")));
    const QString report = m_page->simulator()->report().join(QLatin1Char('\n'));
    QVERIFY(report.contains(QStringLiteral("“Americas” does not hold")));
    QVERIFY(report.contains(QStringLiteral("Country is US: saw DE")));
}

void tst_LinksPage::theRehearsalSaysWhatIsUnknown()
{
    QSignalSpy asked(m_page.get(), &LinksPage::rehearseRequested);
    m_page->openLink(7);
    m_page->rehearsal()->rehearse();
    QCOMPARE(asked.size(), 0); // nothing has been changed
    line(QStringLiteral("destination"))->setText(QStringLiteral("https://else.example/"));
    m_page->rehearsal()->rehearse();
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked[0][1].toInt(), 1000);
    m_page->rehearsal()->setResult(samples::rehearsal());
    QVERIFY(m_page->rehearsal()->summary().contains(
                QStringLiteral("Of the last 1,000 hits, 250 would go elsewhere (25 %)")) ||
            m_page->rehearsal()->summary().contains(QStringLiteral("25.0 %")));
    QVERIFY(m_page->rehearsal()->summary().contains(QStringLiteral("Unknown for 50")));
    QCOMPARE(m_page->rehearsal()->groups().size(), 1); // what stays as it is is no change
    QVERIFY(m_page->rehearsal()->groups().first().contains(QStringLiteral("\u2192")));
}

void tst_LinksPage::theHistoryTellsBeforeAndAfter()
{
    m_page->openLink(7);
    protocol::Edit edit;
    edit.id = 4;
    edit.what = "link.destination";
    edit.actor = "maria";
    edit.version = 3;
    edit.time = protocol::UtcMs(1'772'366'400'000);
    edit.changes = {{"destination", "https://a.example/", "https://b.example/"}};
    m_page->history()->setEdits({edit});
    QVERIFY(m_page->history()->lines().first().contains(QStringLiteral("maria")));
    QVERIFY(m_page->history()->lines().contains(
        QStringLiteral("Destination: https://a.example/ \u2192 https://b.example/")));
}

void tst_LinksPage::aViewerSeesNoButtonThatWouldBeRefused()
{
    m_page->setMayEdit(false);
    m_page->openLink(7);
    for (const QPushButton* button : m_page->findChildren<QPushButton*>())
        for (const char* name : {"Save", "New link", "Remove", "+ Rule", "+ Condition"})
            QVERIFY2(!(button->isVisible() && button->text().startsWith(QLatin1StringView(name))), name);
    QVERIFY(line(QStringLiteral("destination"))->isReadOnly());
    for (const QAction* action : m_page->commands())
        if (action->text() == QStringLiteral("Save the link"))
            QVERIFY(!action->isEnabled());
}

void tst_LinksPage::valuesWithCommasStayWhole()
{
    const QStringList values{QStringLiteral("Korea, Republic of"), QStringLiteral("Munich")};
    QCOMPARE(links::ValueList::split(links::ValueList::join(values)), values);
    QCOMPARE(links::ValueList::split(QStringLiteral(" DE , ,AT,")),
             (QStringList{QStringLiteral("DE"), QStringLiteral("AT")}));
}

void tst_LinksPage::pictures()
{
    m_page->setClicks({{7, 4118}, {8, 12}});
    m_page->openLink(7);
    m_page->simulator()->setField(QStringLiteral("country"), QStringLiteral("DE"));
    m_page->simulator()->setResult(samples::simulation());
    settle();
    QVERIFY(m_page->grab().save(beside(QStringLiteral("editor"))));
    line(QStringLiteral("destination"))->setText(QStringLiteral("https://shop.acme.example/summer"));
    editor().showRules(true);
    editor().setFindings(
        {{QStringLiteral("shadowed"), QStringLiteral("warning"), QStringLiteral("r2"), QStringLiteral("r1"), 0}});
    editor().save();
    m_page->showTrial(1);
    m_page->rehearsal()->rehearse();
    m_page->rehearsal()->setResult(samples::rehearsal());
    settle();
    QVERIFY(m_page->grab().save(beside(QStringLiteral("rules"))));
    m_appearance->setScheme(widgets::Scheme::Light);
    m_page->resize(1248, 760);
    settle();
    QVERIFY(m_page->grab().save(beside(QStringLiteral("light"))));
    m_appearance->setScheme(widgets::Scheme::Dark);
}

QTEST_MAIN(tst_LinksPage)
#include "tst_links_page.moc"
