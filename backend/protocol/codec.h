// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "backend/protocol/messages.h"

namespace protocol {

enum class Encoding : std::uint8_t { Cbor, Json };

// One message as the bytes of one WebSocket message. In JSON a hit is an object by column name, in CBOR an array by
// position.
std::string encode(const Message& message, Encoding encoding);

// The same for a frame whose hits lie elsewhere: `head.hits` is not looked at.
std::string encodeFrame(const Frame& head, std::span<const HitView> hits, Encoding encoding);

struct Decoded {
    std::optional<Message> message; // nothing when `error` is set, or when the kind is unknown (skip it)
    std::string error;              // code and field, for instance "limit hits 4096"; empty = well formed
};

// Never throws and never allocates more than a small multiple of the input; checks every limit of limits.h. An error
// reads "code field" or "code field limit"; codes: malformed, type, range, limit, depth, missing, utf8, word.
Decoded decode(std::string_view bytes, Encoding encoding);

// The JSON objects of the API that are also messages or parts of them.
std::string jsonOf(const Hit& hit);
std::string jsonOf(const StreamFilter& filter);
std::string jsonOf(const WindowAggregate& aggregate);

// A filter from its JSON object (API and configuration); `error` names the field.
std::optional<StreamFilter> streamFilterFrom(std::string_view json, std::string& error);

} // namespace protocol
