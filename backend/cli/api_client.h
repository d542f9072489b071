// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <QJsonObject>

namespace cli {

struct ApiAnswer {
    unsigned status = 0;
    QJsonObject body;

    bool done() const { return status >= 200 && status < 300; }
    // The code of a problem ("slug_taken") and the field it names.
    std::string problem() const;
    std::string field() const;
};

// The API of the backend that runs beside this command, asked one request at a time. Throws std::runtime_error where it
// does not answer.
class ApiClient {
public:
    // `address`: "http://127.0.0.1:8081".
    ApiClient(std::string address, std::string token);

    // `target` with its query, percent-encoded.
    ApiAnswer send(const std::string& method, const std::string& target, const QJsonObject& body = {},
                   const std::string& ifMatch = {}) const;
    // Posts a file as it is.
    ApiAnswer sendFile(const std::string& target, const std::string& file) const;

private:
    ApiAnswer exchange(const std::string& method, const std::string& target, const std::string& type,
                       const std::string& body, const std::string& ifMatch = {}) const;

    std::string m_address, m_host, m_port, m_token;
};

// For a query's value.
std::string percentEncoded(const std::string& text);

} // namespace cli
