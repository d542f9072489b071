// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <limits>
#include <random>
#include <system_error>

#include "backend/protocol/hit_bytes.h"
#include "backend/storage/spill_file.h"
#include "tests/support/faulty_files.h"
#include "tests/support/hit_samples.h"

using storage::SpillFile;
using support::hitsFrom;

namespace {

// A write that stops after so many bytes, as on a full disk; and a cut that fails.
class TearingFiles final : public support::FaultyFiles {
public:
    std::size_t bytesLeft = SIZE_MAX;
    bool failTruncate = false;

    std::size_t taken(const std::string&, std::size_t bytes) override
    {
        const std::size_t through = std::min(bytes, bytesLeft);
        bytesLeft -= through;
        return through;
    }
    void beforeTruncate(const std::string&) override
    {
        if (failTruncate)
            throw std::system_error(EIO, std::generic_category(), "cannot truncate");
    }
};

bool isOneHit(std::string_view bytes)
{
    protocol::VarintReader reader(bytes);
    protocol::HitView hit;
    return protocol::takeHit(reader, hit) && reader.isReadOut();
}

} // namespace

class SpillFileTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    TearingFiles m_files;
    std::string folder() const { return m_dir->path().toStdString(); }
    QString path() const { return m_dir->path() + "/spill/hits.spill"; }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_files.bytesLeft = SIZE_MAX;
        m_files.failTruncate = false;
    }

    void keepsOrderAndFieldsOverAReopening()
    {
        auto hits = hitsFrom(10, 5);
        hits[2] = protocol::Hit();
        hits[2].seq = protocol::HitSeq(12);
        hits[3].time = protocol::UtcMs(-5);
        hits[4].destination = std::string(8192, 'd');
        {
            SpillFile spill(m_files, folder());
            spill.append(std::span(hits).first(2));
            spill.append(std::span(hits).subspan(2));
        }
        SpillFile spill(m_files, folder());
        QCOMPARE(spill.hits(), std::uint64_t(5));
        QCOMPARE(spill.lastSeqFound(), protocol::HitSeq(14));
        QCOMPARE(spill.front(100), hits);
    }

    void takesInPieceByPieceAndIsCutAtTheEnd()
    {
        SpillFile spill(m_files, folder());
        const auto hits = hitsFrom(1, 10);
        spill.append(std::span(hits).first(7));
        QCOMPARE(spill.front(4).size(), std::size_t(4));
        spill.append(std::span(hits).subspan(7));
        spill.drop();
        QCOMPARE(spill.front(4).front().seq, protocol::HitSeq(5));
        QCOMPARE(spill.front(100).size(), std::size_t(6));
        spill.drop();
        QVERIFY(spill.isEmpty());
        QCOMPARE(spill.hits(), std::uint64_t(0));
        QCOMPARE(QFile(path()).size(), qint64(0));
        spill.append(std::span(hits).first(1));
        QCOMPARE(spill.front(9).size(), std::size_t(1));
    }

    void readsEveryWholeRecordOfAFileTornAtAnyByte()
    {
        const auto hits = hitsFrom(1, 3);
        std::vector<qint64> ends{0};
        {
            SpillFile spill(m_files, folder());
            for (std::size_t at = 0; at < hits.size(); ++at) {
                spill.append(std::span(hits).subspan(at, 1));
                ends.push_back(QFile(path()).size());
            }
        }
        QFile whole(path());
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray bytes = whole.readAll();
        for (qsizetype length = 0; length <= bytes.size(); ++length) {
            QFile file(path());
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes.first(length)) == length);
            file.close();
            SpillFile spill(m_files, folder());
            std::size_t expected = 0;
            while (expected + 1 < ends.size() && ends[expected + 1] <= length)
                ++expected;
            QCOMPARE(spill.front(10).size(), expected);
            QCOMPARE(spill.tornBytes(), static_cast<std::uint64_t>(length - ends[expected]));
            // And it can be written on.
            spill.append(std::span(hits).first(1));
            QCOMPARE(spill.front(10).size(), expected + 1);
        }
    }

    void stopsAtARecordWithAFlippedBit()
    {
        const auto hits = hitsFrom(1, 3);
        {
            SpillFile spill(m_files, folder());
            spill.append(hits);
        }
        QFile file(path());
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        QVERIFY(file.seek(0) && file.write(bytes) == bytes.size());
        file.close();
        QCOMPARE(SpillFile(m_files, folder()).front(10).size(), std::size_t(1));
    }

    void isAsItWasWhenAWriteTearsAnywhere()
    {
        const auto hits = hitsFrom(1, 3);
        std::string one;
        protocol::appendHitBytes(one, hits[0]);
        for (std::size_t room = 0; room < one.size() * 2; room += 7) {
            for (const bool cutFails : {false, true}) {
                init();
                {
                    SpillFile spill(m_files, folder());
                    spill.append(std::span(hits).first(1));
                    m_files.bytesLeft = room;
                    m_files.failTruncate = cutFails;
                    QVERIFY_THROWS_EXCEPTION(std::system_error, spill.append(std::span(hits).subspan(1)));
                    QCOMPARE(spill.front(10).size(), std::size_t(1));
                    m_files.bytesLeft = SIZE_MAX;
                    m_files.failTruncate = false;
                    spill.append(std::span(hits).subspan(2));
                }
                SpillFile spill(m_files, folder());
                const auto found = spill.front(10);
                QCOMPARE(found.size(), std::size_t(2));
                QCOMPARE(found[1], hits[2]);
            }
        }
    }

    void aNumberThatItsFieldCannotHoldIsNoHit()
    {
        const auto written = [](std::size_t place, std::uint64_t value) {
            std::string bytes;
            for (std::size_t at = 0; at < 14; ++at)
                protocol::putVarint(bytes, at == place ? value : 1);
            return bytes.append(protocol::hitTexts.size(), '\0');
        };
        // The largest that each number may be, by its place: the version first, the rule's version last.
        const std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
        const std::array<std::uint64_t, 14> most{1,         all,       all,        UINT32_MAX, all,
                                                 all,       UINT8_MAX, UINT8_MAX,  UINT8_MAX,  UINT8_MAX,
                                                 UINT8_MAX, 1,         UINT16_MAX, UINT32_MAX};
        for (std::size_t place = 0; place < most.size(); ++place) {
            QVERIFY2(isOneHit(written(place, most[place])), qPrintable(QString::number(place)));
            if (most[place] != all)
                QVERIFY2(!isOneHit(written(place, most[place] + 1)), qPrintable(QString::number(place)));
        }
    }

    void refusesBytesThatAreNoHit()
    {
        std::string bytes;
        protocol::appendHitBytes(bytes, support::hitAt(support::noon, 5));
        QVERIFY(isOneHit(bytes));
        QVERIFY(!isOneHit(bytes + "x"));
        std::mt19937 random(4);
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY(!isOneHit(std::string_view(bytes).substr(0, length)));
        for (int round = 0; round < 2000; ++round) {
            std::string other = bytes;
            other[random() % other.size()] = static_cast<char>(random());
            isOneHit(other); // anything but a crash
        }
    }
};

QTEST_GUILESS_MAIN(SpillFileTest)
#include "tst_spill_file.moc"
