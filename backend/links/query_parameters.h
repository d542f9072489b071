// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace links {

// More parameters than any page needs; the rest of a visitor's query is not looked at, so one of thousands costs
// little.
inline constexpr std::size_t visitorParametersMax = 100;

// The parameters of a query, taken apart and decoded once. Reused from request to request, it keeps its memory. Its
// views are valid until the next read, and as long as the text that was read.
class QueryParameters {
public:
    struct Parameter {
        std::string_view whole;       // as received
        std::string_view name, value; // as they read; what cannot be decoded reads as it stands
    };

    QueryParameters() = default;
    QueryParameters(const QueryParameters&) = delete;
    QueryParameters& operator=(const QueryParameters&) = delete;

    void read(std::string_view query, std::size_t parametersMax = visitorParametersMax);
    void clear() { m_parameters.clear(); }
    std::span<const Parameter> all() const { return m_parameters; }

private:
    std::string_view decoded(std::string_view text);

    std::vector<Parameter> m_parameters;
    std::string m_text; // of those that had escapes
};

// True for a parameter that marks a QR code: `qr`, or nr=qr.
bool isQrMarker(const QueryParameters::Parameter& parameter);

} // namespace links
