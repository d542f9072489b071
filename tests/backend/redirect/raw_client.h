// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

// One HTTP response as it came over the wire.
struct Response {
    int status = 0;
    std::string head; // with the empty line
    std::string body;

    // A header's value; empty where there is none.
    std::string header(const std::string& name) const
    {
        const std::size_t start = head.find("\r\n" + name + ": ");
        if (start == std::string::npos)
            return {};
        const std::size_t from = start + name.size() + 4;
        return head.substr(from, head.find("\r\n", from) - from);
    }
};

// A TCP client that sends exactly the bytes it is told, so that a test can be as rude as it likes.
class RawClient {
public:
    explicit RawClient(std::uint16_t port)
    {
        m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        m_connected = ::connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        const int yes = 1;
        ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    ~RawClient() { close(); }
    RawClient(RawClient&& other) noexcept
        : m_socket(std::exchange(other.m_socket, -1)), m_connected(other.m_connected),
          m_buffer(std::move(other.m_buffer))
    {
    }
    RawClient& operator=(RawClient&&) = delete;

    bool connected() const { return m_connected; }

    // False: the peer has closed.
    bool send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    void endSending() { ::shutdown(m_socket, SHUT_WR); }

    void close()
    {
        if (m_socket >= 0)
            ::close(m_socket);
        m_socket = -1;
    }

    // The next response; none when the peer closes first or the time is over.
    std::optional<Response> receive(bool ofHead = false, int timeoutMs = 10'000)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeoutMs);
        std::size_t end = std::string::npos;
        while ((end = m_buffer.find("\r\n\r\n")) == std::string::npos) {
            if (!fill(deadline))
                return std::nullopt;
        }
        Response response;
        response.head = m_buffer.substr(0, end + 4);
        m_buffer.erase(0, end + 4);
        response.status = std::atoi(response.head.c_str() + 9);
        const std::size_t length = ofHead ? 0 : std::strtoul(response.header("Content-Length").c_str(), nullptr, 10);
        while (m_buffer.size() < length) {
            if (!fill(deadline))
                return std::nullopt;
        }
        response.body = m_buffer.substr(0, length);
        m_buffer.erase(0, length);
        return response;
    }

    // True once the peer has closed and nothing but what was received came before.
    bool closedByPeer(int timeoutMs = 10'000)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeoutMs);
        while (m_buffer.empty()) {
            if (!fill(deadline))
                return m_sawEnd;
        }
        return false;
    }

    // Bytes waiting to be read, without waiting.
    bool hasInput()
    {
        pollfd wanted{m_socket, POLLIN, 0};
        return !m_buffer.empty() || ::poll(&wanted, 1, 0) > 0;
    }

private:
    bool fill(std::chrono::steady_clock::time_point deadline)
    {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
        pollfd wanted{m_socket, POLLIN, 0};
        if (left <= 0 || ::poll(&wanted, 1, static_cast<int>(left)) <= 0)
            return false;
        char bytes[16'384];
        const ssize_t got = ::recv(m_socket, bytes, sizeof bytes, 0);
        if (got <= 0) {
            m_sawEnd = true;
            return false;
        }
        m_buffer.append(bytes, static_cast<std::size_t>(got));
        return true;
    }

    int m_socket = -1;
    bool m_connected = false;
    bool m_sawEnd = false;
    std::string m_buffer;
};
