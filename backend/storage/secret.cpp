// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/secret.h"

#include <array>
#include <sodium.h>
#include <string_view>

#include "backend/storage/store.h"

namespace storage {

namespace {

constexpr std::string_view slugAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz";

void ready()
{
    if (sodium_init() < 0)
        throw StoreError("libsodium did not start");
}

} // namespace

std::string newTokenSecret()
{
    ready();
    std::array<unsigned char, 32> random{};
    randombytes_buf(random.data(), random.size());
    std::string text(sodium_base64_ENCODED_LEN(random.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(), random.data(), random.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(random.data(), random.size());
    text.pop_back(); // the terminating zero
    return "cr_" + text;
}

std::string newSlug(std::size_t symbols)
{
    ready();
    std::string slug(symbols, '\0');
    for (char& symbol : slug)
        symbol = slugAlphabet[randombytes_uniform(static_cast<std::uint32_t>(slugAlphabet.size()))];
    return slug;
}

std::string newVerifyToken()
{
    return newSlug(32);
}

std::string passwordHash(const std::string& password)
{
    ready();
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw StoreError("no memory left to hash a password");
    return text.data();
}

} // namespace storage
