// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/password_checks.h"

#include <vector>

#include <sodium.h>

#include "backend/links/destination.h"
#include "backend/protocol/limits.h"

namespace redirect {

namespace {

constexpr std::chrono::milliseconds patience{1000};

} // namespace

void PasswordChecks::run()
{
    std::vector<PasswordCheck> waiting;
    while (m_queue.popAll(waiting, patience)) {
        for (PasswordCheck& check : waiting) {
            check.passed =
                crypto_pwhash_str_verify(check.hash.c_str(), check.password.data(), check.password.size()) == 0;
            sodium_memzero(check.password.data(), check.password.size());
            check.back->passwordChecked(std::move(check));
        }
    }
}

PasswordAttempts::PasswordAttempts()
{
    std::random_device random;
    m_key = (static_cast<std::uint64_t>(random()) << 32) | random();
}

bool PasswordAttempts::tryTake(const enrich::IpAddress& address, protocol::LinkId link, std::int64_t nowMs)
{
    std::uint64_t x = m_key ^ (link.value * 0x9e3779b97f4a7c15U);
    for (std::size_t i = 0; i < (address.v6 ? 8U : 4U); ++i) {
        x = (x ^ address.bytes[i]) * 0xff51afd7ed558ccdU;
        x ^= x >> 33;
    }
    std::atomic<std::uint64_t>& count = (*m_counts)[x % places];
    const auto minute = static_cast<std::uint64_t>(nowMs / protocol::msPerMinute) << 32;
    std::uint64_t seen = count.load(std::memory_order_relaxed);
    for (;;) {
        const std::uint64_t tries = (seen >> 32) == (minute >> 32) ? seen & 0xffff'ffffU : 0;
        if (tries >= perMinute)
            return false;
        if (count.compare_exchange_weak(seen, minute | (tries + 1), std::memory_order_relaxed))
            return true;
    }
}

std::optional<std::string> passwordOf(std::string_view form)
{
    while (!form.empty()) {
        const std::string_view field = form.substr(0, form.find('&'));
        form.remove_prefix(std::min(field.size() + 1, form.size()));
        if (!field.starts_with("password="))
            continue;
        std::string password;
        if (!links::percentDecode(field.substr(9), true, password) || password.size() > protocol::limits::passwordBytes)
            return std::nullopt;
        return password;
    }
    return std::nullopt;
}

} // namespace redirect
