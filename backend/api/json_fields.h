// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <QJsonObject>

#include "backend/api/http/message.h"
#include "backend/links/link_words.h"
#include "backend/protocol/messages.h"
#include "backend/storage/store.h"

namespace api {

struct FieldProblem {
    unsigned status = 422;
    std::string code, field;
    std::optional<std::int64_t> limit;

    Response answer() const { return api::problem(status, code, field, limit); }
};

// Reads the fields of a request's JSON object. The first field of the wrong type or over its limit is kept as a
// problem; later reads then give nothing, so a controller reads all and asks once.
class Fields {
public:
    explicit Fields(const std::string& body);
    explicit Fields(const QJsonValue& object);

    std::optional<std::string> text(const char* name, std::size_t bytesMax);
    std::optional<std::int64_t> integer(const char* name, std::int64_t least, std::int64_t most);
    std::optional<bool> boolean(const char* name);
    std::optional<std::vector<std::string>> texts(const char* name, std::size_t countMax, std::size_t bytesMax);
    // RFC 3339, or null for "none" (0).
    std::optional<protocol::UtcMs> time(const char* name);
    std::optional<QJsonObject> object(const char* name);

    bool has(const char* name) const;
    QJsonValue value(const char* name) const;
    void fail(std::string_view code, std::string_view field, std::optional<std::int64_t> limit = std::nullopt);
    const std::optional<FieldProblem>& problem() const { return m_problem; }

private:
    QJsonObject m_object;
    std::optional<FieldProblem> m_problem;
};

QJsonObject jsonOf(const links::Domain& domain);
QJsonObject jsonOf(const links::Workspace& workspace);
QJsonObject jsonOf(const storage::Token& token, const std::string& workspace);
QJsonObject jsonOf(const protocol::Watermark& watermark);
QString qString(std::string_view text);
// RFC 3339; null where there is no time.
QJsonValue timeOrNull(protocol::UtcMs time);

} // namespace api
