// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hits/spare_pieces.h"

#include <algorithm>
#include <system_error>

#include "backend/storage/hits/day_folder.h"

namespace storage {

namespace {

// 256 MiB, over a million hits: some twenty seconds at the most that a machine of two cores takes in.
constexpr int sparesMax = 8;
constexpr std::uint64_t bytesACallIdle = 4 * 1024 * 1024;
// Beside hits: 2.5 MiB a second, more than is written while they count as slow (10,000 a second of some 190 bytes), and
// little enough for a commit that comes meanwhile.
constexpr std::uint64_t bytesACall = 256 * 1024;
constexpr int callsBetweenTries = 100;

std::string sparePath(const std::string& folder, int number)
{
    return hitsFolder(folder) + "/spare-" + std::to_string(number);
}

std::string partPath(const std::string& folder)
{
    return hitsFolder(folder) + "/spare.part";
}

// The first number that has a file, or has none; sparesMax where there is no such number.
int firstSpare(runtime::Files& files, const std::string& folder, bool isThere)
{
    int number = 0;
    while (number < sparesMax && files.exists(sparePath(folder, number)) != isThere)
        ++number;
    return number;
}

} // namespace

SparePieces::SparePieces(runtime::Files& files, std::string folder, std::uint64_t pieceBytes)
    : m_files(files), m_folder(std::move(folder)), m_pieceBytes(pieceBytes)
{
}

SparePieces::~SparePieces() = default;

void SparePieces::makeMore(bool isIdle)
{
    if (m_callsToSkip > 0) {
        --m_callsToSkip;
        return;
    }
    const int missing = firstSpare(m_files, m_folder, false);
    if (missing == sparesMax)
        return;
    try {
        if (!m_file) {
            m_files.remove(partPath(m_folder)); // left by a crash
            m_file = m_files.openWrite(partPath(m_folder));
            m_made = 0;
        }
        const std::uint64_t more = std::min(isIdle ? bytesACallIdle : bytesACall, m_pieceBytes - m_made);
        m_file->write(m_made, std::string(more, '\0'));
        m_file->sync();
        m_made += more;
        if (m_made < m_pieceBytes)
            return;
        m_file.reset();
        m_files.rename(partPath(m_folder), sparePath(m_folder, missing));
    } catch (const std::system_error&) {
        m_callsToSkip = callsBetweenTries;
        m_file.reset();
        m_files.remove(partPath(m_folder));
        throw;
    }
}

bool SparePieces::isReady(runtime::Files& files, const std::string& folder)
{
    return firstSpare(files, folder, true) < sparesMax;
}

bool SparePieces::take(runtime::Files& files, const std::string& folder, const std::string& path)
{
    const int number = firstSpare(files, folder, true);
    if (number == sparesMax || files.exists(path))
        return false;
    files.rename(sparePath(folder, number), path);
    return true;
}

void SparePieces::remove(runtime::Files& files, const std::string& folder)
{
    for (int number = 0; number < sparesMax; ++number)
        files.remove(sparePath(folder, number));
    files.remove(partPath(folder));
}

} // namespace storage
