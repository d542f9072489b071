// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "backend/storage/reader.h"

namespace api {

// Whom a bearer token belongs to. Tokens seen before are remembered by the hash of their secret until any token is
// edited, so an answer costs no disk and a revoked token is refused at once. One per thread; owns its reader.
class TokenBook {
public:
    // `generation` is raised with every edit of a token and outlives the book.
    TokenBook(std::string folder, const std::atomic<std::uint64_t>& generation);

    // Throws storage::StoreError when the folder cannot be read.
    std::optional<storage::Token> tokenOf(std::string_view secret);

private:
    storage::Reader m_reader;
    const std::atomic<std::uint64_t>& m_generation;
    std::uint64_t m_seen = 0;
    std::unordered_map<std::string, storage::Token> m_known;
};

// The secret of an Authorization header ("Bearer …"); empty where there is none.
std::string_view bearerSecret(std::string_view authorization);

std::string_view word(storage::Role role);
std::optional<storage::Role> roleFrom(std::string_view word);

} // namespace api
