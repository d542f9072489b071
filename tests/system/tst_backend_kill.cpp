// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 in mid-load, again and again: what was answered is there, the count goes on without a gap or a double, and a
// console that comes back with its cursor misses nothing.
#include <QJsonDocument>
#include <QTest>

#include <random>

#include "tests/system/backend_process.h"
#include "tests/system/stream_client.h"
#include "tests/system/traffic.h"

class BackendKillTest : public QObject {
    Q_OBJECT

private slots:
    void answeredClicksSurviveEveryKill()
    {
        const int rounds = qEnvironmentVariableIsSet("CLICKROOM_KILL_ROUNDS")
                               ? qEnvironmentVariableIntValue("CLICKROOM_KILL_ROUNDS")
                               : 5;
        QVERIFY(rounds > 0);
        std::mt19937 random(static_cast<unsigned>(qEnvironmentVariableIntValue("CLICKROOM_KILL_SEED")));
        BackendProcess backend;
        backend.command({"link", "add", "https://acme.example/", "--slug", "a"});
        std::set<std::string> answered;
        StreamClient console(protocol::Encoding::Cbor, backend.token());
        console.fetch = [&backend](std::uint64_t after, std::uint64_t upTo) { return fetched(backend, after, upTo); };
        for (int round = 0; round < rounds; ++round) {
            QVERIFY2(backend.start({"--rollup-interval", "100ms"}), qPrintable(backend.error()));
            console.open(backend.streamUrl());
            QTRY_VERIFY(console.subscribed());
            Traffic traffic(backend.redirectPort(), "/a", "r" + std::to_string(round) + "-");
            traffic.start(1'000'000);
            // Each round dies at another moment of the load.
            const std::size_t enough = 100 + random() % 900;
            QTRY_VERIFY_WITH_TIMEOUT(traffic.answeredCount() >= enough, 30'000);
            backend.kill();
            traffic.finish();
            answered.insert(traffic.answered().begin(), traffic.answered().end());
            QTRY_VERIFY(!console.subscribed());
        }
        QVERIFY2(backend.start(), qPrintable(backend.error()));
        console.open(backend.streamUrl());
        QTRY_VERIFY(console.subscribed());
        const auto last =
            static_cast<std::uint64_t>(backend.command({"stats", "--json"}).json()["lastSeq"].toInteger());
        QVERIFY(last >= answered.size());
        QTRY_COMPARE(console.cursor(), last);

        // By the folder: every answered click once, the count whole.
        std::set<std::string> stored;
        std::uint64_t expected = 1;
        for (const protocol::Hit& hit : fetched(backend, 0, last)) {
            QCOMPARE(hit.seq.value, expected++);
            QVERIFY2(stored.insert(hit.placement).second, hit.placement.c_str());
        }
        QCOMPARE(expected, last + 1);
        for (const std::string& click : answered)
            QVERIFY2(stored.contains(click), click.c_str());
        // By the console: the same, through every break.
        QCOMPARE(console.violations, QStringList());
        QCOMPARE(console.dropped, 0u);
        QCOMPARE(console.seen.size(), last);
        QCOMPARE(console.seen.begin()->first, 1u);
        QVERIFY(backend.terminate(5000));
        const QJsonObject check = backend.command({"check", "--json"}).json();
        QVERIFY2(check["well"].toBool(), QJsonDocument(check).toJson().constData());
        QCOMPARE(static_cast<std::uint64_t>(check["hits"].toInteger()), last);
        qInfo("%d kills, %zu clicks answered, %llu stored", rounds, answered.size(),
              static_cast<unsigned long long>(last));
    }

private:
    // The hits after one sequence up to another, by the API, as a console fetches a gap.
    static protocol::HitBatch fetched(const BackendProcess& backend, std::uint64_t after, std::uint64_t upTo)
    {
        protocol::HitBatch all;
        while (after < upTo) {
            const QByteArray body = backend.get(QString("/v1/hits?limit=4096&after=%1").arg(after), "application/cbor");
            const auto decoded = protocol::decode(body.toStdString(), protocol::Encoding::Cbor);
            const auto* frame = decoded.message ? std::get_if<protocol::Frame>(&*decoded.message) : nullptr;
            if (!frame || frame->last.value <= after)
                break;
            for (const protocol::Hit& hit : frame->hits)
                if (hit.seq.value <= upTo)
                    all.push_back(hit);
            after = frame->last.value;
        }
        return all;
    }
};

QTEST_GUILESS_MAIN(BackendKillTest)
#include "tst_backend_kill.moc"
