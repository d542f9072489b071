// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTest>

#include "backend/protocol/codec.h"
#include "tests/backend/protocol/message_samples.h"

using namespace protocol;

namespace {

QString goldenPath(const std::string& name, Encoding encoding)
{
    return QStringLiteral(CLICKROOM_SOURCE_DIR "/tests/golden/protocol-v1/%1.%2")
        .arg(QString::fromStdString(name),
             encoding == Encoding::Cbor ? QStringLiteral("cbor") : QStringLiteral("json"));
}

} // namespace

// The bytes of version 1 as they were first written. With CLICKROOM_WRITE_GOLDEN set, files that are not there yet are
// written; those that are there are never touched.
class TstCodecGolden : public QObject {
    Q_OBJECT

private slots:
    void bytesAreTheSameBothWays_data()
    {
        QTest::addColumn<int>("sample");
        QTest::addColumn<int>("encoding");
        const auto samples = samples::all();
        for (std::size_t i = 0; i < samples.size(); ++i)
            for (const Encoding encoding : {Encoding::Cbor, Encoding::Json})
                QTest::addRow("%s.%d", samples[i].first.c_str(), static_cast<int>(encoding))
                    << static_cast<int>(i) << static_cast<int>(encoding);
    }

    void bytesAreTheSameBothWays()
    {
        QFETCH(int, sample);
        QFETCH(int, encoding);
        const auto [name, message] = samples::all().at(static_cast<std::size_t>(sample));
        const auto kind = static_cast<Encoding>(encoding);
        QFile file(goldenPath(name, kind));
        if (!file.exists() && qEnvironmentVariableIsSet("CLICKROOM_WRITE_GOLDEN")) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QByteArray::fromStdString(encode(message, kind)));
            file.close();
        }
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        const std::string golden = file.readAll().toStdString();
        QCOMPARE(QByteArray::fromStdString(encode(message, kind)).toHex(), QByteArray::fromStdString(golden).toHex());
        const Decoded decoded = decode(golden, kind);
        QVERIFY2(decoded.error.empty(), decoded.error.c_str());
        QVERIFY(decoded.message == message);
    }
};

QTEST_GUILESS_MAIN(TstCodecGolden)
#include "tst_codec_golden.moc"
