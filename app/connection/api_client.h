// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QNetworkAccessManager>
#include <QObject>
#include <QPointer>
#include <QUrl>
#include <QUrlQuery>

#include <functional>
#include <optional>
#include <string_view>

#include "app/connection/api_types.h"
#include "app/state/archived.h"

class QNetworkReply;

namespace connection {

struct Reply {
    QByteArray body;
    QByteArray contentType;
    Problem problem;                         // set where it went wrong; then body is empty
    std::optional<QString> storedQuery = {}; // an earlier answer, and the query that it answered
};

// One backend's HTTP API. Lives on the connection's thread. Answers are bounded in bytes and time, redirects are
// refused (a token never goes where it was not meant to), nothing is cached and no cookie kept. At most requestsMax at
// a time; more fail at once. With a store, answers to GET are kept there, and while there is no backend they are taken
// from there.
class ApiClient final : public QObject {
public:
    static constexpr int requestsMax = 16;
    using Done = std::function<void(const Reply& reply)>;

    explicit ApiClient(int timeoutMs, state::AnswerStore* answers = nullptr, QObject* parent = nullptr);
    ~ApiClient() override;

    // Requests made before end with the problem `cancelled`.
    void setTarget(const QUrl& base, const QByteArray& token);
    // Whether a backend answers now: what it says goes before what is stored.
    void setOnline(bool online) { m_online = online; }
    void get(const QString& path, const QUrlQuery& query, const QByteArray& accept, qint64 bytesMax, Done done);
    void patch(const QString& path, const QByteArray& body, const QByteArray& ifMatch, Done done);
    // `key`: an Idempotency-Key; empty = none.
    void post(const QString& path, const QByteArray& body, const QByteArray& key, qint64 bytesMax, Done done);
    void remove(const QString& path, Done done);
    // A file as it is, with a time limit of its own; one at a time. `uploaded` is told bytes sent and all.
    using Uploaded = std::function<void(qint64 bytes, qint64 all)>;
    void upload(const QString& path, const QUrlQuery& query, const QByteArray& file, Uploaded uploaded, Done done);
    // Ends it with the problem `cancelled`.
    void cancelUpload();

private:
    class QNetworkRequest request(const QString& path, const QUrlQuery& query, const QByteArray& accept) const;
    void follow(QNetworkReply* reply, qint64 bytesMax, int wholeMs, Done done);
    void follow(QNetworkReply* reply, qint64 bytesMax, Done done)
    {
        follow(reply, bytesMax, m_timeoutMs * wholeFactor, std::move(done));
    }
    bool refuseWhenBusy(const Done& done);
    void ask(const QString& path, const QUrlQuery& query, const QByteArray& accept, qint64 bytesMax, Done done);
    bool isStored(const QString& path, const QByteArray& accept) const;

    // The transfer timeout is for silence; a server that sends a byte now and then is cut off after so many times as
    // long.
    static constexpr int wholeFactor = 6;

    int m_timeoutMs;
    state::AnswerStore* m_answers;
    bool m_online = false;
    int m_running = 0;
    quint64 m_generation = 0;
    QUrl m_base;
    QByteArray m_token;
    QNetworkAccessManager m_network;
    QPointer<QNetworkReply> m_upload;
    bool m_uploadCancelled = false;
};

// Adds the parameter where there is something to say. Percent-encoded here, since QUrlQuery leaves + as it is, which a
// server reads as a space.
inline void addText(QUrlQuery& query, const char* name, const QString& value)
{
    if (!value.isEmpty())
        query.addQueryItem(QLatin1StringView(name), QString::fromLatin1(QUrl::toPercentEncoding(value)));
}
inline void addText(QUrlQuery& query, const char* name, std::string_view word)
{
    addText(query, name, QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size())));
}

} // namespace connection
