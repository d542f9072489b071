// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/enrich/visitor_salts.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <format>
#include <stdexcept>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/enrich/request_text.h"

namespace enrich {

namespace {

// One line a salt: workspace, day, 64 hex digits.
constexpr std::string_view header = "clickroom visitor salts 1\n";
constexpr std::size_t fileBytesMax = 1024 * 1024;
// A day's salt outlives its day by this much, for a clock that is set back; with a look every hour it is gone 26 hours
// after the day began.
constexpr std::int64_t keptAfterDayMs = protocol::msPerHour;

std::int64_t dayOf(protocol::UtcMs time, std::int64_t offsetMs)
{
    const std::int64_t ms = time.value + offsetMs;
    return ms >= 0 ? ms / protocol::msPerDay : (ms - protocol::msPerDay + 1) / protocol::msPerDay;
}

struct Descriptor {
    int fd = -1;
    ~Descriptor()
    {
        if (fd >= 0)
            ::close(fd);
    }
};

bool writeAll(int fd, const char* data, std::size_t size)
{
    while (size > 0) {
        const ssize_t written = ::write(fd, data, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        data += written;
        size -= static_cast<std::size_t>(written);
    }
    return true;
}

std::string readAll(const std::string& path)
{
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    std::string text;
    if (file.fd < 0)
        return text;
    char buffer[4096];
    for (ssize_t got = 0; text.size() < fileBytesMax && (got = ::read(file.fd, buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(got));
    sodium_memzero(buffer, sizeof buffer);
    return text;
}

// Zeros over the old contents, so that the blocks freed by the rename hold no salt.
void overwrite(const std::string& path)
{
    const Descriptor file{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
    struct stat about{};
    if (file.fd < 0 || ::fstat(file.fd, &about) != 0 || about.st_size <= 0)
        return;
    const std::string zeros(std::min<std::size_t>(static_cast<std::size_t>(about.st_size), fileBytesMax), '\0');
    if (writeAll(file.fd, zeros.data(), zeros.size()))
        ::fdatasync(file.fd);
}

} // namespace

VisitorSalts::VisitorSalts(std::string file) : m_file(std::move(file))
{
    if (sodium_init() < 0)
        throw std::runtime_error("no source of random numbers for visitor salts");
    if (!m_file.empty())
        load();
}

VisitorSalts::~VisitorSalts()
{
    for (auto& [owner, salt] : m_salts)
        sodium_memzero(salt.data(), salt.size());
}

void VisitorSalts::setZoneOffset(protocol::WorkspaceId workspace, std::int64_t offsetMs)
{
    std::lock_guard lock(m_mutex);
    m_offsets[workspace.value] =
        std::clamp<std::int64_t>(offsetMs, -14 * protocol::msPerHour, 14 * protocol::msPerHour);
}

protocol::VisitorKey VisitorSalts::key(protocol::WorkspaceId workspace, protocol::UtcMs time, const IpAddress& address,
                                       std::string_view agent)
{
    Salt salt;
    {
        std::lock_guard lock(m_mutex);
        const Owner owner{workspace.value, dayOf(time, offsetOf(workspace.value))};
        auto found = m_salts.find(owner);
        if (found == m_salts.end()) {
            dropExpired(time);
            found = m_salts.emplace(owner, Salt{}).first;
            randombytes_buf(found->second.data(), found->second.size());
            save();
        }
        salt = found->second;
    }
    std::uint64_t hash = 0;
    crypto_generichash_state state;
    crypto_generichash_init(&state, salt.data(), salt.size(), crypto_generichash_BYTES_MIN);
    // Every part has a fixed place and length before it, so that no two requests can be told as one.
    unsigned char head[21];
    std::memcpy(head, &workspace.value, 4);
    head[4] = address.v6 ? 6 : 4;
    std::memcpy(head + 5, address.bytes.data(), 16);
    crypto_generichash_update(&state, head, sizeof head);
    agent = agent.substr(0, agentScanBytes);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(agent.data()), agent.size());
    unsigned char digest[crypto_generichash_BYTES_MIN];
    crypto_generichash_final(&state, digest, sizeof digest);
    std::memcpy(&hash, digest, sizeof hash);
    sodium_memzero(salt.data(), salt.size());
    sodium_memzero(&state, sizeof state);
    sodium_memzero(head, sizeof head);
    return protocol::VisitorKey(hash == 0 ? 1 : hash);
}

void VisitorSalts::destroyExpired(protocol::UtcMs now)
{
    std::lock_guard lock(m_mutex);
    if (dropExpired(now))
        save();
}

std::size_t VisitorSalts::count() const
{
    std::lock_guard lock(m_mutex);
    return m_salts.size();
}

std::string VisitorSalts::problem() const
{
    std::lock_guard lock(m_mutex);
    return m_problem;
}

std::int64_t VisitorSalts::offsetOf(std::uint32_t workspace) const
{
    const auto found = m_offsets.find(workspace);
    return found == m_offsets.end() ? 0 : found->second;
}

// True when something was destroyed. A salt from further ahead than a clock can honestly be is as wrong as an old one.
bool VisitorSalts::dropExpired(protocol::UtcMs now)
{
    bool dropped = false;
    for (auto it = m_salts.begin(); it != m_salts.end();) {
        const std::int64_t age = now.value + offsetOf(it->first.first) - it->first.second * protocol::msPerDay;
        if (age < protocol::msPerDay + keptAfterDayMs && age > -2 * protocol::msPerDay) {
            ++it;
            continue;
        }
        sodium_memzero(it->second.data(), it->second.size());
        it = m_salts.erase(it);
        dropped = true;
    }
    return dropped;
}

void VisitorSalts::load()
{
    // After a crash between the overwriting and the renaming the new file is the whole one.
    std::string text = readAll(m_file);
    if (!text.starts_with(header)) {
        sodium_memzero(text.data(), text.size());
        text = readAll(m_file + ".new");
    }
    std::string_view rest = text;
    if (rest.starts_with(header))
        rest.remove_prefix(header.size());
    else
        rest = {};
    for (std::size_t end = 0; (end = rest.find('\n')) != std::string_view::npos; rest.remove_prefix(end + 1)) {
        const char* const stop = rest.data() + end;
        Owner owner{};
        Salt salt{};
        std::size_t bytes = 0;
        const auto workspace = std::from_chars(rest.data(), stop, owner.first);
        if (workspace.ec != std::errc() || workspace.ptr == stop)
            continue;
        const auto day = std::from_chars(workspace.ptr + 1, stop, owner.second);
        if (day.ec != std::errc() || stop - day.ptr != 65 ||
            sodium_hex2bin(salt.data(), salt.size(), day.ptr + 1, 64, nullptr, &bytes, nullptr) != 0 ||
            bytes != salt.size())
            continue;
        m_salts[owner] = salt;
        sodium_memzero(salt.data(), salt.size());
    }
    if (!text.empty() && m_salts.empty())
        m_problem = m_file + ": no visitor salt could be read; today's visitors are counted anew";
    sodium_memzero(text.data(), text.size());
}

void VisitorSalts::save()
{
    if (m_file.empty())
        return;
    std::string text(header);
    for (const auto& [owner, salt] : m_salts) {
        char hex[65];
        sodium_bin2hex(hex, sizeof hex, salt.data(), salt.size());
        text += std::format("{} {} {}\n", owner.first, owner.second, hex);
        sodium_memzero(hex, sizeof hex);
    }
    const std::string fresh = m_file + ".new";
    overwrite(fresh);
    ::unlink(fresh.c_str());
    bool saved = false;
    {
        const Descriptor file{::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
        saved = file.fd >= 0 && writeAll(file.fd, text.data(), text.size()) && ::fdatasync(file.fd) == 0;
    }
    sodium_memzero(text.data(), text.size());
    if (saved) {
        overwrite(m_file);
        saved = ::rename(fresh.c_str(), m_file.c_str()) == 0;
    }
    m_problem = saved ? std::string()
                      : m_file + ": the visitor salts could not be saved (" + std::strerror(errno) +
                            "); a restart counts today's visitors anew";
}

} // namespace enrich
