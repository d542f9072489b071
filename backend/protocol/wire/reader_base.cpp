// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/wire/reader_base.h"

#include "backend/protocol/limits.h"

namespace protocol::wire {

bool ReaderBase::fail(std::string_view code, std::int64_t limit)
{
    static_assert(depthMax == limits::jsonDepth);
    if (!m_error.empty())
        return false;
    m_error = code;
    m_error += ' ';
    if (m_path.empty())
        m_error += "message";
    for (std::size_t i = 0; i < m_path.size(); ++i) {
        if (i > 0)
            m_error += '.';
        m_error += m_path[i];
    }
    if (limit >= 0)
        m_error += ' ' + std::to_string(limit);
    m_at = m_in.size();
    return false;
}

} // namespace protocol::wire
