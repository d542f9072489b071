// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QFile>
#include <QLocale>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

#include "app/pages/imports/import_dialog.h"
#include "app/pages/imports/import_words.h"
#include "app/widgets/theme/appearance.h"

using namespace imports;

class tst_ImportDialog : public QObject {
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
        m_dialog = std::make_unique<ImportDialog>();
        m_dialog->QWidget::show();
        m_sent = std::make_unique<QSignalSpy>(m_dialog.get(), &ImportDialog::requested);
    }
    void cleanup() { m_dialog.reset(); }

    void checksFirstThenImports();
    void filesThatCannotBeTaken();
    void cancelStopsTheRequestFirst();
    void hostileTextIsShownAsItIs();

private:
    QString write(const QByteArray& text)
    {
        QFile file(m_folder.filePath(QStringLiteral("links.csv")));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("not written");
        return file.fileName();
    }
    state::ImportRequest last() const { return m_sent->last().first().value<state::ImportRequest>(); }
    static state::ImportAnswer answer(bool dryRun)
    {
        state::ImportAnswer answer;
        answer.format = QStringLiteral("bitly");
        answer.dryRun = dryRun;
        answer.rows = 1204;
        answer.made = 1200;
        answer.skipped = 2;
        answer.failed = 2;
        answer.domains = QStringList{"go.acme.example"};
        answer.said = {{2, "go.acme.example", "spring", {}, {}, "exists"},
                       {7, "go.acme.example", "shoes", "destination_scheme", "destination", {}},
                       {9, "bit.ly", "3xYz", "slug_taken", "slug", {}},
                       {12, "go.acme.example", "spring", {}, {}, "repeated"}};
        return answer;
    }

    std::unique_ptr<widgets::Appearance> m_appearance;
    std::unique_ptr<ImportDialog> m_dialog;
    std::unique_ptr<QSignalSpy> m_sent;
    QTemporaryDir m_folder;
};

void tst_ImportDialog::checksFirstThenImports()
{
    QVERIFY(!m_dialog->canImport());
    m_dialog->setFile(write("Link,Destination URL\n"));
    QCOMPARE(m_sent->count(), 1);
    QVERIFY(last().dryRun);
    QCOMPARE(last().file, QByteArray("Link,Destination URL\n"));
    QVERIFY(m_dialog->isBusy());
    m_dialog->startImport(); // not before it has been checked
    QCOMPARE(m_sent->count(), 1);
    m_dialog->setUploaded(10, 20);
    m_dialog->setAnswer(answer(true));
    QVERIFY(m_dialog->canImport());
    QCOMPARE(
        m_dialog->verdict(),
        QStringLiteral("Bitly, 1,204 rows: 1,200 links would be made, 2 skipped, 2 refused. These domains would be "
                       "added, and serve links once they are verified: go.acme.example."));
    const auto* table = m_dialog->findChild<QTableWidget*>();
    QCOMPARE(table->rowCount(), 4);
    QCOMPARE(table->item(1, 2)->text(), QStringLiteral("✗ the destination is neither http nor https"));
    QCoreApplication::processEvents(); // laid out
    if (qEnvironmentVariableIsSet("CLICKROOM_PICTURES"))
        QVERIFY(m_dialog->grab().save(qEnvironmentVariable("CLICKROOM_PICTURES") + QStringLiteral("/import.png")));
    m_dialog->startImport();
    QCOMPARE(m_sent->count(), 2);
    QVERIFY(!last().dryRun);
    m_dialog->setAnswer(answer(false));
    QVERIFY(!m_dialog->canImport());
    QVERIFY(m_dialog->verdict().contains(QStringLiteral("1,200 links made")));
}

void tst_ImportDialog::filesThatCannotBeTaken()
{
    m_dialog->setFile(m_folder.filePath(QStringLiteral("none.csv")));
    QVERIFY(!m_dialog->verdict().isEmpty());
    m_dialog->setFile(write({}));
    QCOMPARE(m_dialog->verdict(), QStringLiteral("The file is empty."));
    QFile large(m_folder.filePath(QStringLiteral("large.csv")));
    QVERIFY(large.open(QIODevice::WriteOnly) && large.resize(state::ImportRequest::fileBytesMax + 1));
    m_dialog->setFile(large.fileName());
    QVERIFY(m_dialog->verdict().contains(QStringLiteral("32 MiB")));
    QCOMPARE(m_sent->count(), 0);
    m_dialog->setFile(write("a,b\n"));
    m_dialog->setProblem(QStringLiteral("missing_column"), QStringLiteral("destination"), {});
    QVERIFY(m_dialog->verdict().contains(QStringLiteral("destination")));
    QVERIFY(!m_dialog->canImport());
}

void tst_ImportDialog::cancelStopsTheRequestFirst()
{
    QSignalSpy cancelled(m_dialog.get(), &ImportDialog::cancelled);
    m_dialog->setFile(write("Link,Destination URL\n"));
    m_dialog->reject();
    QCOMPARE(cancelled.count(), 1);
    QVERIFY(m_dialog->isVisible());
    QVERIFY(!m_dialog->isBusy());
    m_dialog->reject();
    QVERIFY(!m_dialog->isVisible());
}

void tst_ImportDialog::hostileTextIsShownAsItIs()
{
    state::ImportRow row{1, "go.example", QStringLiteral("<b>x</b>\u202egnp"), "made_up", "slug", {}};
    QVERIFY(!placeOf(row).contains(QChar(0x202e)));
    QVERIFY(placeOf(row).contains(QStringLiteral("<b>x</b>")));
    QCOMPARE(rowWords(row), QStringLiteral("slug: made_up"));
}

QTEST_MAIN(tst_ImportDialog)
#include "tst_import_dialog.moc"
