// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "backend/runtime/tls_identity.h"

struct ssl_st;

namespace redirect {

// The bytes of one connection, in clear or under TLS: where there is an identity, the first byte tells which the
// visitor speaks, so that one port serves both. Never blocks and never waits. Belongs to a Connection, whose socket
// outlives it.
class Wire {
public:
    enum class Result : std::uint8_t {
        Done,  // some bytes have moved
        Later, // none could: try again once the socket is ready
        End,   // the peer has ended its half
        Broken
    };

    Wire(int socket, std::shared_ptr<const runtime::TlsIdentity> identity);
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    Result read(std::span<char> into, std::size_t& bytes);
    Result write(std::string_view from, std::size_t& bytes);
    // After a read that moved bytes: nothing was left behind it, so that the next try waits until the socket is ready.
    bool isDrained() const { return m_isDrained; }
    void shutdownSend();
    // Neither greeted nor fully shaken hands with: there can be no request yet.
    bool isShaking() const;

private:
    struct Bio; // what OpenSSL reads and writes through
    bool startTls();
    Result resultOf(int returned) const;

    const int m_socket;
    bool m_isDrained = false;
    std::shared_ptr<const runtime::TlsIdentity> m_identity; // until the first byte has come
    std::unique_ptr<ssl_st, void (*)(ssl_st*)> m_tls;
};

} // namespace redirect
