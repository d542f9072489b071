// SPDX-License-Identifier: GPL-3.0-or-later
// The console's table at full size: what a new display filter over all rows takes, beside QSortFilterProxyModel over
// the same model; what of the GUI thread 10,000 rows a second cost with the whole Live page on screen; bytes a row; and
// how long a start from the archive takes until all rows are in the model.
//
//     bench_table [--rows 1000000] [--seconds 10] [--rounds 5]      prints one JSON object on its last line
#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QSortFilterProxyModel>
#include <QTemporaryDir>
#include <QThread>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>
#include <random>

#include "app/archive/archive.h"
#include "app/models/hit_table_model.h"
#include "app/pages/live/live_page.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/theme/appearance.h"
#include "tests/app/pages/feeder.h"

using models::HitTableModel;
using protocol::HitSeq;

namespace {

constexpr int framesASecond = 20;
constexpr int rowsASecond = 10'000;

// Traffic of a large campaign: 2,000 links, 200 places, 20,000 referrers, 200,000 visitors.
protocol::Hit campaignHit(std::uint64_t seq, std::int64_t timeMs, std::uint32_t dice)
{
    static const char* const countries[] = {"DE", "US", "FR", "GB", "IN", "BR", "JP", ""};
    protocol::Hit hit;
    hit.seq = HitSeq(seq);
    hit.time = protocol::UtcMs(timeMs);
    hit.visitor = protocol::VisitorKey(0x9e3779b97f4a7c15ULL * (dice % 200'000 + 1));
    hit.botCategory = dice % 6 == 0 ? protocol::BotCategory::Preview : protocol::BotCategory::Human;
    hit.hitClass = dice % 50 == 0 ? protocol::HitClass::Miss : protocol::HitClass::Click;
    hit.touch = dice % 4 == 0 ? protocol::TouchType::Qr : protocol::TouchType::Link;
    hit.device = static_cast<protocol::DeviceType>(dice % 4);
    hit.status = 302;
    hit.domain = "go.acme.example";
    hit.slug = "launch/" + std::to_string(dice % 2000);
    hit.country = countries[dice % 8];
    hit.city = "City " + std::to_string(dice % 200);
    hit.referrer = dice % 3 == 0 ? "" : "site" + std::to_string(dice % 20'000) + ".example";
    hit.campaign = "spring-" + std::to_string(dice % 12);
    hit.destination = "https://shop.example/landing/" + std::to_string(dice % 2000);
    hit.os = "Android";
    hit.browser = "Chrome";
    return hit;
}

class Traffic {
public:
    state::FramePtr frame(int hits, std::int64_t timeMs)
    {
        auto frame = std::make_shared<protocol::Frame>();
        frame->first = HitSeq(m_seq + 1);
        for (int i = 0; i < hits; ++i)
            frame->hits.push_back(campaignHit(++m_seq, timeMs, static_cast<std::uint32_t>(m_random())));
        frame->last = HitSeq(m_seq);
        return frame;
    }
    std::uint64_t seq() const { return m_seq; }

private:
    std::uint64_t m_seq = 0;
    std::mt19937 m_random{7};
};

// The usual way: a filter proxy that asks the source for the cells it compares.
class Proxy final : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setWanted(std::vector<std::pair<int, QString>> wanted)
    {
        m_wanted = std::move(wanted);
        invalidateRowsFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        return std::ranges::all_of(m_wanted, [&](const auto& cell) {
            return sourceModel()
                ->index(row, cell.first, parent)
                .data()
                .toString()
                .contains(cell.second, Qt::CaseInsensitive);
        });
    }

private:
    std::vector<std::pair<int, QString>> m_wanted;
};

double msSince(const QElapsedTimer& timer)
{
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

// At its best of the rounds; all rows are shown before each.
double refilterMs(HitTableModel& model, const char* text, int rounds)
{
    const protocol::FilterParse parse = protocol::parseFilter(text);
    double best = 1e18;
    for (int i = 0; i < rounds; ++i) {
        model.setDisplayFilter({});
        QElapsedTimer timer;
        timer.start();
        model.setDisplayFilter(parse.root);
        best = std::min(best, msSince(timer));
    }
    return best;
}

struct Refilter {
    double worstMs = 0;
    std::string slowest;
};

Refilter refilter(HitTableModel& model, int rounds)
{
    Refilter out;
    for (const char* text : {"country:DE,US and not bot", "slug~launch/19", "münchen", "site77", "class:miss",
                             "qr and country:DE and city~1 and not bot", "visitor~beef", "time~12:00:01", "seq~777",
                             "channel~site1", "country:XX"}) {
        const double ms = refilterMs(model, text, rounds);
        std::fprintf(stderr, "%-45s %6.1f ms, %d rows\n", text, ms, model.rowCount());
        if (ms > out.worstMs)
            out = {ms, text};
    }
    return out;
}

double cpuSeconds(clockid_t clock)
{
    timespec at{};
    ::clock_gettime(clock, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) / 1e9;
}

struct Busy {
    double share = 0, longestMs = 0;
    int rows = 0;
};

// The whole page, frames made beforehand: what the thread spends is the console's.
Busy busyWithThePage(state::LiveState& live, Traffic& traffic, int seconds)
{
    Feeder feeder(live, QDateTime::currentMSecsSinceEpoch());
    live::LivePage page(live);
    page.resize(1920, 1032);
    page.show();
    feeder.connect();
    std::vector<state::FramePtr> frames;
    for (int i = 0; i < seconds * framesASecond; ++i)
        frames.push_back(traffic.frame(rowsASecond / framesASecond, QDateTime::currentMSecsSinceEpoch() + i * 50));
    page.grab(); // the first pictures are made
    Busy out;
    QEventLoop loop;
    QTimer clock;
    std::size_t next = 0;
    QElapsedTimer wall;
    QObject::connect(&clock, &QTimer::timeout, &loop, [&] {
        if (next == frames.size())
            return loop.quit();
        live.applyFrame(frames[next++]);
    });
    QElapsedTimer since;
    QTimer beat;
    QObject::connect(&beat, &QTimer::timeout, &loop, [&] {
        out.longestMs = std::max(out.longestMs, static_cast<double>(since.nsecsElapsed()) / 1e6);
        since.restart();
    });
    const double before = cpuSeconds(CLOCK_THREAD_CPUTIME_ID);
    wall.start();
    since.start();
    clock.start(1000 / framesASecond);
    beat.start(5);
    loop.exec();
    out.share = (cpuSeconds(CLOCK_THREAD_CPUTIME_ID) - before) / (static_cast<double>(wall.nsecsElapsed()) / 1e9);
    out.rows = page.model().rowCount();
    return out;
}

// A console that was full when it ended: its archive, on its own thread, into a new state and model.
struct Start {
    double seconds = 0, guiUs = 0, archiveUs = 0; // CPU time a row of the two threads, which work side by side
    std::size_t restored = 0;
};

Start startFromArchive(const QString& folder, std::uint64_t rows)
{
    const QByteArray key = archive::Sealing::newKey();
    const QString address = QStringLiteral("http://127.0.0.1:1");
    QThread thread;
    thread.start();
    const auto run = [&](const std::function<void(archive::Archive&)>& act) {
        auto* one = new archive::Archive(folder);
        one->moveToThread(&thread);
        act(*one);
        one->flush();
        QMetaObject::invokeMethod(one, [one] { delete one; }, Qt::BlockingQueuedConnection);
    };
    run([&](archive::Archive& one) {
        QEventLoop loop;
        QObject::connect(&one, &archive::Archive::ready, &loop, &QEventLoop::quit);
        one.open(address, key, false);
        loop.exec();
        protocol::Hello hello;
        hello.dataId = "bench";
        hello.workspace = "acme";
        hello.lastSeq = HitSeq(rows);
        one.noteHello(hello);
        Traffic traffic;
        while (traffic.seq() < rows) {
            one.noteFrame(traffic.frame(1000, static_cast<std::int64_t>(1'772'366'400'000 + traffic.seq() / 10)));
            one.flush();
            QMetaObject::invokeMethod(&one, [] {}, Qt::BlockingQueuedConnection);
        }
    });
    state::LiveState live;
    HitTableModel model(live);
    Start out;
    run([&](archive::Archive& one) {
        QEventLoop loop;
        QObject::connect(&one, &archive::Archive::known, &live, &state::LiveState::restore);
        QObject::connect(&one, &archive::Archive::hits, &live, [&](const state::FramePtr& hits) {
            live.restoreHits(hits);
            one.hitsTaken();
        });
        QObject::connect(&one, &archive::Archive::ready, &loop, &QEventLoop::quit);
        QElapsedTimer timer;
        timer.start();
        const double gui = cpuSeconds(CLOCK_THREAD_CPUTIME_ID), both = cpuSeconds(CLOCK_PROCESS_CPUTIME_ID);
        one.open(address, key, true);
        loop.exec();
        out.seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
        out.guiUs = cpuSeconds(CLOCK_THREAD_CPUTIME_ID) - gui;
        out.archiveUs = cpuSeconds(CLOCK_PROCESS_CPUTIME_ID) - both - out.guiUs;
    });
    thread.quit();
    thread.wait();
    out.restored = static_cast<std::size_t>(model.rowCount());
    for (double* us : {&out.guiUs, &out.archiveUs})
        *us *= 1e6 / static_cast<double>(std::max<std::size_t>(1, out.restored));
    return out;
}

} // namespace

int main(int argc, char** argv)
{
    widgets::chooseGraphics(true);
    QApplication application(argc, argv);
    QCommandLineParser options;
    options.addOptions({{"rows", "in the ring", "n", "1000000"},
                        {"seconds", "of arriving rows", "s", "10"},
                        {"rounds", "of refiltering", "n", "5"}});
    options.process(application);
    const std::size_t rows = options.value("rows").toULongLong();
    const int rounds = options.value("rounds").toInt();
    widgets::Appearance appearance(application);

    state::LiveState live(rows);
    Traffic traffic;
    while (traffic.seq() < rows)
        live.applyFrame(traffic.frame(4000, static_cast<std::int64_t>(1'772'366'400'000 + traffic.seq() / 10)));
    double bytes = 0, sameMs = 0, peerMs = 1e18;
    Refilter ours;
    int ourRows = 0, peerRows = 0;
    {
        HitTableModel model(live);
        bytes = static_cast<double>(live.ring().bytes()) / static_cast<double>(rows) + sizeof(std::uint32_t);
        ours = refilter(model, rounds);
        sameMs = refilterMs(model, "slug~launch/19", rounds);
        ourRows = model.rowCount();
        HitTableModel source(live);
        Proxy proxy;
        proxy.setSourceModel(&source);
        for (int i = 0; i < std::min(rounds, 3); ++i) {
            proxy.setWanted({});
            proxy.rowCount();
            QElapsedTimer timer;
            timer.start();
            proxy.setWanted({{static_cast<int>(HitTableModel::Link), QStringLiteral("launch/19")}});
            peerRows = proxy.rowCount(); // the proxy filters when it is asked
            peerMs = std::min(peerMs, msSince(timer));
        }
    }
    QTemporaryDir folder;
    const Start start = startFromArchive(folder.path(), rows);
    const Busy busy = busyWithThePage(live, traffic, options.value("seconds").toInt());
    std::printf(
        "{\"rows\":%zu,\"refilter_ms\":%.1f,\"slowest_filter\":\"%s\",\"same_filter_ms\":%.1f,\"filtered_rows\":%d,"
        "\"bytes_per_row\":%.1f,\"gui_busy_percent\":%.1f,\"gui_longest_ms\":%.1f,\"page_rows\":%d,"
        "\"start_seconds\":%.2f,\"rows_restored\":%zu,\"start_gui_us_per_row\":%.2f,"
        "\"start_archive_us_per_row\":%.2f,\"proxy_refilter_ms\":%.1f,\"proxy_rows\":%d}\n",
        rows, ours.worstMs, ours.slowest.c_str(), sameMs, ourRows, bytes, busy.share * 100, busy.longestMs, busy.rows,
        start.seconds, start.restored, start.guiUs, start.archiveUs, peerMs, peerRows);
    return 0;
}
