// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "backend/protocol/codec.h"
#include "tests/backend/protocol/message_samples.h"

using namespace protocol;

// A frame of 1,000 hits: divide by 1,000 for one hit.
class BenchCodec : public QObject {
    Q_OBJECT

private:
    static Frame frame()
    {
        Frame frame{HitSeq{1}, HitSeq{1000}, {}, 0, 0, false};
        for (std::uint64_t seq = 1; seq <= 1000; ++seq)
            frame.hits.push_back(samples::plainHit(seq));
        return frame;
    }

    static void encodeIt(Encoding encoding)
    {
        const Frame message = frame();
        std::vector<HitView> hits;
        for (const Hit& hit : message.hits)
            hits.push_back(viewOf(hit));
        std::size_t bytes = 0;
        QBENCHMARK
        {
            bytes = encodeFrame(message, hits, encoding).size();
        }
        qInfo("%zu bytes a hit", bytes / 1000);
    }

    static void decodeIt(Encoding encoding)
    {
        const std::string bytes = encode(frame(), encoding);
        QBENCHMARK
        {
            QVERIFY(decode(bytes, encoding).message);
        }
    }

private slots:
    void encodesCbor() { encodeIt(Encoding::Cbor); }
    void decodesCbor() { decodeIt(Encoding::Cbor); }
    void encodesJson() { encodeIt(Encoding::Json); }
    void decodesJson() { decodeIt(Encoding::Json); }
};

QTEST_GUILESS_MAIN(BenchCodec)
#include "bench_codec.moc"
