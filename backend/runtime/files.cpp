// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/runtime/files.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace runtime {

namespace {

[[noreturn]] void fail(const char* what, const std::string& path, int error = errno)
{
    throw std::system_error(error, std::generic_category(), std::string(what) + " " + path);
}

class SystemFile final : public File {
public:
    SystemFile(int descriptor, std::string path) : m_descriptor(descriptor), m_path(std::move(path)) {}
    ~SystemFile() override { ::close(m_descriptor); }
    SystemFile(const SystemFile&) = delete;
    SystemFile& operator=(const SystemFile&) = delete;

    void write(std::uint64_t offset, std::string_view bytes) override
    {
        while (!bytes.empty()) {
            const ssize_t written = ::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
            if (written < 0) {
                if (errno == EINTR)
                    continue;
                fail("cannot write", m_path);
            }
            bytes.remove_prefix(static_cast<std::size_t>(written));
            offset += static_cast<std::uint64_t>(written);
        }
    }

    std::string read(std::uint64_t offset, std::size_t bytes) override
    {
        std::string out(bytes, '\0');
        std::size_t got = 0;
        while (got < bytes) {
            const ssize_t part = ::pread(m_descriptor, out.data() + got, bytes - got, static_cast<off_t>(offset + got));
            if (part < 0) {
                if (errno == EINTR)
                    continue;
                fail("cannot read", m_path);
            }
            if (part == 0)
                break;
            got += static_cast<std::size_t>(part);
        }
        out.resize(got);
        return out;
    }

    std::uint64_t size() override
    {
        struct stat info{};
        if (::fstat(m_descriptor, &info) != 0)
            fail("cannot stat", m_path);
        return static_cast<std::uint64_t>(info.st_size);
    }

    void truncate(std::uint64_t bytes) override
    {
        if (::ftruncate(m_descriptor, static_cast<off_t>(bytes)) != 0)
            fail("cannot truncate", m_path);
    }

    void sync() override
    {
#ifdef __linux__
        const int result = ::fdatasync(m_descriptor);
#else
        const int result = ::fsync(m_descriptor);
#endif
        if (result != 0)
            fail("cannot sync", m_path);
    }

private:
    const int m_descriptor;
    const std::string m_path;
};

std::unique_ptr<File> openFile(const std::string& path, int flags)
{
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
    if (descriptor < 0)
        fail("cannot open", path);
    return std::make_unique<SystemFile>(descriptor, path);
}

} // namespace

std::unique_ptr<File> SystemFiles::openWrite(const std::string& path)
{
    return openFile(path, O_RDWR | O_CREAT);
}

std::unique_ptr<File> SystemFiles::openRead(const std::string& path)
{
    return openFile(path, O_RDONLY);
}

bool SystemFiles::exists(const std::string& path)
{
    struct stat info{};
    if (::stat(path.c_str(), &info) == 0)
        return true;
    if (errno != ENOENT && errno != ENOTDIR)
        fail("cannot stat", path);
    return false;
}

void SystemFiles::rename(const std::string& from, const std::string& to)
{
    if (std::rename(from.c_str(), to.c_str()) != 0)
        fail("cannot rename", from + " to " + to);
}

void SystemFiles::remove(const std::string& path)
{
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        fail("cannot remove", path);
}

void SystemFiles::removeFolder(const std::string& folder)
{
    if (!exists(folder))
        return;
    for (const std::string& name : list(folder))
        remove(folder + "/" + name);
    if (::rmdir(folder.c_str()) != 0 && errno != ENOENT)
        fail("cannot remove folder", folder);
}

void SystemFiles::syncFolder(const std::string& folder)
{
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        fail("cannot open folder", folder);
    const int result = ::fsync(descriptor);
    const int error = errno;
    ::close(descriptor);
    if (result != 0)
        fail("cannot sync folder", folder, error);
}

void SystemFiles::makeFolder(const std::string& folder)
{
    std::string path;
    for (const auto& part : std::filesystem::path(folder)) {
        path = (std::filesystem::path(path) / part).string();
        if (path.empty() || ::mkdir(path.c_str(), 0700) == 0)
            continue;
        const int error = errno;
        struct stat info{};
        if (::stat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
            fail("cannot make folder", path, error);
    }
}

std::vector<std::string> SystemFiles::list(const std::string& folder)
{
    std::error_code error;
    std::filesystem::directory_iterator entries(folder, error);
    if (error)
        fail("cannot list", folder, error.value());
    std::vector<std::string> names;
    for (; entries != std::filesystem::directory_iterator(); entries.increment(error)) {
        if (error)
            fail("cannot list", folder, error.value());
        names.push_back(entries->path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string readWhole(Files& files, const std::string& path, std::uint64_t bytesMax)
{
    const auto file = files.openRead(path);
    const std::uint64_t size = file->size();
    if (size > bytesMax)
        fail("too long:", path, EFBIG);
    return file->read(0, static_cast<std::size_t>(size));
}

void writeWhole(Files& files, const std::string& path, std::string_view bytes)
{
    const std::string part = path + ".part";
    files.remove(part);
    {
        const auto file = files.openWrite(part);
        file->write(0, bytes);
        file->sync();
    }
    files.rename(part, path);
    const auto folder = std::filesystem::path(path).parent_path();
    files.syncFolder(folder.empty() ? "." : folder.string());
}

} // namespace runtime
