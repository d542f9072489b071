// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/packed_bytes.h"

#include <zstd.h>

namespace storage {

namespace {

constexpr char plain = 0, byZstd = 1;
constexpr std::size_t shortest = 64; // below, zstd's own frame takes more than it saves
constexpr unsigned long long unpackedMax = 1ULL << 30;

} // namespace

std::string packedBytes(std::string_view bytes, int level)
{
    std::string out;
    if (bytes.size() >= shortest) {
        out.resize(1 + ZSTD_compressBound(bytes.size()));
        out[0] = byZstd;
        const std::size_t length = ZSTD_compress(out.data() + 1, out.size() - 1, bytes.data(), bytes.size(), level);
        if (!ZSTD_isError(length) && length < bytes.size()) {
            out.resize(1 + length);
            return out;
        }
    }
    out.assign(1, plain);
    out += bytes;
    return out;
}

bool unpackBytes(std::string_view packed, std::string& bytes)
{
    if (packed.empty())
        return false;
    const char how = packed.front();
    packed.remove_prefix(1);
    if (how == plain) {
        bytes = packed;
        return true;
    }
    const unsigned long long length = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (how != byZstd || length > unpackedMax) // its two error values are larger still
        return false;
    bytes.resize(length);
    return ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size()) == length;
}

} // namespace storage
