// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/spill_file.h"

#include "backend/storage/hit_bytes.h"
#include "tests/fuzz/fuzzer.h"

namespace {

// One file in memory, whatever its path.
class OneFile final : public runtime::Files {
public:
    explicit OneFile(std::string& contents) : m_contents(contents) {}

    std::unique_ptr<runtime::File> openAppend(const std::string&) override
    {
        return std::make_unique<Open>(m_contents);
    }
    std::unique_ptr<runtime::File> openRead(const std::string&) override { return std::make_unique<Open>(m_contents); }
    bool exists(const std::string&) override { return true; }
    void rename(const std::string&, const std::string&) override {}
    void remove(const std::string&) override {}
    void syncFolder(const std::string&) override {}
    void makeFolder(const std::string&) override {}
    std::vector<std::string> list(const std::string&) override { return {}; }

private:
    class Open final : public runtime::File {
    public:
        explicit Open(std::string& contents) : m_contents(contents) {}
        void append(std::string_view bytes) override { m_contents += bytes; }
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

void putNumber(std::string& out, std::uint32_t value)
{
    for (int shift = 0; shift < 32; shift += 8)
        out += static_cast<char>(value >> shift);
}

// Pieces of the input as records with a sound head, which no fuzzer would guess; the last piece stays as it is.
std::string framed(std::string_view bytes)
{
    std::string out;
    while (bytes.size() > 2 && static_cast<unsigned char>(bytes.front()) < 0xf0) {
        const std::size_t length = std::min<std::size_t>(static_cast<unsigned char>(bytes[1]), bytes.size() - 2);
        const std::string_view record = bytes.substr(2, length);
        putNumber(out, static_cast<std::uint32_t>(length));
        putNumber(out, storage::crc32(record));
        out += record;
        bytes.remove_prefix(2 + length);
    }
    return out += bytes;
}

} // namespace

// What an earlier run left in the spill file, torn or changed: whole records are read, the next ones follow them.
FUZZER(spill_file)
{
    std::string contents = framed(bytes);
    OneFile files(contents);
    std::uint64_t waiting = 0;
    {
        storage::SpillFile spill(files, "/");
        waiting = spill.hits();
        fuzz::require(spill.tornBytes() <= contents.size(), "no more is torn than there is");
        protocol::Hit hit;
        hit.slug = "next";
        spill.append(std::span(&hit, 1));
    }
    storage::SpillFile spill(files, "/");
    fuzz::require(spill.hits() == waiting + 1 && spill.tornBytes() == 0, "what is appended follows the whole records");
    std::uint64_t read = 0;
    std::string last;
    while (!spill.isEmpty()) {
        const protocol::HitBatch hits = spill.front(3);
        fuzz::require(!hits.empty(), "what waits is given");
        read += hits.size();
        last = hits.back().slug;
        spill.drop();
    }
    fuzz::require(read == waiting + 1 && last == "next" && contents.empty(), "each is given once");
}
