// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <type_traits>

#include "app/connection/api_client.h"
#include "app/connection/connection.h"

namespace connection {

inline Problem notReadable()
{
    return {0, QStringLiteral("not_json"), {}, {}};
}

// What becomes of a call's answer: `read` makes a value of its body, an optional or a pointer, and `take` gets what it
// holds, or the pointer itself. failed() where the call or the reading went wrong.
template <typename Read, typename Take>
ApiClient::Done answering(Connection& outward, quint64 request, Read read, Take take)
{
    return [&outward, request, read, take](const Reply& reply) {
        if (reply.problem.isSet())
            return void(emit outward.failed(request, reply.problem));
        auto value = read(reply.body);
        if (!value)
            return void(emit outward.failed(request, notReadable()));
        if constexpr (std::is_invocable_v<Take, decltype(*value)>)
            take(*value);
        else
            take(value);
    };
}

} // namespace connection
