// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "backend/enrich/ip_address.h"
#include "backend/protocol/ids.h"
#include "backend/runtime/bounded_queue.h"

namespace redirect {

struct PasswordCheck;

// Who gets a check back. Called on the checker's thread; must not block.
class PasswordAnswers {
public:
    virtual ~PasswordAnswers() = default;
    virtual void passwordChecked(PasswordCheck&& check) = 0;
};

// One password on its way to being checked, with the request that brought it, whole: its connection may read others
// meanwhile.
struct PasswordCheck {
    std::string request; // head and body, as received
    std::string hash;    // Argon2id, libsodium's text form
    std::string password;
    std::uint64_t ticket = 0;
    bool close = false; // its answer is the last of its connection
    PasswordAnswers* back = nullptr;
    bool passed = false;
};

// Checks passwords on a thread of its own, one after the other: a check is made to take a twentieth of a second and
// 64 MB, which no loop has. Full: tryAsk refuses and the visitor is asked to wait. Owned by the edge; run() is the body
// of a thread of main's, which ends after close().
class PasswordChecks {
public:
    bool tryAsk(PasswordCheck&& check) { return m_queue.tryPush(std::move(check)); }
    void run();
    void close() { m_queue.close(); }

private:
    static constexpr std::size_t waitingMax = 64; // some three seconds of work

    runtime::BoundedQueue<PasswordCheck> m_queue{waitingMax};
};

// How often an address has tried a link's password this minute, without keeping either: counts by a hash with a random
// key. Two may share a count; then the minute's tries are theirs together.
class PasswordAttempts {
public:
    static constexpr std::uint32_t perMinute = 10;

    PasswordAttempts();
    // False: enough tries for this minute.
    bool tryTake(const enrich::IpAddress& address, protocol::LinkId link, std::int64_t nowMs);

private:
    static constexpr std::size_t places = 16'384;

    std::uint64_t m_key = 0;
    // Minute in the upper half, tries in the lower.
    std::unique_ptr<std::array<std::atomic<std::uint64_t>, places>> m_counts =
        std::make_unique<std::array<std::atomic<std::uint64_t>, places>>();
};

// The password of a posted form; nothing where there is none or it is too long to be one.
std::optional<std::string> passwordOf(std::string_view form);

} // namespace redirect
