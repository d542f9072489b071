// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/wire.h"

#include <cerrno>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace redirect {

namespace {

constexpr char handshakeRecord = 0x16;

bool isLater()
{
    return errno == EAGAIN || errno == EINTR;
}

} // namespace

// OpenSSL's own socket BIO writes by write(), which raises SIGPIPE where the peer has gone, and does not tell whether
// a read took all there was.
struct Wire::Bio {
    static Wire& wireOf(BIO* bio) { return *static_cast<Wire*>(BIO_get_data(bio)); }

    static int write(BIO* bio, const char* data, int size)
    {
        BIO_clear_retry_flags(bio);
        const ssize_t sent = ::send(wireOf(bio).m_socket, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
        if (sent < 0 && isLater())
            BIO_set_retry_write(bio);
        return static_cast<int>(sent);
    }

    static int read(BIO* bio, char* data, int size)
    {
        BIO_clear_retry_flags(bio);
        const ssize_t got = ::recv(wireOf(bio).m_socket, data, static_cast<std::size_t>(size), 0);
        if (got < 0 && isLater())
            BIO_set_retry_read(bio);
        wireOf(bio).m_isDrained = got > 0 && got < size;
        return static_cast<int>(got);
    }

    static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

    static BIO_METHOD* method()
    {
        static BIO_METHOD* const method = [] {
            BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "redirect socket");
            BIO_meth_set_write(made, write);
            BIO_meth_set_read(made, read);
            BIO_meth_set_ctrl(made, control);
            return made;
        }();
        return method;
    }
};

Wire::Wire(int socket, std::shared_ptr<const runtime::TlsIdentity> identity)
    : m_socket(socket), m_identity(std::move(identity)), m_tls(nullptr, SSL_free)
{
}

Wire::~Wire() = default;

bool Wire::startTls()
{
    m_tls.reset(SSL_new(m_identity->context()));
    BIO* bio = m_tls ? BIO_new(Bio::method()) : nullptr;
    if (bio == nullptr)
        return false;
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(m_tls.get(), bio, bio);
    SSL_set_accept_state(m_tls.get());
    // A record's head and body in one call, where both are there.
    SSL_set_read_ahead(m_tls.get(), 1);
    return true;
}

Wire::Result Wire::resultOf(int returned) const
{
    const int error = SSL_get_error(m_tls.get(), returned);
    // Every thread has a queue of errors of its own; one left over would be taken for the next connection's.
    ERR_clear_error();
    switch (error) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return Result::Later;
    case SSL_ERROR_ZERO_RETURN:
        return Result::End;
    default:
        return Result::Broken;
    }
}

Wire::Result Wire::read(std::span<char> into, std::size_t& bytes)
{
    bytes = 0;
    if (m_identity && !m_tls) {
        char first = 0;
        const ssize_t got = ::recv(m_socket, &first, 1, MSG_PEEK);
        if (got < 0)
            return isLater() ? Result::Later : Result::Broken;
        if (got == 0)
            return Result::End;
        if (first == handshakeRecord && !startTls())
            return Result::Broken;
        m_identity.reset(); // the context holds what TLS needs of it
    }
    if (m_tls) {
        const int returned = SSL_read_ex(m_tls.get(), into.data(), into.size(), &bytes);
        m_isDrained = m_isDrained && SSL_has_pending(m_tls.get()) == 0;
        return returned == 1 ? Result::Done : resultOf(returned);
    }
    const ssize_t got = ::recv(m_socket, into.data(), into.size(), 0);
    if (got < 0)
        return isLater() ? Result::Later : Result::Broken;
    bytes = static_cast<std::size_t>(got);
    m_isDrained = bytes < into.size();
    return bytes == 0 ? Result::End : Result::Done;
}

Wire::Result Wire::write(std::string_view from, std::size_t& bytes)
{
    bytes = 0;
    if (m_tls) {
        const int returned = SSL_write_ex(m_tls.get(), from.data(), from.size(), &bytes);
        return returned == 1 ? Result::Done : resultOf(returned);
    }
    const ssize_t sent = ::send(m_socket, from.data(), from.size(), MSG_NOSIGNAL);
    if (sent < 0)
        return isLater() ? Result::Later : Result::Broken;
    bytes = static_cast<std::size_t>(sent);
    return Result::Done;
}

void Wire::shutdownSend()
{
    if (m_tls && !isShaking()) {
        SSL_shutdown(m_tls.get()); // says goodbye where there is room for it; the peer may miss it
        ERR_clear_error();
    }
    ::shutdown(m_socket, SHUT_WR);
}

bool Wire::isShaking() const
{
    return m_identity != nullptr || (m_tls && !SSL_is_init_finished(m_tls.get()));
}

} // namespace redirect
