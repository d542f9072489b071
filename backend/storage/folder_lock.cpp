// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/folder_lock.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <string_view>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace storage {

namespace {

constexpr const char* fileName = "/lock";
// findRunning holds the lock for microseconds to see whether it is free; a real holder keeps it.
constexpr int attempts = 20;
constexpr int attemptGapMs = 10;

std::string readAll(int file)
{
    std::string text(4096, '\0');
    const ssize_t got = ::pread(file, text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
}

std::string valueOf(std::string_view text, std::string_view key)
{
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ' ')
            return std::string(line.substr(key.size() + 1));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return {};
}

RunningBackend parse(const std::string& text)
{
    RunningBackend backend;
    const std::string pid = valueOf(text, "pid");
    std::from_chars(pid.data(), pid.data() + pid.size(), backend.pid);
    backend.api = valueOf(text, "api");
    backend.redirect = valueOf(text, "redirect");
    backend.stream = valueOf(text, "stream");
    return backend;
}

} // namespace

FolderLock::FolderLock(const std::string& folder)
{
    const std::string path = folder + fileName;
    m_file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (m_file < 0)
        throw StoreError("cannot open " + path + ": " + std::strerror(errno));
    for (int attempt = 0; ::flock(m_file, LOCK_EX | LOCK_NB) != 0; ++attempt) {
        if (errno == EWOULDBLOCK && attempt < attempts) {
            ::poll(nullptr, 0, attemptGapMs);
            continue;
        }
        const int error = errno;
        const RunningBackend holder = parse(readAll(m_file));
        ::close(m_file);
        if (error != EWOULDBLOCK)
            throw StoreError("cannot lock " + path + ": " + std::strerror(error));
        throw StoreError("the data folder " + folder + " is in use by process " + std::to_string(holder.pid) +
                         (holder.api.empty() ? "" : " (API at " + holder.api + ")") +
                         ": stop it, or use another folder (--data)");
    }
    RunningBackend self;
    self.pid = ::getpid();
    write(self);
}

FolderLock::~FolderLock()
{
    // Emptied, not removed: another opener may hold the same file open already.
    [[maybe_unused]] const int emptied = ::ftruncate(m_file, 0);
    ::close(m_file);
}

void FolderLock::write(const RunningBackend& backend)
{
    std::string text = "pid " + std::to_string(backend.pid ? backend.pid : ::getpid()) + "\n";
    for (const auto& [key, value] :
         {std::pair{"api", &backend.api}, {"redirect", &backend.redirect}, {"stream", &backend.stream}}) {
        if (!value->empty())
            text.append(key).append(" ").append(*value).append("\n");
    }
    if (::ftruncate(m_file, 0) != 0 ||
        ::pwrite(m_file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
        throw StoreError(std::string("cannot write the lock file: ") + std::strerror(errno));
}

std::optional<RunningBackend> findRunning(const std::string& folder)
{
    const int file = ::open((folder + fileName).c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return std::nullopt;
    std::optional<RunningBackend> found;
    if (::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        found = parse(readAll(file));
    ::close(file);
    return found;
}

} // namespace storage
