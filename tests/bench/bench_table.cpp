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
#include <QQuickWidget>
#include <QSortFilterProxyModel>
#include <QTemporaryDir>
#include <QThread>
#include <QTimer>

#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>

#include "app/archive/archive.h"
#include "app/models/hit_table_model.h"
#include "app/pages/live/live_page.h"
#include "app/pages/live/live_table.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/theme/appearance.h"
#include "tests/app/pages/feeder.h"
#include "tests/bench/table_traffic.h"

using models::HitTableModel;
using protocol::HitSeq;

namespace {

constexpr int framesASecond = 20;
constexpr int windowsASecond = 2;
constexpr int rowsASecond = 10'000;

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

// What the C library has given out, from its own memory and by mapping.
std::size_t heapBytes()
{
    const struct mallinfo2 info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
}

// Model and view on rows that are there, painted.
std::size_t heapOfTheTable(state::LiveState& live)
{
    const std::size_t before = heapBytes();
    HitTableModel model(live);
    live::LiveTable table(model);
    table.resize(1200, 700);
    table.show();
    QApplication::processEvents();
    table.grab();
    return heapBytes() - before;
}

// Beside the ring; what a table of a single row takes, fonts and flags among it, is not the rows'.
double viewBytes(state::LiveState& live)
{
    state::LiveState little(1);
    Traffic traffic;
    little.applyFrame(traffic.frame(1, 1'772'366'400'000));
    heapOfTheTable(live); // shapes and pictures are made
    const auto few = static_cast<double>(heapOfTheTable(little));
    return std::max(0.0, static_cast<double>(heapOfTheTable(live)) - few);
}

double cpuSeconds(clockid_t clock)
{
    timespec at{};
    ::clock_gettime(clock, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) / 1e9;
}

struct Busy {
    double share = 0, longestMs = 0;
    int frames = 0, windows = 0, tablePaints = 0, mapPaints = 0;
    bool mapShown = false;
};

// How often a widget was painted, and whether something of it was.
class Paints final : public QObject {
public:
    explicit Paints(QObject* of) { of->installEventFilter(this); }
    int count() const { return m_count; }

protected:
    bool eventFilter(QObject*, QEvent* event) override
    {
        m_count += event->type() == QEvent::Paint;
        return false;
    }

private:
    int m_count = 0;
};

// What the backend sends beside the rows: the live window twice a second, each with other figures than the one before.
std::vector<protocol::Window> windows(int seconds)
{
    state::LiveState elsewhere(1000);
    Feeder feeder(elsewhere, QDateTime::currentMSecsSinceEpoch());
    feeder.feed(50'000, 1800);
    std::vector<protocol::Window> all;
    for (int i = 0; i < seconds * windowsASecond; ++i) {
        feeder.feed(rowsASecond / windowsASecond, 1800);
        all.push_back(feeder.window());
    }
    return all;
}

void showFully(live::LivePage& page, Feeder& feeder, const protocol::Window& window, state::LiveState& live)
{
    page.resize(1920, 1032);
    page.show();
    feeder.connect();
    live.applyWindow(window);
    page.setRollups(feeder.rollups(protocol::Granularity::Minute, 60), protocol::Granularity::Minute,
                    protocol::UtcMs(feeder.nowMs() - 60 * protocol::msPerMinute), protocol::UtcMs(feeder.nowMs()), {});
    QEventLoop loop;
    QTimer::singleShot(1500, &loop, &QEventLoop::quit); // the docks find their places, first pictures are made
    loop.exec();
    page.grab();
}

// The whole page in its usual size, the map in it, in software. Frames and windows are made beforehand: what the thread
// spends, in its own CPU time, is the console's, from the taking of a frame to the painted pixels. The ring is full.
Busy busyWithThePage(state::LiveState& live, Traffic& traffic, int seconds, const QString& picture)
{
    Feeder feeder(live, QDateTime::currentMSecsSinceEpoch());
    live::LivePage page(live);
    const std::vector<protocol::Window> figures = windows(seconds);
    std::vector<state::FramePtr> frames;
    for (int i = 0; i < seconds * framesASecond; ++i)
        frames.push_back(traffic.frame(rowsASecond / framesASecond, QDateTime::currentMSecsSinceEpoch() + i * 50));
    showFully(page, feeder, figures.front(), live);
    Busy out;
    const auto* map = page.findChild<widgets::WorldMap*>();
    out.mapShown = map->isVisible();
    const Paints table(page.findChild<live::LiveTable*>()->viewport()), mapPaints(map->findChild<QQuickWidget*>());
    QEventLoop loop;
    QTimer clock;
    clock.setTimerType(Qt::PreciseTimer);
    std::size_t next = 0;
    QElapsedTimer wall;
    QObject::connect(&clock, &QTimer::timeout, &loop, [&] {
        // As many as are due: a machine that is slow to wake must not be fed more slowly.
        const auto due = static_cast<std::size_t>(wall.elapsed() * framesASecond / 1000);
        for (; next < std::min(due, frames.size()); ++next) {
            live.applyFrame(frames[next]);
            if (next % (framesASecond / windowsASecond) == 0)
                live.applyWindow(figures[next / (framesASecond / windowsASecond)]);
        }
        if (next == frames.size())
            loop.quit();
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
    out.frames = static_cast<int>(next);
    out.windows = static_cast<int>(figures.size());
    out.tablePaints = table.count();
    out.mapPaints = mapPaints.count();
    page.refreshNow(); // a table that waits for its next painting would be blank
    if (!picture.isEmpty())
        page.grab().save(picture);
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
        QObject::connect(&one, &archive::Archive::hits, &live, [&](const state::ColumnsPtr& hits) {
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
                        {"rounds", "of refiltering", "n", "5"},
                        {"picture", "of the page after the rows came", "file.png"}});
    options.process(application);
    const std::size_t rows = options.value("rows").toULongLong();
    const int rounds = options.value("rounds").toInt();
    widgets::Appearance appearance(application);

    state::LiveState live(rows);
    Traffic traffic;
    while (traffic.seq() < rows)
        live.applyFrame(traffic.frame(4000, static_cast<std::int64_t>(1'772'366'400'000 + traffic.seq() / 10)));
    double sameMs = 0, peerMs = 1e18;
    Refilter ours;
    int ourRows = 0, peerRows = 0;
    {
        HitTableModel model(live);
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
    const double viewPerRow = viewBytes(live) / static_cast<double>(rows);
    const double bytes = static_cast<double>(live.ring().bytes()) / static_cast<double>(rows) + viewPerRow;
    QTemporaryDir folder;
    const Start start = startFromArchive(folder.path(), rows);
    const Busy busy = busyWithThePage(live, traffic, options.value("seconds").toInt(), options.value("picture"));
    std::printf(
        "{\"rows\":%zu,\"refilter_ms\":%.1f,\"slowest_filter\":\"%s\",\"same_filter_ms\":%.1f,\"filtered_rows\":%d,"
        "\"bytes_per_row\":%.1f,\"view_bytes_per_row\":%.1f,\"gui_busy_percent\":%.1f,\"gui_longest_ms\":%.1f,"
        "\"frames\":%d,\"windows\":%d,"
        "\"table_paints\":%d,\"map_paints\":%d,\"map_shown\":%s,"
        "\"start_seconds\":%.2f,\"rows_restored\":%zu,\"start_gui_us_per_row\":%.2f,"
        "\"start_archive_us_per_row\":%.2f,\"proxy_refilter_ms\":%.1f,\"proxy_rows\":%d}\n",
        rows, ours.worstMs, ours.slowest.c_str(), sameMs, ourRows, bytes, viewPerRow, busy.share * 100, busy.longestMs,
        busy.frames, busy.windows, busy.tablePaints, busy.mapPaints, busy.mapShown ? "true" : "false", start.seconds,
        start.restored, start.guiUs, start.archiveUs, peerMs, peerRows);
    return 0;
}
