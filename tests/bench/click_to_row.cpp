// SPDX-License-Identifier: GPL-3.0-or-later
// Click to row: from the last byte of a redirect's response to its row in the console's table model, at a steady rate,
// with several consoles connected. The backend is a real process; the consoles are the real connection, state and
// model, each line on a thread of its own as in the program. Ends with 1 when the 99th percentile is over the limit.
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QThread>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <vector>

#include "app/models/hit_table_model.h"
#include "app/shell/live_wiring.h"
#include "backend/runtime/http_sender.h"
#include "backend/runtime/thread_owner.h"
#include "tests/system/backend_process.h"

namespace {

// A click is told by its placement. Placements repeat after so many clicks, since a console keeps them in a bounded
// dictionary; at 5,000 a second that is more than six seconds, far more than a row can take.
constexpr std::size_t placements = 32'768;
constexpr int connections = 32;

std::int64_t nowNs()
{
    return std::chrono::steady_clock::now().time_since_epoch().count();
}

// The real thing without its widgets.
class Console {
public:
    Console(const BackendProcess& backend, std::size_t clicks) : m_model(m_state), m_rows(placements)
    {
        for (auto& row : m_rows)
            row.reserve(clicks / placements + 1);
        m_connection = new connection::Connection;
        m_connection->moveToThread(&m_thread);
        QObject::connect(&m_thread, &QThread::finished, m_connection, &QObject::deleteLater);
        shell::wireLive(*m_connection, m_state);
        QObject::connect(&m_model, &QAbstractItemModel::rowsInserted, &m_model,
                         [this](const QModelIndex&, int first, int last) { note(first, last); });
        m_thread.start();
        m_connection->connectTo(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(backend.apiPort())),
                                QString::fromUtf8(backend.token()));
    }
    ~Console()
    {
        m_thread.quit();
        m_thread.wait();
    }

    bool live() const { return m_state.hello().has_value(); }
    std::size_t rows() const { return m_count; }
    const std::vector<std::int64_t>& rowsOf(std::size_t placement) const { return m_rows[placement]; }
    const state::Counters& counters() const { return m_state.counters(); }

private:
    // Newest first: from the bottom up they are in the order of their sequence.
    void note(int first, int last)
    {
        const std::int64_t now = nowNs();
        for (int row = last; row >= first; --row) {
            const auto hit = m_model.hitAt(row);
            if (!hit || hit->placement.empty())
                continue;
            m_rows[std::stoul(hit->placement.substr(1)) % placements].push_back(now);
            ++m_count;
        }
    }

    QThread m_thread;
    connection::Connection* m_connection;
    state::LiveState m_state;
    models::HitTableModel m_model;
    std::vector<std::vector<std::int64_t>> m_rows;
    std::size_t m_count = 0;
};

struct Result {
    std::size_t clicks = 0, missing = 0;
    std::vector<double> ms; // sorted

    double percentile(double p) const
    {
        return ms.empty() ? 0
                          : ms[std::min(ms.size() - 1, static_cast<std::size_t>(p * static_cast<double>(ms.size())))];
    }
};

bool waitUntil(const std::function<bool()>& done, int withinMs)
{
    QElapsedTimer waited;
    waited.start();
    while (!done() && waited.elapsed() < withinMs)
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
    return done();
}

// Sends the clicks and returns when each was answered, by number; 0 = not answered.
std::vector<std::int64_t> sendClicks(const BackendProcess& backend, std::size_t clicks, double perSecond)
{
    std::vector<std::int64_t> answeredNs(clicks, 0);
    std::atomic<bool> finished{false};
    runtime::HttpSender sender(
        {.host = "127.0.0.1", .port = backend.redirectPort(), .connections = connections, .timeoutMs = 5000});
    std::size_t sent = 0;
    runtime::ThreadOwner threads;
    threads.start("clicks", [&] {
        sender.run(
            [&]() -> std::optional<runtime::OutgoingRequest> {
                if (sent == clicks)
                    return std::nullopt;
                runtime::OutgoingRequest request;
                request.target = "/a?qr=p" + std::to_string(sent % placements) + "&n=" + std::to_string(sent);
                request.headers = {
                    {"Host", "localhost"},
                    {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
                    {"X-Forwarded-For", "81.2.69." + std::to_string(sent % 200 + 1)},
                    {"Referer", "https://news.example/"}};
                request.notBeforeMs = static_cast<std::int64_t>(static_cast<double>(sent++) * 1000 / perSecond);
                return request;
            },
            [&](const runtime::OutgoingRequest& request, const runtime::HttpOutcome& outcome) {
                if (outcome.status == 302)
                    answeredNs[std::stoul(request.target.substr(request.target.rfind('=') + 1))] = nowNs();
            });
        finished = true;
    });
    waitUntil([&] { return finished.load(); }, INT_MAX);
    threads.join();
    return answeredNs;
}

Result measure(const BackendProcess& backend, int consoleCount, std::size_t clicks, double perSecond)
{
    std::vector<std::unique_ptr<Console>> consoles;
    for (int i = 0; i < consoleCount; ++i)
        consoles.push_back(std::make_unique<Console>(backend, clicks));
    Result result;
    if (!waitUntil(
            [&] { return std::all_of(consoles.begin(), consoles.end(), [](const auto& c) { return c->live(); }); },
            15'000)) {
        std::fprintf(stderr, "a console did not connect\n");
        return result;
    }
    const std::vector<std::int64_t> answeredNs = sendClicks(backend, clicks, perSecond);
    const auto answered = clicks - static_cast<std::size_t>(std::count(answeredNs.begin(), answeredNs.end(), 0));
    waitUntil(
        [&] {
            return std::all_of(consoles.begin(), consoles.end(), [&](const auto& c) { return c->rows() >= answered; });
        },
        5000);
    result.clicks = answered;
    for (const auto& console : consoles) {
        for (std::size_t number = 0; number < clicks; ++number) {
            const auto& rows = console->rowsOf(number % placements);
            if (answeredNs[number] == 0 || number / placements >= rows.size()) {
                ++result.missing;
                continue;
            }
            // A row may stand before the client has read its answer: then it took no time.
            result.ms.push_back(
                static_cast<double>(std::max<std::int64_t>(0, rows[number / placements] - answeredNs[number])) / 1e6);
        }
    }
    std::sort(result.ms.begin(), result.ms.end());
    return result;
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QGuiApplication application(argc, argv);
    QCommandLineParser options;
    options.addHelpOption();
    options.addOptions({{"seconds", "how long", "N", "10"},
                        {"rate", "clicks a second", "N", "1000"},
                        {"consoles", "consoles connected", "N", "3"},
                        {"limit", "the 99th percentile may take so long, in ms", "MS", "100"},
                        {"json", "print JSON"}});
    options.process(application);
    const double rate = options.value("rate").toDouble(), limit = options.value("limit").toDouble();
    const auto clicks = static_cast<std::size_t>(rate * options.value("seconds").toDouble());

    BackendProcess backend;
    backend.command({"link", "add", "https://acme.example/", "--slug", "a"});
    if (!backend.start()) {
        std::fprintf(stderr, "%s\n", qPrintable(backend.error()));
        return 1;
    }
    const Result result = measure(backend, options.value("consoles").toInt(), clicks, rate);
    const QJsonObject stats = backend.command({"stats", "--json"}).json();
    const double p50 = result.percentile(0.5), p95 = result.percentile(0.95), p99 = result.percentile(0.99);
    const bool good = !result.ms.empty() && result.missing == 0 && p99 <= limit;
    if (options.isSet("json"))
        std::printf("%s\n", QJsonDocument(QJsonObject{{"clicks", static_cast<qint64>(result.clicks)},
                                                      {"rows", static_cast<qint64>(result.ms.size())},
                                                      {"missing", static_cast<qint64>(result.missing)},
                                                      {"late", stats["late"]},
                                                      {"p50Ms", p50},
                                                      {"p95Ms", p95},
                                                      {"p99Ms", p99},
                                                      {"maxMs", result.percentile(1)},
                                                      {"limitMs", limit},
                                                      {"good", good}})
                                .toJson(QJsonDocument::Compact)
                                .constData());
    else
        std::printf("%zu clicks at %.0f/s, %s consoles: click to row p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, max %.1f "
                    "ms; %zu missing, "
                    "%d late\n",
                    result.clicks, rate, qPrintable(options.value("consoles")), p50, p95, p99, result.percentile(1),
                    result.missing, stats["late"].toInt());
    return good ? 0 : 1;
}
