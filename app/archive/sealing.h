// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <cstddef>
#include <optional>

namespace archive {

// Records as they lie on the disk: compressed (zstd), then sealed (XChaCha20-Poly1305) together with the name they
// stand under, so that one record cannot be put in the place of another.
class Sealing {
public:
    static constexpr qsizetype keyBytes = 32;

    explicit Sealing(QByteArray key); // keyBytes of them
    static QByteArray newKey();

    QByteArray seal(const QByteArray& name, const QByteArray& plain) const;
    // Nothing: another key, or not what was sealed, or more than `bytesMax`.
    std::optional<QByteArray> open(const QByteArray& name, const QByteArray& sealed, std::size_t bytesMax) const;
    // A name that tells nothing to who has not the key.
    QByteArray hidden(const QByteArray& name) const;

private:
    QByteArray m_key;
};

} // namespace archive
