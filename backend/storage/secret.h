// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace storage {

// Random words from the operating system's generator, by libsodium.

// "cr_" and 32 random bytes in URL-safe Base64.
std::string newTokenSecret();
// `symbols` of an alphabet without look-alikes (no 0 O o 1 l I i).
std::string newSlug(std::size_t symbols);
// For the TXT record of a domain.
std::string newVerifyToken();

// Argon2id with libsodium's interactive limits (64 MiB for a tenth of a second): its text form, which names them.
std::string passwordHash(const std::string& password);

} // namespace storage
