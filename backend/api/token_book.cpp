// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/token_book.h"

#include <QByteArrayView>
#include <QCryptographicHash>

namespace api {

namespace {

// More distinct tokens than this in use at once is not a team but somebody filling memory; the book then starts afresh.
constexpr std::size_t knownMax = 1024;
// Longer than any secret we make.
constexpr std::size_t secretBytesMax = 256;

} // namespace

TokenBook::TokenBook(std::string folder, const std::atomic<std::uint64_t>& generation)
    : m_reader(std::move(folder)), m_generation(generation), m_seen(generation.load())
{
}

std::optional<storage::Token> TokenBook::tokenOf(std::string_view secret)
{
    if (secret.empty() || secret.size() > secretBytesMax)
        return std::nullopt;
    // Read before the lookup: an edit that lands in between empties the book at the next question.
    const std::uint64_t generation = m_generation.load();
    if (generation != m_seen || m_known.size() >= knownMax) {
        m_known.clear();
        m_seen = generation;
    }
    const std::string hash =
        QCryptographicHash::hash(QByteArrayView(secret.data(), static_cast<qsizetype>(secret.size())),
                                 QCryptographicHash::Sha256)
            .toStdString();
    if (const auto known = m_known.find(hash); known != m_known.end())
        return known->second;
    auto token = m_reader.tokenOf(secret);
    if (token)
        m_known.emplace(hash, *token);
    return token;
}

std::string_view bearerSecret(std::string_view authorization)
{
    constexpr std::string_view scheme = "bearer ";
    if (authorization.size() <= scheme.size())
        return {};
    for (std::size_t i = 0; i < scheme.size(); ++i) {
        const char c = authorization[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != scheme[i])
            return {};
    }
    std::string_view secret = authorization.substr(scheme.size());
    while (!secret.empty() && secret.front() == ' ')
        secret.remove_prefix(1);
    while (!secret.empty() && secret.back() == ' ')
        secret.remove_suffix(1);
    return secret;
}

std::string_view word(storage::Role role)
{
    switch (role) {
    case storage::Role::Viewer:
        return "viewer";
    case storage::Role::Operator:
        return "operator";
    case storage::Role::Admin:
        return "admin";
    }
    return "unknown";
}

std::optional<storage::Role> roleFrom(std::string_view name)
{
    for (const auto role : {storage::Role::Viewer, storage::Role::Operator, storage::Role::Admin})
        if (word(role) == name)
            return role;
    return std::nullopt;
}

} // namespace api
