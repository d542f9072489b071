// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QDir>
#include <QImage>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include "app/pages/qr_codes/qr_dialog.h"
#include "app/pages/qr_codes/qr_options.h"
#include "app/qr/scan_check.h"
#include "app/widgets/theme/appearance.h"

using namespace qr_codes;

class tst_QrDialog : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_appearance = std::make_unique<widgets::Appearance>(*qApp);
        m_appearance->setScheme(widgets::Scheme::Dark);
    }
    void init()
    {
        m_dialog = std::make_unique<QrDialog>(QStringList{"go.acme.example/spring", "go.acme.example/drop"});
        m_dialog->setLink(QStringLiteral("go.acme.example/spring"));
        m_dialog->setPlacements({QStringLiteral("poster-a"), QStringLiteral("poster-b")});
        m_dialog->show();
    }
    void cleanup() { m_dialog.reset(); }

    void saysWhatItReadsAs();
    void eachPlacementIsAFile();
    void badDesignsCannotBeSaved();
    void linksWithSchemeAndPort();
    void fileNamesStayInTheirFolder();
    void opensAndDeletesItself();

private:
    std::unique_ptr<widgets::Appearance> m_appearance;
    std::unique_ptr<QrDialog> m_dialog;
};

void tst_QrDialog::saysWhatItReadsAs()
{
    QCOMPARE(m_dialog->scanAddress(), QStringLiteral("https://go.acme.example/spring?qr=poster-a"));
    QVERIFY(m_dialog->canSave());
    QVERIFY2(m_dialog->verdict().endsWith(QStringLiteral("Reads as https://go.acme.example/spring?qr=poster-a")),
             qPrintable(m_dialog->verdict()));
    qr::QrDesign design = m_dialog->options().design();
    design.logoShare = 0.25;
    design.foreground = QColor(0x0f, 0x3a, 0x5f);
    m_dialog->options().setDesign(design);
    QVERIFY(m_dialog->canSave());
    if (qEnvironmentVariableIsSet("CLICKROOM_PICTURES"))
        QVERIFY(m_dialog->grab().save(qEnvironmentVariable("CLICKROOM_PICTURES") + QStringLiteral("/qr.png")));
}

void tst_QrDialog::eachPlacementIsAFile()
{
    QTemporaryDir folder;
    for (const FileKind kind : {FileKind::Svg, FileKind::Png, FileKind::Pdf})
        QCOMPARE(m_dialog->saveAll(folder.path(), kind), QString());
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files, QDir::Name),
             (QStringList{"spring-poster-a.pdf", "spring-poster-a.png", "spring-poster-a.svg", "spring-poster-b.pdf",
                          "spring-poster-b.png", "spring-poster-b.svg"}));
    const auto reading = qr::scanCheck(QImage(folder.filePath(QStringLiteral("spring-poster-b.png"))));
    QVERIFY(reading);
    QCOMPARE(reading->text, QStringLiteral("https://go.acme.example/spring?qr=poster-b"));
    QVERIFY(!m_dialog->saveAll(folder.filePath(QStringLiteral("none")), FileKind::Svg).isEmpty());
}

void tst_QrDialog::badDesignsCannotBeSaved()
{
    const auto buttonsOff = [this] {
        const auto buttons = m_dialog->findChildren<QPushButton*>();
        return std::any_of(buttons.begin(), buttons.end(),
                           [](QPushButton* b) { return b->text() == QStringLiteral("SVG…") && !b->isEnabled(); });
    };
    qr::QrDesign design = m_dialog->options().design();
    design.foreground = Qt::yellow;
    m_dialog->options().setDesign(design);
    QVERIFY(!m_dialog->canSave());
    QVERIFY(buttonsOff());
    QVERIFY2(m_dialog->verdict().contains(QStringLiteral("contrast")), qPrintable(m_dialog->verdict()));
    design.foreground = Qt::black;
    m_dialog->options().setDesign(design);
    QVERIFY(m_dialog->canSave());
    m_dialog->setPlacements({QString(65, QLatin1Char('p'))});
    QVERIFY(!m_dialog->canSave());
    m_dialog->setPlacements({});
    QCOMPARE(m_dialog->scanAddress(), QStringLiteral("https://go.acme.example/spring?qr=1"));
    QVERIFY(m_dialog->canSave());
    m_dialog->setLink(QString());
    QVERIFY(!m_dialog->canSave());
}

void tst_QrDialog::linksWithSchemeAndPort()
{
    m_dialog->setPlacements({QStringLiteral("x")});
    m_dialog->setLink(QStringLiteral("http://localhost:8080/a/b"));
    QCOMPARE(m_dialog->scanAddress(), QStringLiteral("http://localhost:8080/a/b?qr=x"));
    m_dialog->setLink(QStringLiteral("go.acme.example"));
    QCOMPARE(m_dialog->scanAddress(), QStringLiteral("https://go.acme.example/?qr=x"));
}

void tst_QrDialog::fileNamesStayInTheirFolder()
{
    QCOMPARE(fileNameOf(QStringLiteral("../../etc/passwd"), QStringLiteral("a b"), FileKind::Png),
             QStringLiteral("etc-passwd-a-b.png"));
    QCOMPARE(fileNameOf(QString(), QString(), FileKind::Svg), QStringLiteral("qr.svg"));
    QCOMPARE(fileNameOf(QStringLiteral("…"), QStringLiteral("größe"), FileKind::Pdf), QStringLiteral("größe.pdf"));
    QCOMPARE(placementsFrom(QStringLiteral(" a,b ;a,\n,c d ")), (QStringList{"a", "b", "c d"}));
}

void tst_QrDialog::opensAndDeletesItself()
{
    QWidget owner;
    openQrDialog(&owner, QStringLiteral("go.acme.example/drop"));
    QPointer<QrDialog> opened = owner.findChild<QrDialog*>();
    QVERIFY(opened);
    QCOMPARE(opened->scanAddress(), QStringLiteral("https://go.acme.example/drop?qr=1"));
    opened->close();
    QTRY_VERIFY(!opened);
}

QTEST_MAIN(tst_QrDialog)
#include "tst_qr_dialog.moc"
