// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QMetaType>
#include <QString>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/state/connection_status.h"
#include "backend/protocol/messages.h"

class QObject;

// What outlives the program, as plain values: kept by archive, taken up by state and connection.
namespace state {

struct Annotation {
    bool marked = false;
    QString comment;

    bool isEmpty() const { return !marked && comment.isEmpty(); }
};

// From where a line goes on that an earlier run ended.
struct ResumePoint {
    std::string dataId; // sequences of another folder are another count
    protocol::HitSeq cursor;
    std::vector<GapReport> gaps; // sequences up to the cursor that did not come
    protocol::StreamFilter filter;
};

// All that was known when the backend was last heard of, beside the hits.
struct Known {
    ResumePoint place;
    std::int64_t heardAtMs = 0; // UTC
    std::optional<protocol::Hello> hello;
    std::optional<protocol::WindowAggregate> window;
    std::optional<protocol::Watermark> watermark;
    std::vector<protocol::Edit> edits; // oldest first
    QHash<quint64, Annotation> annotations;
};

// An answer of the API as it came, under the request that it answered.
struct StoredAnswer {
    QString query; // of that request, percent-encoded: perhaps of another range than was asked for now
    QByteArray body;
    std::int64_t atMs = 0;
};

// Where answers are kept for the time without a backend. May be called from any thread.
class AnswerStore {
public:
    using Found = std::function<void(const std::optional<StoredAnswer>& answer)>;

    virtual ~AnswerStore() = default;
    virtual void keep(const QString& path, const QString& query, const QByteArray& body) = 0;
    // The answer to the same request, or else the newest to one that differs by its range of time alone. `found` is
    // called on the context's thread, unless that is gone.
    virtual void find(const QString& path, const QString& query, QObject* context, Found found) = 0;
};

} // namespace state

Q_DECLARE_METATYPE(state::Known)
