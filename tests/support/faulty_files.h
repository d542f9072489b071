// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

#include "backend/runtime/files.h"

namespace support {

// The real files, but for what a test overrides: writes that tear, fail or hang, cuts and syncs that fail.
class FaultyFiles : public runtime::Files {
public:
    // How many of the bytes get through before the write fails. May wait, or throw.
    virtual std::size_t taken(const std::string& path, std::size_t bytes)
    {
        (void)path;
        return bytes;
    }
    virtual void beforeTruncate(const std::string& path) { (void)path; }
    virtual void beforeSync(const std::string& path) { (void)path; }

    std::unique_ptr<runtime::File> openWrite(const std::string& path) override
    {
        return std::make_unique<FaultyFile>(m_real.openWrite(path), path, *this);
    }
    std::unique_ptr<runtime::File> openRead(const std::string& path) override
    {
        return std::make_unique<FaultyFile>(m_real.openRead(path), path, *this);
    }
    bool exists(const std::string& path) override { return m_real.exists(path); }
    void rename(const std::string& from, const std::string& to) override { m_real.rename(from, to); }
    void remove(const std::string& path) override { m_real.remove(path); }
    void removeFolder(const std::string& path) override { m_real.removeFolder(path); }
    void syncFolder(const std::string& path) override { m_real.syncFolder(path); }
    void makeFolder(const std::string& path) override { m_real.makeFolder(path); }
    std::vector<std::string> list(const std::string& path) override { return m_real.list(path); }

private:
    class FaultyFile final : public runtime::File {
    public:
        FaultyFile(std::unique_ptr<runtime::File> real, std::string path, FaultyFiles& plan)
            : m_file(std::move(real)), m_path(std::move(path)), m_plan(plan)
        {
        }
        void write(std::uint64_t offset, std::string_view bytes) override
        {
            const std::size_t through = std::min(bytes.size(), m_plan.taken(m_path, bytes.size()));
            m_file->write(offset, bytes.substr(0, through));
            if (through < bytes.size())
                throw std::system_error(ENOSPC, std::generic_category(), "cannot write " + m_path);
        }
        std::string read(std::uint64_t offset, std::size_t bytes) override { return m_file->read(offset, bytes); }
        std::uint64_t size() override { return m_file->size(); }
        void truncate(std::uint64_t bytes) override
        {
            m_plan.beforeTruncate(m_path);
            m_file->truncate(bytes);
        }
        void sync() override
        {
            m_plan.beforeSync(m_path);
            m_file->sync();
        }

    private:
        std::unique_ptr<runtime::File> m_file;
        std::string m_path;
        FaultyFiles& m_plan;
    };

    runtime::SystemFiles m_real;
};

} // namespace support
