// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "backend/protocol/codec.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/packed_hits.h"
#include "backend/protocol/words.h"
#include "tests/backend/protocol/message_samples.h"

using namespace protocol;

namespace {

std::string bytesOf(std::initializer_list<int> values)
{
    std::string bytes;
    for (const int value : values)
        bytes += static_cast<char>(value);
    return bytes;
}

template <class T> T taken(const Decoded& decoded)
{
    return decoded.message && std::holds_alternative<T>(*decoded.message) ? std::get<T>(*decoded.message) : T{};
}

template <class T> T fromJson(const char* json)
{
    return taken<T>(decode(json, Encoding::Json));
}

} // namespace

class TstCodec : public QObject {
    Q_OBJECT

private slots:
    void everyMessageRoundTrips()
    {
        for (const Encoding encoding : {Encoding::Cbor, Encoding::Json}) {
            for (const auto& [name, message] : samples::all()) {
                const Decoded decoded = decode(encode(message, encoding), encoding);
                QVERIFY2(decoded.error.empty(), decoded.error.c_str());
                QVERIFY2(decoded.message == message, name.c_str());
            }
        }
    }

    void aFrameOfViewsIsTheSameFrame()
    {
        const Frame frame{HitSeq{1}, HitSeq{2}, {samples::plainHit(1), samples::fullHit()}, 3, 4, true};
        const std::vector<HitView> hits{viewOf(frame.hits[0]), viewOf(frame.hits[1])};
        Frame head = frame;
        head.hits.clear();
        for (const Encoding encoding : {Encoding::Cbor, Encoding::Json})
            QCOMPARE(encodeFrame(head, hits, encoding), encode(frame, encoding));
    }

    void aTimeBeyondTheCalendarIsTheSameInEitherEncoding()
    {
        // JSON's text ends with the year 9999; CBOR's number went on, so that what came by one was not what came by the
        // other.
        for (const std::int64_t ms : {INT64_MAX, INT64_MIN}) {
            Frame frame{HitSeq{1}, HitSeq{1}, {samples::plainHit(1)}, 0, 0, false};
            frame.hits[0].time = UtcMs{ms};
            const auto byNumber = taken<Frame>(decode(encode(frame, Encoding::Cbor), Encoding::Cbor));
            const auto byText = taken<Frame>(decode(encode(frame, Encoding::Json), Encoding::Json));
            QCOMPARE(byNumber.hits.size(), std::size_t(1));
            QVERIFY(byNumber == byText);
        }
        QCOMPARE(rfc3339(utcMsFrom("9999-12-31T23:59:59-05:00").value()), std::string("9999-12-31T23:59:59.999Z"));
        QCOMPARE(utcMsFrom("9999-12-31T23:59:59-05:00"), utcMsFrom("9999-12-31T23:59:59.999Z"));
    }

    void packedHitsAreTheHits()
    {
        HitBatch hits;
        for (const std::uint64_t seq : {3, 4, 8, 200, 1'000'000})
            hits.push_back(seq % 2 == 0 ? samples::fullHit() : samples::plainHit(seq)), hits.back().seq = HitSeq{seq};
        hits[3].destination = std::string(3000, 'd'); // beyond what is written at one go
        const PackedHits packed(hits);
        QCOMPARE(packed.hits(), hits);
        QCOMPARE(packed.firstSeq(), HitSeq{3});
        QCOMPARE(packed.lastSeq(), HitSeq{1'000'000});
        for (const auto& [after, place] :
             {std::pair{0, 0}, {2, 0}, {3, 1}, {5, 2}, {199, 3}, {200, 4}, {999'999, 4}, {1'000'000, 5}})
            QCOMPARE(packed.placeAfter(HitSeq{static_cast<std::uint64_t>(after)}), static_cast<std::size_t>(place));
        QCOMPARE(packed.part(1, 4).hits(), HitBatch(hits.begin() + 1, hits.begin() + 4));
        QVERIFY(packed.part(2, 2).empty());
        PackedHits again = packed;
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, again.add(hits.back()));
    }

    void fieldsMayComeInAnyOrderAndUnknownOnesAreSkipped()
    {
        const Decoded decoded = decode(
            R"( {"later":{"a":[1,2,{"b":null}]},"id":7,"type":"subscribe","x":1e3,"filter":{"bot":true,"new":[]}} )",
            Encoding::Json);
        QVERIFY2(decoded.error.empty(), decoded.error.c_str());
        const auto subscribe = taken<Subscribe>(decoded);
        QCOMPARE(subscribe.id, 7);
        QVERIFY(subscribe.filter.bot == std::optional(true));

        // {_ "type": "ping", 1: [_ 0], "echo": -3}, of indefinite length, with a number as a key and a tag before the
        // value
        std::string cbor = bytesOf({0xBF, 0x64}) + "type" + bytesOf({0x64}) + "ping" +
                           bytesOf({0x01, 0x9F, 0x00, 0xFF, 0x64}) + "echo" + bytesOf({0xC1, 0x22, 0xFF});
        const Decoded ping = decode(cbor, Encoding::Cbor);
        QVERIFY2(ping.error.empty(), ping.error.c_str());
        QCOMPARE(taken<Ping>(ping).echo, -3);
    }

    void unknownKindsAreNoError()
    {
        const Decoded json = decode(R"({"type":"weather","mood":[{"sunny":true}]})", Encoding::Json);
        QVERIFY(json.error.empty() && !json.message);
        const Decoded cbor = decode(bytesOf({0xA1, 0x64}) + "type" + bytesOf({0x63}) + "new", Encoding::Cbor);
        QVERIFY(cbor.error.empty() && !cbor.message);
    }

    void nullMeansNotGiven()
    {
        const auto subscribe = fromJson<Subscribe>(R"({"type":"subscribe","id":1,"cursor":null,"filter":null})");
        QCOMPARE(subscribe.id, 1);
        QVERIFY(!subscribe.cursor);
    }

    void wholeFractionsAreIntegers()
    {
        QCOMPARE(fromJson<Credit>(R"({"type":"credit","frames":1.6e1})").frames, 16);
        const std::string half = bytesOf({0xA2, 0x64}) + "type" + bytesOf({0x66}) + "credit" + bytesOf({0x66}) +
                                 "frames" + bytesOf({0xF9, 0x4C, 0x00});
        QCOMPARE(taken<Credit>(decode(half, Encoding::Cbor)).frames, 16);
        QCOMPARE(decode(R"({"type":"credit","frames":1.5})", Encoding::Json).error, std::string("range frames"));
    }

    // Found by fuzzing: their shortest form has no point, and no 64 bits hold it.
    void fractionsBeyondSixtyFourBitsComeBack()
    {
        Window window{samples::fullWindow()};
        for (const double value : {0x1p68, -0x1p68, 1e300}) {
            window.aggregate.clicksPerMinute = value;
            for (const Encoding encoding : {Encoding::Cbor, Encoding::Json})
                QCOMPARE(taken<Window>(decode(encode(window, encoding), encoding)).aggregate.clicksPerMinute, value);
        }
        QCOMPARE(decode(R"({"type":"credit","frames":99999999999999999999})", Encoding::Json).error,
                 std::string("range frames"));
    }

    // Found by fuzzing: CBOR took it, and JSON did not.
    void aHitWithoutItsNumberIsNone()
    {
        const Frame frame{HitSeq{1}, HitSeq{1}, {samples::plainHit(0)}, 0, 0, false};
        for (const Encoding encoding : {Encoding::Cbor, Encoding::Json})
            QCOMPARE(decode(encode(frame, encoding), encoding).error, std::string("missing hits"));
    }

    void sequencesBeyondFiftyThreeBitsAreExact()
    {
        const Frame frame{HitSeq{UINT64_MAX - 1}, HitSeq{UINT64_MAX}, {}, 0, 0, false};
        for (const Encoding encoding : {Encoding::Cbor, Encoding::Json})
            QVERIFY(taken<Frame>(decode(encode(frame, encoding), encoding)) == frame);
    }

    void laterPositionsAndNumbersOfAHitAreTaken()
    {
        Frame frame{HitSeq{1}, HitSeq{1}, {samples::plainHit(1)}, 0, 0, false};
        frame.hits[0].hitClass = static_cast<HitClass>(99);
        std::string bytes = encode(frame, Encoding::Cbor);
        QVERIFY(taken<Frame>(decode(bytes, Encoding::Cbor)) == frame);
        const std::size_t head = bytes.find(bytesOf({0x98, 32}));
        QVERIFY(head != std::string::npos);
        bytes[head + 1] = 34;
        bytes += bytesOf({0x61}) + "x" + bytesOf({0x80});
        QVERIFY(taken<Frame>(decode(bytes, Encoding::Cbor)) == frame);
        bytes = encode(frame, Encoding::Json);
        QCOMPARE(static_cast<int>(taken<Frame>(decode(bytes, Encoding::Json)).hits.at(0).hitClass), 255);
    }

    void whatIsWrittenCanAlwaysBeRead()
    {
        Frame frame{HitSeq{1}, HitSeq{1}, {samples::fullHit()}, 0, 0, false};
        frame.hits[0].slug = "\xFF\xFE broken";
        frame.hits[0].referrer = std::string(5000, 'r');
        frame.hits[0].city = std::string(127, 'c') + "\u00FC";
        for (const Encoding encoding : {Encoding::Cbor, Encoding::Json}) {
            const Decoded decoded = decode(encode(frame, encoding), encoding);
            QVERIFY2(decoded.error.empty(), decoded.error.c_str());
            const Hit hit = taken<Frame>(decoded).hits.at(0);
            QCOMPARE(hit.slug, std::string("\uFFFD\uFFFD broken"));
            QCOMPARE(hit.referrer.size(), limits::referrerBytes);
            QCOMPARE(hit.city.size(), std::size_t(127));
        }
    }

    void filtersOfTheApiAreRead()
    {
        std::string error;
        const auto filter = streamFilterFrom(jsonOf(samples::fullFilter()), error);
        QVERIFY2(filter.has_value(), error.c_str());
        QVERIFY(*filter == samples::fullFilter());
        QVERIFY(!streamFilterFrom(R"({"classes":["clack"]})", error));
        QCOMPARE(error, std::string("word filter.classes"));
        QVERIFY(!streamFilterFrom(R"({"links":)" + ("[\"" + std::string(513, 'x') + "\"]}"), error));
        QCOMPARE(error, std::string("limit filter.links 512"));
    }
};

QTEST_GUILESS_MAIN(TstCodec)
#include "tst_codec.moc"
