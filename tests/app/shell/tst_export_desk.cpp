// SPDX-License-Identifier: GPL-3.0-or-later
// The Export dialog and what it leads to, in the whole window.
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "app/pages/links/links_page.h"
#include "app/pages/live/live_page.h"
#include "app/shell/banner.h"
#include "app/shell/export_desk.h"
#include "app/widgets/map/world_map.h"

using namespace shell;
using exports::ExportDialog;

namespace {

QByteArray contentsOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class tst_ExportDesk : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        widgets::chooseGraphics(true);
        m_appearance = std::make_unique<widgets::Appearance>(*qApp);
        m_window = std::make_unique<MainWindow>(m_state, *m_appearance, Settings());
        m_desk = std::make_unique<ExportDesk>(m_writer, m_state, *m_window);
        m_window->resize(1600, 1000);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        protocol::Hello hello;
        hello.workspace = "acme";
        hello.dataId = "d1";
        m_state.applyHello(hello);
        auto frame = std::make_shared<protocol::Frame>();
        frame->first = protocol::HitSeq(1);
        frame->last = protocol::HitSeq(2);
        frame->hits.resize(2);
        frame->hits[0].seq = protocol::HitSeq(1);
        frame->hits[1].seq = protocol::HitSeq(2);
        m_state.applyFrame(frame);
        protocol::Window window;
        window.aggregate.velocity.resize(2);
        m_state.applyWindow(window);
        state::Link link;
        link.id = 7;
        link.domain = QStringLiteral("acme.example");
        link.slug = QStringLiteral("=1+1");
        m_window->linksPage().setLinks({link});
    }

    void everyTableIsWrittenWithWhereItComesFrom_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("format");
        QTest::addColumn<int>("rows");
        QTest::newRow("live") << "clicks" << "csv" << 2;
        QTest::newRow("live in a workbook") << "clicks" << "xlsx" << 2;
        QTest::newRow("links") << "links" << "jsonl" << 1;
        QTest::newRow("velocity") << "velocity" << "csv" << 2;
    }

    void everyTableIsWrittenWithWhereItComesFrom()
    {
        QFETCH(QString, what);
        QFETCH(QString, format);
        const QString path = m_folder.filePath(what + QLatin1Char('.') + format);
        ExportDialog& dialog = openDialog(what);
        choose(dialog, format);
        QSignalSpy exported(m_desk.get(), &ExportDesk::exported);
        dialog.exportTo(path);
        QVERIFY(dialog.isBusy());
        QTRY_COMPARE(exported.size(), 1);
        QTRY_VERIFY(!m_window->findChild<ExportDialog*>());
        QVERIFY(m_window->banner().text().contains(path));
        const QJsonObject facts = QJsonDocument::fromJson(contentsOf(path + QStringLiteral(".json"))).object();
        QCOMPARE(facts[QStringLiteral("what")].toString(), what);
        QCOMPARE(facts[QStringLiteral("workspace")].toString(), QStringLiteral("acme"));
        QCOMPARE(facts[QStringLiteral("cursor")].toInt(), 2);
        QTEST(facts[QStringLiteral("rows")].toInt(), "rows");
        // And it is what the dialog begins with the next time.
        QCOMPARE(m_window->settings().exportChoice.what, what);
        QCOMPARE(openDialog({}).choice().format, format);
        m_window->findChild<ExportDialog*>()->reject();
        QTRY_VERIFY(!m_window->findChild<ExportDialog*>());
    }

    void chartsAndTheMapBecomePictures_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QByteArray>("start");
        QTest::newRow("png") << "png" << QByteArray("\x89PNG");
        QTest::newRow("svg") << "svg" << QByteArray("<?xml");
        QTest::newRow("pdf") << "pdf" << QByteArray("%PDF-");
    }

    void chartsAndTheMapBecomePictures()
    {
        QFETCH(QString, format);
        QFETCH(QByteArray, start);
        for (const char* what : {"velocity", "qr-heatmap"}) {
            const QString path = m_folder.filePath(QLatin1StringView(what) + QLatin1Char('.') + format);
            ExportDialog& dialog = openDialog(QLatin1Char('/') + QLatin1StringView(what));
            choose(dialog, format);
            QSignalSpy exported(m_desk.get(), &ExportDesk::exported);
            dialog.exportTo(path);
            QTRY_COMPARE(exported.size(), 1);
            QTRY_VERIFY(!m_window->findChild<ExportDialog*>());
            QVERIFY(contentsOf(path).startsWith(start));
            QVERIFY(contentsOf(path).size() > 500);
            const QJsonObject facts = QJsonDocument::fromJson(contentsOf(path + QStringLiteral(".json"))).object();
            QCOMPARE(facts[QStringLiteral("bytes")].toInteger(), contentsOf(path).size());
        }
        if (format == QLatin1String("png"))
            QVERIFY(QImage(m_folder.filePath(QStringLiteral("velocity.png"))).width() > 200);
    }

    void aFileThatCannotBeWrittenIsToldInTheDialog()
    {
        ExportDialog& dialog = openDialog(QStringLiteral("clicks"));
        QSignalSpy failed(m_desk.get(), &ExportDesk::failed);
        dialog.exportTo(QStringLiteral("/no/such/folder/a.csv"));
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(!dialog.isBusy());
        QVERIFY(dialog.isVisible());
        dialog.reject();
    }

    void theMarkOfUtf8IsForCsvAlone()
    {
        ExportDialog& dialog = openDialog(QStringLiteral("links"));
        auto* mark = dialog.findChild<QCheckBox*>();
        choose(dialog, QStringLiteral("csv"));
        QVERIFY(mark->isEnabled());
        choose(dialog, QStringLiteral("xlsx"));
        QVERIFY(!mark->isEnabled());
        dialog.reject();
    }

    void cleanupTestCase()
    {
        m_desk.reset();
        m_window.reset();
    }

private:
    ExportDialog& openDialog(const QString& what)
    {
        m_desk->open(what);
        return *m_window->findChild<ExportDialog*>();
    }
    static void choose(ExportDialog& dialog, const QString& format)
    {
        for (auto* box : dialog.findChildren<QComboBox*>())
            if (const int at = box->findData(format); at >= 0)
                box->setCurrentIndex(at);
    }

    QObject m_writer;
    QTemporaryDir m_folder;
    state::LiveState m_state{1000};
    std::unique_ptr<widgets::Appearance> m_appearance;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<ExportDesk> m_desk;
};

QTEST_MAIN(tst_ExportDesk)
#include "tst_export_desk.moc"
