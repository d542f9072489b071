// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace runtime {

// One open file. Used from one thread at a time. Every failure throws std::system_error with the path in its text.
class File {
public:
    virtual ~File() = default;

    // At `offset`, where the file grows if need be. Whole or thrown; a throw may leave a part of `bytes` behind, as a
    // full disk does.
    virtual void write(std::uint64_t offset, std::string_view bytes) = 0;
    // Up to `bytes` from `offset`; shorter only at the end of the file.
    virtual std::string read(std::uint64_t offset, std::size_t bytes) = 0;
    virtual std::uint64_t size() = 0;
    virtual void truncate(std::uint64_t bytes) = 0;
    // Returns once the contents are on the disk (fdatasync).
    virtual void sync() = 0;
};

// The seam for files: what the spill and other plain files go through, so that tests can fill the disk, tear a write or
// fail a sync. Safe from any thread. Every failure throws std::system_error with the path in its text.
class Files {
public:
    virtual ~Files() = default;

    // Opens for writing and reading, mode 0600, made when missing.
    virtual std::unique_ptr<File> openWrite(const std::string& path) = 0;
    // Opens for reading; throws with ENOENT when missing.
    virtual std::unique_ptr<File> openRead(const std::string& path) = 0;
    virtual bool exists(const std::string& path) = 0;
    // Replaces `to`; atomic on one file system.
    virtual void rename(const std::string& from, const std::string& to) = 0;
    // Missing is fine.
    virtual void remove(const std::string& path) = 0;
    // With the files in it, which hold no folders; missing is fine.
    virtual void removeFolder(const std::string& folder) = 0;
    // Makes renames and new files in the folder durable.
    virtual void syncFolder(const std::string& folder) = 0;
    // With the folders above it, mode 0700; being there is fine.
    virtual void makeFolder(const std::string& folder) = 0;
    // Names of the entries, sorted, without "." and "..".
    virtual std::vector<std::string> list(const std::string& folder) = 0;
};

class SystemFiles final : public Files {
public:
    std::unique_ptr<File> openWrite(const std::string& path) override;
    std::unique_ptr<File> openRead(const std::string& path) override;
    bool exists(const std::string& path) override;
    void rename(const std::string& from, const std::string& to) override;
    void remove(const std::string& path) override;
    void removeFolder(const std::string& folder) override;
    void syncFolder(const std::string& folder) override;
    void makeFolder(const std::string& folder) override;
    std::vector<std::string> list(const std::string& folder) override;
};

// The whole file; throws std::system_error with EFBIG when it is longer than `bytesMax`.
std::string readWhole(Files& files, const std::string& path, std::uint64_t bytesMax);
// Replaces the file by `bytes` in one step, durably: a reader sees the old or the new contents, after a power cut too.
void writeWhole(Files& files, const std::string& path, std::string_view bytes);

} // namespace runtime
