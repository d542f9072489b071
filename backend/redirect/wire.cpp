// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/wire.h"

#include <cerrno>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace redirect {

namespace {

namespace asio = boost::asio;

constexpr char handshakeRecord = 0x16;

bool isLater(const boost::system::error_code& ec)
{
    return ec == asio::error::would_block || ec == asio::error::try_again || ec == asio::error::interrupted;
}

// OpenSSL's own socket BIO writes by write(), which raises SIGPIPE where the peer has gone.
int socketOf(BIO* bio)
{
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int bioWrite(BIO* bio, const char* data, int size)
{
    BIO_clear_retry_flags(bio);
    const ssize_t sent = ::send(socketOf(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_write(bio);
    return static_cast<int>(sent);
}

int bioRead(BIO* bio, char* data, int size)
{
    BIO_clear_retry_flags(bio);
    const ssize_t got = ::recv(socketOf(bio), data, static_cast<std::size_t>(size), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_read(bio);
    return static_cast<int>(got);
}

long bioControl(BIO*, int command, long, void*)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* socketMethod()
{
    static BIO_METHOD* const method = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "redirect socket");
        BIO_meth_set_write(made, bioWrite);
        BIO_meth_set_read(made, bioRead);
        BIO_meth_set_ctrl(made, bioControl);
        return made;
    }();
    return method;
}

} // namespace

Wire::Wire(asio::ip::tcp::socket& socket, std::shared_ptr<const runtime::TlsIdentity> identity)
    : m_socket(socket), m_identity(std::move(identity)), m_tls(nullptr, SSL_free)
{
}

Wire::~Wire() = default;

bool Wire::startTls()
{
    m_tls.reset(SSL_new(m_identity->context()));
    BIO* bio = m_tls ? BIO_new(socketMethod()) : nullptr;
    if (bio == nullptr)
        return false;
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(m_socket.native_handle())));
    BIO_set_init(bio, 1);
    SSL_set_bio(m_tls.get(), bio, bio);
    SSL_set_accept_state(m_tls.get());
    return true;
}

Wire::Result Wire::resultOf(int returned) const
{
    const int error = SSL_get_error(m_tls.get(), returned);
    // Every thread has a queue of errors of its own; one left over would be taken for the next connection's.
    ERR_clear_error();
    switch (error) {
    case SSL_ERROR_WANT_READ:
        return Result::WaitRead;
    case SSL_ERROR_WANT_WRITE:
        return Result::WaitWrite;
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
        const ssize_t got = ::recv(m_socket.native_handle(), &first, 1, MSG_PEEK);
        if (got < 0)
            return errno == EAGAIN || errno == EINTR ? Result::WaitRead : Result::Broken;
        if (got == 0)
            return Result::End;
        if (first == handshakeRecord && !startTls())
            return Result::Broken;
        m_identity.reset(); // the context holds what TLS needs of it
    }
    if (m_tls) {
        const int returned = SSL_read_ex(m_tls.get(), into.data(), into.size(), &bytes);
        return returned == 1 ? Result::Done : resultOf(returned);
    }
    boost::system::error_code ec;
    bytes = m_socket.read_some(asio::buffer(into.data(), into.size()), ec);
    if (!ec)
        return Result::Done;
    return isLater(ec) ? Result::WaitRead : ec == asio::error::eof ? Result::End : Result::Broken;
}

Wire::Result Wire::write(std::string_view from, std::size_t& bytes)
{
    bytes = 0;
    if (m_tls) {
        const int returned = SSL_write_ex(m_tls.get(), from.data(), from.size(), &bytes);
        return returned == 1 ? Result::Done : resultOf(returned);
    }
    boost::system::error_code ec;
    bytes = m_socket.write_some(asio::buffer(from.data(), from.size()), ec);
    return !ec ? Result::Done : isLater(ec) ? Result::WaitWrite : Result::Broken;
}

void Wire::shutdownSend()
{
    if (m_tls && !isShaking()) {
        SSL_shutdown(m_tls.get()); // says goodbye where there is room for it; the peer may miss it
        ERR_clear_error();
    }
    boost::system::error_code ec;
    m_socket.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
}

bool Wire::isShaking() const
{
    return m_identity != nullptr || (m_tls && !SSL_is_init_finished(m_tls.get()));
}

} // namespace redirect
