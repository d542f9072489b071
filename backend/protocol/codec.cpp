// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/codec.h"

#include "backend/protocol/limits.h"
#include "backend/protocol/wire/cbor_reader.h"
#include "backend/protocol/wire/cbor_writer.h"
#include "backend/protocol/wire/json_reader.h"
#include "backend/protocol/wire/json_writer.h"
#include "backend/protocol/wire/read.h"
#include "backend/protocol/wire/write.h"

namespace protocol {

namespace {

using namespace wire;

constexpr std::size_t typeBytesMax = 64;

// The fields of a frame but the hits, which follow one by one without a copy.
template <class W> struct FrameHeadWriter {
    W& out;
    std::span<const HitView> hits;

    template <class T> void operator()(std::string_view name, const T& value, std::size_t = 0)
    {
        out.key(name);
        if constexpr (std::is_same_v<T, HitBatch>) {
            out.beginArray(hits.size());
            for (const HitView& hit : hits) {
                out.item();
                write(out, hit);
            }
            out.endArray();
        } else {
            write(out, value);
        }
    }
};

template <class W> void writeFrame(W& out, const Frame& head, std::span<const HitView> hits)
{
    FieldCounter counter;
    fields(counter, head);
    out.beginMap(counter.count + 1);
    out.key("type");
    out.text(typeName<Frame>);
    FrameHeadWriter<W> writer{out, hits};
    fields(writer, head);
    out.endMap();
}

template <class T> std::string jsonText(const T& value)
{
    std::string out;
    JsonWriter writer(out);
    write(writer, value);
    return out;
}

// Looks ahead for the type; the reader is a copy.
template <class R> std::string typeOf(R in, std::string& error)
{
    std::string type;
    std::string_view key;
    if (in.beginMap()) {
        while (type.empty() && in.nextKey(key)) {
            if (key != "type") {
                in.skip();
                continue;
            }
            in.enter("type");
            if (in.readText(type, typeBytesMax) && type.empty())
                in.fail("missing");
            in.leave();
        }
        if (in.ok() && type.empty()) {
            in.enter("type");
            in.fail("missing");
        }
    }
    error = in.error();
    return type;
}

// Reads the message if its type is T's; true when it was.
template <class T, class R> bool readIf(R& in, std::string_view type, std::optional<Message>& message)
{
    if (type != typeName<T>)
        return false;
    T value;
    if (read(in, value) && in.atEnd())
        message = std::move(value);
    return true;
}

template <class... T, class R>
bool readAny(R& in, std::string_view type, std::optional<Message>& message, const std::variant<T...>*)
{
    return (readIf<T>(in, type, message) || ...);
}

template <class R> Decoded decodeWith(std::string_view bytes)
{
    Decoded decoded;
    R in(bytes);
    const std::string type = typeOf(in, decoded.error);
    if (!decoded.error.empty())
        return decoded;
    if (!readAny(in, type, decoded.message, static_cast<const Message*>(nullptr)) && in.skip())
        in.atEnd(); // an unknown kind must be well formed all the same
    decoded.error = in.error();
    return decoded;
}

} // namespace

std::string encodeFrame(const Frame& head, std::span<const HitView> hits, Encoding encoding)
{
    constexpr std::size_t hitBytesExpected = 240;
    std::string out;
    out.reserve(96 + hits.size() * hitBytesExpected);
    if (encoding == Encoding::Cbor) {
        CborWriter writer(out);
        writeFrame(writer, head, hits);
    } else {
        JsonWriter writer(out);
        writeFrame(writer, head, hits);
    }
    return out;
}

std::string encode(const Message& message, Encoding encoding)
{
    std::string out;
    std::visit(
        [&](const auto& value) {
            if (encoding == Encoding::Cbor) {
                CborWriter writer(out);
                write(writer, value);
            } else {
                JsonWriter writer(out);
                write(writer, value);
            }
        },
        message);
    return out;
}

Decoded decode(std::string_view bytes, Encoding encoding)
{
    if (bytes.size() > limits::serverMessageBytes)
        return {std::nullopt, "limit message " + std::to_string(limits::serverMessageBytes)};
    return encoding == Encoding::Cbor ? decodeWith<CborReader>(bytes) : decodeWith<JsonReader>(bytes);
}

std::string jsonOf(const Hit& hit)
{
    return jsonText(hit);
}
std::string jsonOf(const StreamFilter& filter)
{
    return jsonText(filter);
}
std::string jsonOf(const WindowAggregate& aggregate)
{
    return jsonText(aggregate);
}

std::optional<StreamFilter> streamFilterFrom(std::string_view json, std::string& error)
{
    JsonReader in(json);
    StreamFilter filter;
    in.enter("filter");
    if (read(in, filter) && in.atEnd()) {
        error = filter.problem();
        if (error.empty())
            return filter;
        error.insert(0, "limit ");
        return std::nullopt;
    }
    error = in.error();
    return std::nullopt;
}

} // namespace protocol
