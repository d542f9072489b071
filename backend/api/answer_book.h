// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "backend/api/http/router.h"

namespace api {

// First answers to creates by their Idempotency-Key, for 24 hours: who asks the same again after a broken connection
// gets that answer and makes nothing twice. In memory, bounded; a restart forgets. begin() is for the loop, answers
// come from any thread and may come after this has gone.
class AnswerBook {
public:
    static constexpr std::int64_t keptMs = 24 * protocol::msPerHour;
    static constexpr std::size_t entriesMax = 10'000;
    static constexpr std::size_t bytesMax = 32 * 1024 * 1024;
    static constexpr std::size_t keyBytesMax = 128;

    // What to answer by in place of `respond`; nothing where the answer has been given.
    std::optional<Respond> begin(const Call& call, const Respond& respond, protocol::UtcMs now);

private:
    struct Entry {
        std::string bodyHash;
        protocol::UtcMs time;
        std::optional<Response> answer; // none: the first request is still being carried out
    };
    struct Book {
        std::mutex mutex;
        std::map<std::string, Entry> entries;
        std::deque<std::pair<protocol::UtcMs, std::string>> order; // oldest first; may name what is gone
        std::size_t bytes = 0;

        void forget(const std::string& key);
        void shrink(protocol::UtcMs now);
        void finish(const std::string& key, const Response& answer);
    };

    std::shared_ptr<Book> m_book = std::make_shared<Book>();
};

} // namespace api
