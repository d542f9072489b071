// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "backend/runtime/log.h"

namespace {

struct StoppedClock final : runtime::Clock {
    std::int64_t utcMs() const override { return 1'772'366'400'123; }
    std::int64_t steadyNs() const override { return 0; }
};

} // namespace

class TestLog : public QObject {
    Q_OBJECT

private slots:
    void writesOneLineWithItsFields()
    {
        const StoppedClock clock;
        std::string written;
        const runtime::Log log(clock, runtime::LogLevel::Info, runtime::LogFormat::Logfmt,
                               [&](std::string_view line) { written += line; });
        log.debug("not wanted");
        log.warning("commit failed", {{"rows", 12}, {"ok", false}, {"took", 1.5}, {"error", "disk full"}});
        QCOMPARE(written, "time=2026-03-01T12:00:00.123Z level=warning event=\"commit failed\" rows=12 ok=false "
                          "took=1.5 error=\"disk full\"\n");
    }

    void hostileTextCannotForgeALine()
    {
        const StoppedClock clock;
        std::string written;
        const std::string hostile = "a\n\x1b[31m\"}\r\0\xe2\x80\xae" + std::string(100'000, 'x');
        for (const auto format : {runtime::LogFormat::Logfmt, runtime::LogFormat::Json}) {
            written.clear();
            const runtime::Log log(clock, runtime::LogLevel::Debug, format,
                                   [&](std::string_view line) { written += line; });
            log.error("e", {{"text", hostile}});
            QCOMPARE(std::count(written.begin(), written.end(), '\n'), 1);
            QVERIFY(std::all_of(written.begin(), written.end() - 1, [](char c) { return c >= ' ' && c < 0x7f; }));
            QVERIFY(written.size() < 4096);
        }
        const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(written)).object();
        QCOMPARE(object["level"].toString(), "error");
        QVERIFY(object["text"].toString().startsWith("a\n\x1b[31m\"}\r"));
    }

    void wordsOfLevelsAndFormatsAreRead()
    {
        QVERIFY(runtime::logLevelFrom("error") == runtime::LogLevel::Error);
        QVERIFY(!runtime::logLevelFrom("loud"));
        QVERIFY(runtime::logFormatFrom("json") == runtime::LogFormat::Json);
        QVERIFY(!runtime::logFormatFrom("xml"));
    }
};

QTEST_GUILESS_MAIN(TestLog)
#include "tst_log.moc"
