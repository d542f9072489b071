// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <random>

#include "backend/protocol/codec.h"
#include "backend/protocol/limits.h"
#include "tests/backend/protocol/message_samples.h"

using namespace protocol;

namespace {

std::string errorOf(std::string_view json)
{
    return decode(json, Encoding::Json).error;
}

std::string repeated(std::string_view piece, std::size_t times)
{
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += piece;
    return out;
}

struct ErrorCase {
    std::string json, error;
};

std::vector<ErrorCase> errorCases()
{
    return {
        {"", "type message"},
        {"[]", "type message"},
        {"{}", "missing type"},
        {R"({"type":7})", "type type"},
        {R"({"type":"ping","echo":"x"})", "type echo"},
        {R"({"type":"ping","echo":1} x)", "malformed message"},
        {R"({"type":"ping","echo":9223372036854775808})", "range echo"},
        {R"({"type":"subscribe","cursor":-1})", "range cursor"},
        {R"({"type":"credit","frames":2147483648})", "range frames"},
        {R"({"type":"subscribe","filter":{"touches":["tap"]}})", "word filter.touches"},
        {R"({"type":"subscribe","filter":{"links":[")" + std::string(513, 'x') + R"("]}})", "limit filter.links 512"},
        {R"({"type":"subscribe","filter":{"links":["a")" + repeated(",\"a\"", 256) + "]}}", "limit filter.links 256"},
        {R"({"type":"frame","hits":[{"seq":1})" + repeated(",{\"seq\":1}", 4096) + "]}", "limit hits 4096"},
        {R"({"type":"frame","hits":[{}]})", "missing hits"},
        {R"({"type":"frame","hits":[{"seq":1,"slug":")" + std::string(256, 's') + "\"}]}", "limit hits.slug 255"},
        {"{\"type\":\"bye\",\"field\":\"\xC3\"}", "utf8 field"},
        {R"({"type":"bye","field":"\ud800"})", "utf8 field"},
        {std::string(limits::serverMessageBytes + 1, ' '), "limit message 4194304"},
    };
}

// One change to the bytes: what networks, broken programs and attackers do.
void mutate(std::string& bytes, std::mt19937& random)
{
    const std::size_t at = bytes.empty() ? 0 : random() % bytes.size();
    switch (random() % 7) {
    case 0:
        bytes.resize(at);
        break;
    case 1:
        bytes.insert(at, 1, static_cast<char>(random()));
        break;
    case 2:
        if (!bytes.empty())
            bytes[at] = static_cast<char>(random());
        break;
    case 3:
        if (!bytes.empty())
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
        break;
    case 4:
        bytes.insert(at, bytes.substr(at, random() % 32));
        break;
    case 5:
        bytes.erase(at, random() % 16);
        break;
    default:
        if (!bytes.empty()) // the largest length that a CBOR head can claim
            bytes.replace(at, 1, std::string(1, static_cast<char>((random() % 8) << 5 | 27)) + std::string(8, '\xFF'));
    }
}

} // namespace

class TstCodecHostile : public QObject {
    Q_OBJECT

private slots:
    void errorsNameFieldAndLimit()
    {
        for (const ErrorCase& broken : errorCases())
            QCOMPARE(errorOf(broken.json), broken.error);
    }

    void depthIsBounded()
    {
        QCOMPARE(errorOf(R"({"type":"ping","x":)" + repeated("[", 100'000)), std::string("depth message 16"));
        const std::string cbor = std::string("\xA2\x64type\x64ping\x61x", 13) + std::string(100'000, '\x81');
        QCOMPARE(decode(cbor, Encoding::Cbor).error, std::string("depth message 16"));
        const std::string maps =
            std::string("\xA2\x64type\x64ping\x61x", 13) + repeated(std::string_view("\xA1\x00", 2), 1000);
        QCOMPARE(decode(maps, Encoding::Cbor).error, std::string("depth message 16"));
        const std::string tags = std::string("\xA2\x64type\x64ping\x64"
                                             "echo",
                                             16) +
                                 std::string(1'000'000, '\xC1') + '\x05';
        const Decoded tagged = decode(tags, Encoding::Cbor);
        QVERIFY2(tagged.error.empty(), tagged.error.c_str());
    }

    void claimedLengthsAreNotBelieved()
    {
        for (const char* head : {"\x9B", "\xBB", "\x7B", "\x5B"}) {
            const std::string bytes = std::string("\xA2\x64type\x65"
                                                  "frame\x64hits",
                                                  17) +
                                      head + std::string(8, '\xFF');
            const Decoded decoded = decode(bytes, Encoding::Cbor);
            QVERIFY2(!decoded.error.empty(), head);
        }
    }

    void numbersThatAreNoneAreRefused()
    {
        for (const char* json : {"01", "+1", ".5", "1.", "1e", "-", "0x10", "NaN", "1e999", "--1", "1 2"})
            QVERIFY2(!errorOf(std::string(R"({"type":"ping","echo":)") + json + "}").empty(), json);
        for (const char* json : {"-0", "0", "1e2", "100E-2"})
            QVERIFY2(errorOf(std::string(R"({"type":"ping","echo":)") + json + "}").empty(), json);
    }

    void strictJsonAlone()
    {
        for (const char* json :
             {R"({"type":"ping",})", R"({"type":"ping" "echo":1})", R"({type:"ping"})",
              "{\"type\":\"ping\",\"x\":\"a\nb\"}", R"({"type":"ping","x":[1,]})", R"({"type":"ping","x":"\x"})",
              R"({"type":"ping","x":tru})", R"({"type":"ping"}})", R"({"type":"ping","x":[}]})"})
            QVERIFY2(!errorOf(json).empty(), json);
    }

    // Every truncation of every message is an error, never a crash and never a message.
    void everyTruncationIsAnError()
    {
        for (const Encoding encoding : {Encoding::Cbor, Encoding::Json}) {
            for (const auto& [name, message] : samples::all()) {
                const std::string bytes = encode(message, encoding);
                for (std::size_t length = 0; length < bytes.size(); ++length)
                    QVERIFY2(!decode(std::string_view(bytes).substr(0, length), encoding).error.empty(), name.c_str());
            }
        }
    }

    // 200,000 mutations, the same ones every time. Whatever still decodes must encode and decode to itself.
    void mutationsNeverCrash()
    {
        std::mt19937 random(20260301);
        const auto corpus = samples::all();
        int decodedCount = 0, refusedCount = 0;
        for (int round = 0; round < 200'000; ++round) {
            const Encoding encoding = round % 2 == 0 ? Encoding::Cbor : Encoding::Json;
            std::string bytes = encode(corpus[random() % corpus.size()].second, encoding);
            for (auto changes = 1 + random() % 4; changes > 0; --changes)
                mutate(bytes, random);
            const Decoded decoded = decode(bytes, encoding);
            if (!decoded.error.empty()) {
                QVERIFY(!decoded.message);
                ++refusedCount;
            } else if (decoded.message) {
                ++decodedCount;
                const Decoded again = decode(encode(*decoded.message, encoding), encoding);
                QVERIFY2(again.message == decoded.message, (again.error + ' ' + std::to_string(round)).c_str());
            }
        }
        QVERIFY(decodedCount > 1000);
        QVERIFY(refusedCount > 1000);
    }
};

QTEST_GUILESS_MAIN(TstCodecHostile)
#include "tst_codec_hostile.moc"
