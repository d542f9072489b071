// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/query_parameters.h"

#include <algorithm>

#include "backend/links/destination.h"

namespace links {

void QueryParameters::read(std::string_view query, std::size_t parametersMax)
{
    m_parameters.clear();
    m_text.clear();
    m_text.reserve(query.size()); // decoded text is never longer, so the views below stay valid
    while (!query.empty() && m_parameters.size() < parametersMax) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view whole = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (whole.empty())
            continue;
        const std::size_t equals = std::min(whole.find('='), whole.size());
        const std::string_view name = decoded(whole.substr(0, equals));
        m_parameters.push_back({whole, name, decoded(whole.substr(std::min(equals + 1, whole.size())))});
    }
}

std::string_view QueryParameters::decoded(std::string_view text)
{
    if (text.find_first_of("%+") == std::string_view::npos)
        return text;
    const std::size_t start = m_text.size();
    if (!appendDecoded(text, true, m_text)) {
        m_text.resize(start);
        return text;
    }
    return std::string_view(m_text).substr(start);
}

bool isQrMarker(const QueryParameters::Parameter& parameter)
{
    return parameter.name == "qr" || (parameter.name == "nr" && parameter.value == "qr");
}

} // namespace links
