// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/table_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <QJsonDocument>
#include <QJsonObject>

#include <sodium.h>

namespace protocol {

namespace {

std::filesystem::path pathOf(const std::string& utf8)
{
    return std::filesystem::path(std::u8string(utf8.begin(), utf8.end()));
}

std::FILE* openFile(const std::string& path, const char* mode)
{
#ifdef _WIN32
    const std::wstring wideMode(mode, mode + std::strlen(mode));
    return _wfopen(pathOf(path).c_str(), wideMode.c_str());
#else
    return std::fopen(path.c_str(), mode);
#endif
}

void removeFile(const std::string& path)
{
    std::error_code ignored;
    std::filesystem::remove(pathOf(path), ignored);
}

bool moveFile(const std::string& from, const std::string& to)
{
    std::error_code error;
    std::filesystem::rename(pathOf(from), pathOf(to), error);
    return !error;
}

struct Digest {
    std::uint64_t bytes = 0;
    std::string sha256;
};

// Of what stands on the disk, not of what was meant to.
std::optional<Digest> digestOf(const std::string& path)
{
    std::FILE* file = openFile(path, "rb");
    if (!file)
        return std::nullopt;
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    Digest digest;
    std::vector<unsigned char> buffer(256 * 1024);
    std::size_t read = 0;
    while ((read = std::fread(buffer.data(), 1, buffer.size(), file)) > 0) {
        crypto_hash_sha256_update(&state, buffer.data(), read);
        digest.bytes += read;
    }
    const bool whole = std::ferror(file) == 0;
    std::fclose(file);
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256_final(&state, hash.data());
    std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    digest.sha256 = hex.data();
    return whole ? std::optional(digest) : std::nullopt;
}

bool writeWhole(const std::string& path, const QByteArray& bytes)
{
    std::FILE* file = openFile(path, "wb");
    if (!file)
        return false;
    const auto size = static_cast<std::size_t>(bytes.size());
    const bool written = std::fwrite(bytes.constData(), 1, size, file) == size;
    return std::fclose(file) == 0 && written;
}

} // namespace

std::optional<TableFormat> tableFormatFrom(std::string_view text)
{
    for (const TableFormat format : {TableFormat::Csv, TableFormat::JsonLines, TableFormat::Xlsx})
        if (word(format) == text)
            return format;
    return std::nullopt;
}

std::string_view word(TableFormat format)
{
    static constexpr std::string_view words[] = {"csv", "jsonl", "xlsx"};
    return words[static_cast<std::size_t>(format)];
}

TableFile::TableFile(std::string path, TableFormat format, bool byteOrderMark, std::vector<ExportColumn> columns)
    : m_path(std::move(path)), m_part(m_path + ".part"), m_format(format)
{
    // Opened for a workbook too, whose library would tell only at the end that it cannot write there.
    m_file = openFile(m_part, "wb");
    if (!m_file) {
        m_error = std::strerror(errno);
        return;
    }
    if (format == TableFormat::Xlsx) {
        std::fclose(std::exchange(m_file, nullptr));
        m_writer = workbook(m_part, std::move(columns));
    } else {
        m_writer = textTable(format, byteOrderMark, std::move(columns), m_file);
    }
}

TableFile::~TableFile()
{
    if (!m_writer)
        return;
    m_writer.reset();
    if (m_file)
        std::fclose(m_file);
    removeFile(m_part);
}

bool TableFile::row(std::span<const std::string> cells)
{
    if (!m_writer)
        return false;
    if (!m_writer->row(cells))
        return fail(m_writer->error());
    ++m_rows;
    return true;
}

bool TableFile::finish(QJsonObject facts)
{
    if (!m_writer)
        return false;
    if (!m_writer->finish())
        return fail(m_writer->error());
    if (m_file && std::fclose(std::exchange(m_file, nullptr)) != 0)
        return fail("the file could not be written; is the disk full?");
    const std::optional<Digest> digest = digestOf(m_part);
    if (!digest)
        return fail("the file could not be read back");
    facts[QStringLiteral("format")] =
        QString::fromLatin1(word(m_format).data(), static_cast<qsizetype>(word(m_format).size()));
    facts[QStringLiteral("rows")] = static_cast<qint64>(m_rows);
    facts[QStringLiteral("bytes")] = static_cast<qint64>(digest->bytes);
    facts[QStringLiteral("sha256")] = QString::fromStdString(digest->sha256);
    return place(facts);
}

bool TableFile::place(const QJsonObject& facts)
{
    const std::string beside = m_path + ".json", besidePart = beside + ".part";
    const QByteArray json = QJsonDocument(facts).toJson();
    if (!writeWhole(besidePart, json) || !moveFile(m_part, m_path) || !moveFile(besidePart, beside)) {
        removeFile(besidePart);
        return fail("the file could not be put in its place");
    }
    m_writer.reset();
    return true;
}

bool TableFile::fail(const std::string& what)
{
    m_error = what;
    m_writer.reset();
    if (m_file)
        std::fclose(std::exchange(m_file, nullptr));
    removeFile(m_part);
    return false;
}

} // namespace protocol
