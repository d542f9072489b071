// SPDX-License-Identifier: GPL-3.0-or-later
// Many consoles on one backend, each with a filter of its own, while clicks arrive: how long from the last byte of a
// redirect's answer until each session whose filter fits has read and decoded its frame, and what a session costs in
// memory. The backend is a real process; the sessions speak the stream's protocol from one thread of this one, clicks
// come from another.
//
//     bench_consoles [--sessions 1000] [--rate 2000] [--seconds 15]      prints one JSON object on its last line
#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonObject>

#include <boost/asio.hpp>
#include <boost/beast.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <set>
#include <vector>

#include "backend/protocol/codec.h"
#include "backend/protocol/limits.h"
#include "backend/runtime/http_sender.h"
#include "backend/runtime/thread_owner.h"
#include "tests/system/backend_process.h"

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr int linkCount = 1000;
constexpr int connections = 32;
constexpr std::string_view countries[] = {"DE", "FR", "GB", "JP", "US"};
// One address of each, as the backend's own country table has them.
constexpr const char* networks[] = {"5.9.0.", "2.0.0.", "81.2.69.", "1.0.16.", "8.8.8."};

std::int64_t nowNs()
{
    return std::chrono::steady_clock::now().time_since_epoch().count();
}

// Different for every session: one in a hundred sees about half the stream, the others ten links or a hundred of a
// country.
protocol::StreamFilter filterOf(int session)
{
    protocol::StreamFilter filter;
    if (session % 100 == 0) {
        const int subset = session / 100 % 10; // pairs of five countries, and people alone
        filter.countries = {std::string(countries[subset % 5]), std::string(countries[(subset + 1 + subset / 5) % 5])};
        filter.bot = false;
        filter.links.clear();
        return filter;
    }
    const int links = session % 10 < 7 ? 10 : 100;
    for (int i = 0; i < links; ++i)
        filter.links.push_back("localhost/k" + std::to_string((session * 7 + i * 13) % linkCount));
    if (links == 100)
        filter.countries = {std::string(countries[session / 10 % 5])};
    return filter;
}

struct Arrival {
    std::uint32_t click;
    std::int64_t atNs;
};

class Console : public std::enable_shared_from_this<Console> {
public:
    Console(asio::io_context& io, std::vector<Arrival>& arrivals) : m_stream(io), m_arrivals(arrivals) {}

    // Blocking, before the clicks begin.
    void connect(std::uint16_t port, const std::string& token, const protocol::StreamFilter& filter)
    {
        m_stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
        m_stream.set_option(beast::websocket::stream_base::decorator([&](beast::websocket::request_type& request) {
            request.set(beast::http::field::authorization, "Bearer " + token);
            request.set(beast::http::field::sec_websocket_protocol, "clickroom.v1.cbor");
        }));
        m_stream.read_message_max(16 * 1024 * 1024);
        m_stream.handshake("127.0.0.1:" + std::to_string(port), "/v1/stream");
        m_stream.binary(true);
        protocol::Subscribe subscribe;
        subscribe.id = 1;
        subscribe.filter = filter;
        m_stream.write(asio::buffer(protocol::encode(subscribe, protocol::Encoding::Cbor)));
    }

    void read()
    {
        m_stream.async_read(m_buffer, [self = shared_from_this()](beast::error_code error, std::size_t) {
            if (error)
                return;
            self->take();
            self->read();
        });
    }

    bool subscribed = false;
    std::string trouble; // bye, or what could not be decoded
    std::uint64_t frames = 0, bytes = 0, dropped = 0;

private:
    void take()
    {
        const std::int64_t now = nowNs();
        const std::string text = beast::buffers_to_string(m_buffer.data());
        m_buffer.consume(m_buffer.size());
        bytes += text.size();
        const protocol::Decoded decoded = protocol::decode(text, protocol::Encoding::Cbor);
        if (!decoded.error.empty())
            trouble = decoded.error;
        if (!decoded.message)
            return;
        if (std::holds_alternative<protocol::Subscribed>(*decoded.message))
            subscribed = true;
        else if (const auto* bye = std::get_if<protocol::Bye>(&*decoded.message))
            trouble = "bye " + std::string(protocol::word(bye->reason));
        else if (const auto* frame = std::get_if<protocol::Frame>(&*decoded.message))
            takeFrame(*frame, now);
    }

    void takeFrame(const protocol::Frame& frame, std::int64_t now)
    {
        ++frames;
        dropped += frame.dropped;
        for (const protocol::Hit& hit : frame.hits)
            m_arrivals.push_back({static_cast<std::uint32_t>(std::stoul(hit.utmTerm)), now});
        // By quarters of the window, as the console does.
        if (++m_toGrant < protocol::limits::creditFramesMax / 4 || m_writing)
            return;
        m_writing = true;
        m_credit = protocol::encode(protocol::Credit{std::exchange(m_toGrant, 0)}, protocol::Encoding::Cbor);
        m_stream.async_write(asio::buffer(m_credit),
                             [self = shared_from_this()](beast::error_code, std::size_t) { self->m_writing = false; });
    }

    beast::websocket::stream<asio::ip::tcp::socket> m_stream;
    std::vector<Arrival>& m_arrivals;
    beast::flat_buffer m_buffer;
    std::string m_credit;
    int m_toGrant = 0;
    bool m_writing = false;
};

// VmRSS of the process that listens, in KiB.
long residentKib(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/status").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).simplified().split(' ').first().toLong();
    }
    return 0;
}

double cpuSeconds(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = file.readAll();
    const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    return (fields[11].toDouble() + fields[12].toDouble()) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

void makeLinks(const BackendProcess& backend)
{
    QByteArray table = "domain,slug,destination\n";
    for (int i = 0; i < linkCount; ++i)
        table += "localhost,k" + QByteArray::number(i) + ",https://shop.example/" + QByteArray::number(i) + "\n";
    QFile file(backend.folder() + "/../links.csv");
    if (!file.open(QIODevice::WriteOnly) || file.write(table) != table.size())
        return;
    file.close();
    backend.command({"import", file.fileName(), "--format", "csv"});
}

// Sends the clicks, and notes when each was answered; 0 = not answered.
void sendClicks(std::uint16_t port, std::vector<std::int64_t>& answeredNs, double perSecond)
{
    runtime::HttpSender sender({.host = "127.0.0.1", .port = port, .connections = connections, .timeoutMs = 5000});
    std::size_t sent = 0;
    sender.run(
        [&]() -> std::optional<runtime::OutgoingRequest> {
            if (sent == answeredNs.size())
                return std::nullopt;
            runtime::OutgoingRequest request;
            request.target =
                "/k" + std::to_string(sent * 7919 % linkCount) + "?qr=poster&utm_term=" + std::to_string(sent);
            request.headers = {{"Host", "localhost"},
                               {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
                               {"X-Forwarded-For", networks[sent % 5] + std::to_string(sent / 5 % 200 + 1)}};
            request.notBeforeMs = static_cast<std::int64_t>(static_cast<double>(sent++) * 1000 / perSecond);
            return request;
        },
        [&](const runtime::OutgoingRequest& request, const runtime::HttpOutcome& outcome) {
            if (outcome.status == 302)
                answeredNs[std::stoul(request.target.substr(request.target.rfind('=') + 1))] = nowNs();
        });
}

double percentile(const std::vector<double>& sorted, double p)
{
    return sorted.empty()
               ? 0
               : sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(p * static_cast<double>(sorted.size())))];
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    QCommandLineParser options;
    options.addOptions({{"sessions", "consoles", "n", "1000"},
                        {"rate", "clicks a second", "n", "2000"},
                        {"seconds", "of clicks", "n", "15"}});
    options.process(application);
    const int sessions = options.value("sessions").toInt();
    const double rate = options.value("rate").toDouble();
    const double seconds = options.value("seconds").toDouble();
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);

    BackendProcess backend;
    makeLinks(backend);
    if (!backend.start()) {
        std::fprintf(stderr, "%s\n", qPrintable(backend.error()));
        return 1;
    }
    const long before = residentKib(backend.processId());
    asio::io_context io;
    std::vector<Arrival> arrivals;
    std::vector<std::shared_ptr<Console>> consoles;
    std::set<std::string> filters;
    for (int i = 0; i < sessions; ++i) {
        const protocol::StreamFilter filter = filterOf(i);
        filters.insert(protocol::jsonOf(filter));
        consoles.push_back(std::make_shared<Console>(io, arrivals));
        consoles.back()->connect(backend.streamPort(), backend.token().toStdString(), filter);
        consoles.back()->read();
    }
    const auto runUntil = [&](const auto& done, int withinMs) {
        QElapsedTimer waited;
        waited.start();
        while (!done() && waited.elapsed() < withinMs)
            io.run_for(std::chrono::milliseconds(50));
    };
    runUntil([&] { return std::ranges::all_of(consoles, [](const auto& one) { return one->subscribed; }); }, 30'000);
    const long connected = residentKib(backend.processId());

    std::vector<std::int64_t> answeredNs(static_cast<std::size_t>(rate * seconds), 0);
    std::atomic<bool> finished{false};
    runtime::ThreadOwner threads;
    const double cpu = cpuSeconds(backend.processId());
    const std::int64_t begun = nowNs();
    threads.start("clicks", [&] {
        sendClicks(backend.redirectPort(), answeredNs, rate);
        finished = true;
    });
    runUntil([&] { return finished.load(); }, INT_MAX);
    const double cores = (cpuSeconds(backend.processId()) - cpu) / (static_cast<double>(nowNs() - begun) / 1e9);
    threads.join();
    // What is under way: until two seconds bring nothing new.
    for (std::size_t seen = SIZE_MAX; seen != arrivals.size();) {
        seen = arrivals.size();
        io.run_for(std::chrono::seconds(2));
    }
    const long after = residentKib(backend.processId());

    std::vector<double> ms;
    for (const Arrival& arrival : arrivals) {
        if (answeredNs[arrival.click] != 0)
            ms.push_back(static_cast<double>(std::max<std::int64_t>(0, arrival.atNs - answeredNs[arrival.click])) /
                         1e6);
    }
    std::sort(ms.begin(), ms.end());
    std::uint64_t frames = 0, bytes = 0, dropped = 0;
    std::size_t live = 0;
    std::string trouble;
    for (const auto& one : consoles) {
        frames += one->frames;
        bytes += one->bytes;
        dropped += one->dropped;
        live += one->subscribed && one->trouble.empty() ? 1 : 0;
        if (trouble.empty() && !one->trouble.empty())
            trouble = one->trouble;
    }
    if (!trouble.empty())
        std::fprintf(stderr, "a session: %s\n", trouble.c_str());
    const auto answered =
        answeredNs.size() - static_cast<std::size_t>(std::count(answeredNs.begin(), answeredNs.end(), 0));
    std::printf(
        "{\"sessions\":%d,\"live\":%zu,\"filters\":%zu,\"clicks\":%zu,\"rows\":%zu,\"frames\":%llu,\"mib_sent\":%.1f,"
        "\"dropped\":%llu,"
        "\"p50_ms\":%.1f,\"p99_ms\":%.1f,\"max_ms\":%.1f,\"backend_cores\":%.2f,\"kib_per_session_connected\":%.1f,"
        "\"kib_per_session_under_load\":%.1f}\n",
        sessions, live, filters.size(), answered, ms.size(), static_cast<unsigned long long>(frames),
        static_cast<double>(bytes) / 1048576, static_cast<unsigned long long>(dropped), percentile(ms, 0.5),
        percentile(ms, 0.99), percentile(ms, 1), cores, static_cast<double>(connected - before) / sessions,
        static_cast<double>(after - before) / sessions);
    return live == static_cast<std::size_t>(sessions) ? 0 : 1;
}
