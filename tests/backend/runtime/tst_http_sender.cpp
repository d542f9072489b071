// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <map>
#include <set>

#include <QTest>

#include "backend/runtime/http_sender.h"
#include "tests/backend/runtime/recording_server.h"

using namespace runtime;

namespace {

struct Result {
    std::map<unsigned, int> statuses;
    std::vector<std::string> errors;
};

Result sendAll(std::uint16_t port, std::vector<OutgoingRequest> requests, int connections = 4,
               std::int64_t timeoutMs = 5000)
{
    HttpSender sender({"127.0.0.1", port, connections, timeoutMs});
    Result result;
    std::size_t next = 0;
    sender.run([&] { return next < requests.size() ? std::optional(requests[next++]) : std::nullopt; },
               [&](const OutgoingRequest&, const HttpOutcome& outcome) {
                   ++result.statuses[outcome.status];
                   if (outcome.status == 0)
                       result.errors.push_back(outcome.error);
               });
    return result;
}

std::vector<OutgoingRequest> numbered(int count)
{
    std::vector<OutgoingRequest> requests;
    for (int i = 0; i < count; ++i)
        requests.push_back({"GET", "/" + std::to_string(i), {{"Host", "x.example"}}, 0});
    return requests;
}

} // namespace

class TestHttpSender : public QObject {
    Q_OBJECT

private slots:
    void everyRequestIsSentOnceOverFewConnections()
    {
        RecordingServer server;
        const Result result = sendAll(server.port(), numbered(500));
        QCOMPARE(result.statuses, (std::map<unsigned, int>{{302, 500}}));
        const auto heads = server.heads();
        QCOMPARE(std::set<std::string>(heads.begin(), heads.end()).size(), std::size_t(500));
        QCOMPARE(server.connections(), 4);
        QCOMPARE(server.mostAtOnce(), 4);
    }

    void headersAreSentAsGivenAndCannotSplitTheRequest()
    {
        RecordingServer server;
        sendAll(server.port(),
                {{"POST", "/a b\r\nX: 1", {{"Host", "x.example"}, {"User-Agent", "evil\r\nX-Injected: yes"}}, 0}});
        QCOMPARE(server.heads(), std::vector<std::string>{"POST /a b  X: 1 HTTP/1.1\r\nHost: x.example\r\nUser-Agent: "
                                                          "evil  X-Injected: yes\r\nContent-Length: 0\r\n\r\n"});
    }

    void bodiesAndHeadAnswersKeepTheConnectionInStep()
    {
        RecordingServer server(
            [](const std::string&) { return RecordingServer::Answer{404, "not here", false, false}; });
        std::vector<OutgoingRequest> requests;
        for (int i = 0; i < 40; ++i)
            requests.push_back({i % 2 ? "HEAD" : "GET", "/", {{"Host", "x"}}, 0});
        QCOMPARE(sendAll(server.port(), requests, 1).statuses, (std::map<unsigned, int>{{404, 40}}));
        QCOMPARE(server.connections(), 1);
    }

    void closedConnectionsAreOpenedAgain()
    {
        RecordingServer server([](const std::string&) { return RecordingServer::Answer{302, "", true, false}; });
        QCOMPARE(sendAll(server.port(), numbered(20), 2).statuses, (std::map<unsigned, int>{{302, 20}}));
        QCOMPARE(server.heads().size(), std::size_t(20));
    }

    void keptConnectionThatWasClosedIsTriedOnceMore()
    {
        // Hangs up on every third request of a connection that answered before.
        int count = 0;
        RecordingServer server(
            [&count](const std::string&) { return RecordingServer::Answer{302, "", false, ++count % 3 == 0}; });
        const Result result = sendAll(server.port(), numbered(20), 1);
        QCOMPARE(result.statuses, (std::map<unsigned, int>{{302, 20}}));
    }

    void serverThatNeverAnswersIsAFailure()
    {
        RecordingServer server([](const std::string&) { return RecordingServer::Answer{0, "", false, true}; });
        const Result result = sendAll(server.port(), numbered(3), 1);
        QCOMPARE(result.statuses, (std::map<unsigned, int>{{0, 3}}));
        QVERIFY(!result.errors.front().empty());
    }

    void nobodyThereIsAFailure()
    {
        std::uint16_t port = 0;
        {
            RecordingServer gone;
            port = gone.port();
        }
        const Result result = sendAll(port, numbered(5), 2);
        QCOMPARE(result.statuses, (std::map<unsigned, int>{{0, 5}}));
        QVERIFY(result.errors.front().starts_with("connecting: "));
    }

    void requestsWaitForTheirTime()
    {
        RecordingServer server;
        auto requests = numbered(4);
        requests[3].notBeforeMs = 250;
        const auto started = std::chrono::steady_clock::now();
        sendAll(server.port(), requests, 2);
        QVERIFY(std::chrono::steady_clock::now() - started >= std::chrono::milliseconds(250));
        QVERIFY(server.heads().back().starts_with("GET /3 "));
    }

    void stopEndsTheRun()
    {
        RecordingServer server;
        HttpSender sender({"127.0.0.1", server.port(), 2, 5000});
        int done = 0;
        sender.run([] { return std::optional(OutgoingRequest{}); },
                   [&](const OutgoingRequest&, const HttpOutcome&) {
                       if (++done == 10)
                           sender.stop();
                   });
        QCOMPARE(done, 10);
    }

    void addressesAreRead()
    {
        QCOMPARE(httpAddress("http://127.0.0.1:8080"), (std::pair<std::string, std::uint16_t>("127.0.0.1", 8080)));
        QCOMPARE(httpAddress("http://localhost/"), (std::pair<std::string, std::uint16_t>("localhost", 80)));
        QCOMPARE(httpAddress("http://[::1]:81"), (std::pair<std::string, std::uint16_t>("::1", 81)));
        for (const char* none : {"", "127.0.0.1:8080", "https://x", "http://", "http://x:0", "http://x:99999",
                                 "http://x:8o", "http://x/path", "http://[::1", "http://a@b"})
            QVERIFY2(!httpAddress(none), none);
    }
};

QTEST_GUILESS_MAIN(TestHttpSender)
#include "tst_http_sender.moc"
