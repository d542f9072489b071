// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/archive/sealing.h"

#include <sodium.h>
#include <zstd.h>

namespace archive {

namespace {

constexpr qsizetype nonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr qsizetype tagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr int compressionLevel = 3;
constexpr std::size_t hiddenBytes = 16;

static_assert(Sealing::keyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* bytesOf(const QByteArray& array)
{
    return reinterpret_cast<const unsigned char*>(array.constData());
}

unsigned char* bytesOf(QByteArray& array)
{
    return reinterpret_cast<unsigned char*>(array.data());
}

std::size_t sizeOf(const QByteArray& array)
{
    return static_cast<std::size_t>(array.size());
}

std::optional<QByteArray> unpacked(const QByteArray& packed, std::size_t bytesMax)
{
    const unsigned long long size = ZSTD_getFrameContentSize(packed.constData(), sizeOf(packed));
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > bytesMax)
        return std::nullopt;
    QByteArray plain(static_cast<qsizetype>(size), Qt::Uninitialized);
    const std::size_t got = ZSTD_decompress(plain.data(), sizeOf(plain), packed.constData(), sizeOf(packed));
    return ZSTD_isError(got) || got != size ? std::nullopt : std::optional(plain);
}

} // namespace

Sealing::Sealing(QByteArray key) : m_key(std::move(key))
{
    Q_ASSERT(m_key.size() == keyBytes);
}

QByteArray Sealing::newKey()
{
    QByteArray key(keyBytes, Qt::Uninitialized);
    if (sodium_init() < 0)
        qFatal("libsodium cannot start");
    randombytes_buf(key.data(), sizeOf(key));
    return key;
}

QByteArray Sealing::seal(const QByteArray& name, const QByteArray& plain) const
{
    QByteArray packed(static_cast<qsizetype>(ZSTD_compressBound(sizeOf(plain))), Qt::Uninitialized);
    packed.resize(static_cast<qsizetype>(
        ZSTD_compress(packed.data(), sizeOf(packed), plain.constData(), sizeOf(plain), compressionLevel)));
    QByteArray sealed(nonceBytes + packed.size() + tagBytes, Qt::Uninitialized);
    randombytes_buf(sealed.data(), static_cast<std::size_t>(nonceBytes));
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytesOf(sealed) + nonceBytes, nullptr, bytesOf(packed), sizeOf(packed),
                                               bytesOf(name), sizeOf(name), nullptr, bytesOf(sealed), bytesOf(m_key));
    return sealed;
}

std::optional<QByteArray> Sealing::open(const QByteArray& name, const QByteArray& sealed, std::size_t bytesMax) const
{
    // Nothing compresses to more than this above its own size.
    if (sealed.size() < nonceBytes + tagBytes || sizeOf(sealed) > ZSTD_compressBound(bytesMax) + 64)
        return std::nullopt;
    QByteArray packed(sealed.size() - nonceBytes - tagBytes, Qt::Uninitialized);
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        bytesOf(packed), nullptr, nullptr, bytesOf(sealed) + nonceBytes, sizeOf(sealed) - nonceBytes, bytesOf(name),
        sizeOf(name), bytesOf(sealed), bytesOf(m_key));
    return failed != 0 ? std::nullopt : unpacked(packed, bytesMax);
}

QByteArray Sealing::hidden(const QByteArray& name) const
{
    QByteArray hash(static_cast<qsizetype>(hiddenBytes), Qt::Uninitialized);
    crypto_generichash(bytesOf(hash), hiddenBytes, bytesOf(name), sizeOf(name), bytesOf(m_key), sizeOf(m_key));
    return hash;
}

} // namespace archive
