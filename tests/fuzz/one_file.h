// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "backend/runtime/files.h"
#include "backend/storage/framed_file.h"

namespace fuzz {

// One file in memory, whatever its path.
class OneFile final : public runtime::Files {
public:
    explicit OneFile(std::string& contents) : m_contents(contents) {}

    std::unique_ptr<runtime::File> openWrite(const std::string&) override { return std::make_unique<Open>(m_contents); }
    std::unique_ptr<runtime::File> openRead(const std::string&) override { return std::make_unique<Open>(m_contents); }
    bool exists(const std::string&) override { return true; }
    void rename(const std::string&, const std::string&) override {}
    void remove(const std::string&) override {}
    void removeFolder(const std::string&) override {}
    void syncFolder(const std::string&) override {}
    void makeFolder(const std::string&) override {}
    std::vector<std::string> list(const std::string&) override { return {}; }

private:
    class Open final : public runtime::File {
    public:
        explicit Open(std::string& contents) : m_contents(contents) {}
        void write(std::uint64_t offset, std::string_view bytes) override
        {
            m_contents.resize(std::max<std::size_t>(m_contents.size(), offset + bytes.size()));
            m_contents.replace(offset, bytes.size(), bytes);
        }
        std::string read(std::uint64_t offset, std::size_t bytes) override
        {
            return offset < m_contents.size() ? m_contents.substr(offset, bytes) : std::string();
        }
        std::uint64_t size() override { return m_contents.size(); }
        void truncate(std::uint64_t bytes) override { m_contents.resize(bytes); }
        void sync() override {}

    private:
        std::string& m_contents;
    };

    std::string& m_contents;
};

// Pieces of the input as frames with a sound head, which no fuzzer would guess; the last piece stays as it is.
inline std::string framed(std::string_view bytes)
{
    std::string out;
    while (bytes.size() > 2 && static_cast<unsigned char>(bytes.front()) < 0xf0) {
        const std::size_t length = std::min<std::size_t>(static_cast<unsigned char>(bytes[1]), bytes.size() - 2);
        storage::appendFrame(out, [&](std::string& frame) { frame += bytes.substr(2, length); });
        bytes.remove_prefix(2 + length);
    }
    return out += bytes;
}

} // namespace fuzz
