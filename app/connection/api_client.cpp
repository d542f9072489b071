// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/api_client.h"

#include <QNetworkReply>
#include <QNetworkRequest>
#include <QPointer>
#include <QTimer>

#include <algorithm>

#include "app/connection/api_reader.h"

namespace connection {

namespace {

constexpr int uploadSilenceMs = 250'000; // the backend gives up on a large file after 240 s, and says so itself
constexpr int uploadWholeMs = 300'000;
constexpr qint64 uploadReplyBytesMax = 4LL * 1024 * 1024;
constexpr qint64 patchReplyBytesMax = 4 * 1024 * 1024; // a link with as many rules as it may have

Problem problemOf(QNetworkReply& reply, const QByteArray& body)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status >= 300 && status < 400)
        return {status, QStringLiteral("redirected"), {}, {}};
    if (status >= 400)
        return problemFrom(status, body);
    switch (reply.error()) {
    case QNetworkReply::NoError:
        return {};
    case QNetworkReply::TimeoutError:
    case QNetworkReply::OperationCanceledError:
        return {status, QStringLiteral("timeout"), reply.errorString(), {}};
    case QNetworkReply::SslHandshakeFailedError:
        return {status, QStringLiteral("tls"), reply.errorString(), {}};
    case QNetworkReply::ProtocolInvalidOperationError:
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
        return {status, QStringLiteral("not_http"), reply.errorString(), {}};
    default:
        return {status, QStringLiteral("unreachable"), reply.errorString(), {}};
    }
}

} // namespace

ApiClient::ApiClient(int timeoutMs, state::AnswerStore* answers, QObject* parent)
    : QObject(parent), m_timeoutMs(timeoutMs), m_answers(answers)
{
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

ApiClient::~ApiClient() = default;

void ApiClient::setTarget(const QUrl& base, const QByteArray& token)
{
    ++m_generation;
    m_base = base;
    m_token = token;
}

QNetworkRequest ApiClient::request(const QString& path, const QUrlQuery& query, const QByteArray& accept) const
{
    QUrl url = m_base;
    url.setPath(path);
    url.setQuery(query);
    QNetworkRequest request(url);
    request.setRawHeader("Authorization", "Bearer " + m_token);
    request.setRawHeader("Accept", accept);
    // Not compressed: what is bounded is then also what is held.
    request.setRawHeader("Accept-Encoding", "identity");
    request.setTransferTimeout(m_timeoutMs);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    return request;
}

bool ApiClient::refuseWhenBusy(const Done& done)
{
    if (m_running < requestsMax)
        return false;
    Reply reply;
    reply.problem.code = QStringLiteral("too_many_requests");
    done(reply);
    return true;
}

// What tells of the data, and not of the line, of secrets or of this very moment.
bool ApiClient::isStored(const QString& path, const QByteArray& accept) const
{
    static const QStringList prefixes{
        QStringLiteral("/v1/links"),   QStringLiteral("/v1/rollups"),
        QStringLiteral("/v1/reports"), QStringLiteral("/v1/domains"),
        QStringLiteral("/v1/edits"),   QStringLiteral("/v1/tokens")}; // names and roles: a secret is told but once
    return m_answers && accept == "application/json" && !path.endsWith(QLatin1String("/progress")) &&
           std::any_of(prefixes.cbegin(), prefixes.cend(),
                       [&path](const QString& start) { return path.startsWith(start); });
}

void ApiClient::get(const QString& path, const QUrlQuery& query, const QByteArray& accept, qint64 bytesMax, Done done)
{
    if (!isStored(path, accept))
        return ask(path, query, accept, bytesMax, std::move(done));
    const QString text = query.toString(QUrl::FullyEncoded);
    if (!m_online) {
        const auto take = [this, path, query, accept, bytesMax,
                           done](const std::optional<state::StoredAnswer>& answer) {
            if (!answer || answer->body.size() > bytesMax)
                return ask(path, query, accept, bytesMax, done);
            done({answer->body, accept, {}, answer->query});
        };
        return m_answers->find(path, text, this, take);
    }
    ask(path, query, accept, bytesMax, [this, path, text, done = std::move(done)](const Reply& reply) {
        if (!reply.problem.isSet())
            m_answers->keep(path, text, reply.body);
        done(reply);
    });
}

void ApiClient::ask(const QString& path, const QUrlQuery& query, const QByteArray& accept, qint64 bytesMax, Done done)
{
    if (m_base.isEmpty()) {
        Reply reply;
        reply.problem.code = QStringLiteral("unreachable");
        return done(reply);
    }
    if (!refuseWhenBusy(done))
        follow(m_network.get(request(path, query, accept)), bytesMax, std::move(done));
}

void ApiClient::patch(const QString& path, const QByteArray& body, const QByteArray& ifMatch, Done done)
{
    if (refuseWhenBusy(done))
        return;
    QNetworkRequest changed = request(path, {}, "application/json");
    changed.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    if (!ifMatch.isEmpty())
        changed.setRawHeader("If-Match", ifMatch);
    follow(m_network.sendCustomRequest(changed, "PATCH", body), patchReplyBytesMax, std::move(done));
}

void ApiClient::post(const QString& path, const QByteArray& body, const QByteArray& key, qint64 bytesMax, Done done)
{
    if (refuseWhenBusy(done))
        return;
    QNetworkRequest made = request(path, {}, "application/json");
    made.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    if (!key.isEmpty())
        made.setRawHeader("Idempotency-Key", key);
    follow(m_network.post(made, body), bytesMax, std::move(done));
}

void ApiClient::remove(const QString& path, Done done)
{
    if (!refuseWhenBusy(done))
        follow(m_network.deleteResource(request(path, {}, "application/json")), patchReplyBytesMax, std::move(done));
}

void ApiClient::upload(const QString& path, const QUrlQuery& query, const QByteArray& file, Uploaded uploaded,
                       Done done)
{
    if (refuseWhenBusy(done))
        return;
    if (m_upload) {
        Reply reply;
        reply.problem.code = QStringLiteral("too_many_requests");
        return done(reply);
    }
    QNetworkRequest sent = request(path, query, "application/json");
    sent.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("text/csv"));
    sent.setTransferTimeout(std::max(m_timeoutMs, uploadSilenceMs));
    m_upload = m_network.post(sent, file);
    m_uploadCancelled = false;
    connect(m_upload, &QNetworkReply::uploadProgress, this,
            [uploaded = std::move(uploaded)](qint64 bytes, qint64 all) { uploaded(bytes, all); });
    follow(m_upload, uploadReplyBytesMax, uploadWholeMs, [this, done = std::move(done)](const Reply& reply) {
        m_upload.clear();
        Reply told = reply;
        if (m_uploadCancelled)
            told.problem = {0, QStringLiteral("cancelled"), {}, {}};
        done(told);
    });
}

void ApiClient::cancelUpload()
{
    if (!m_upload)
        return;
    m_uploadCancelled = true;
    m_upload->abort();
}

void ApiClient::follow(QNetworkReply* reply, qint64 bytesMax, int wholeMs, Done done)
{
    ++m_running;
    struct Progress {
        QByteArray body;
        bool tooLarge = false;
    };
    auto progress = std::make_shared<Progress>();
    const auto read = [reply, progress, bytesMax] {
        if (progress->tooLarge)
            return;
        progress->body += reply->read(bytesMax + 1 - progress->body.size());
        if (progress->body.size() > bytesMax) {
            progress->tooLarge = true;
            reply->abort();
        }
    };
    connect(reply, &QNetworkReply::readyRead, this, read);
    QTimer::singleShot(wholeMs, reply, &QNetworkReply::abort);
    connect(reply, &QNetworkReply::finished, this,
            [this, reply, progress, read, done = std::move(done), generation = m_generation] {
                --m_running;
                reply->deleteLater();
                read();
                Reply result;
                result.problem = generation != m_generation ? Problem{0, QStringLiteral("cancelled"), {}, {}}
                                 : progress->tooLarge       ? Problem{0, QStringLiteral("too_large"), {}, {}}
                                                            : problemOf(*reply, progress->body);
                if (!result.problem.isSet()) {
                    result.body = std::move(progress->body);
                    result.contentType = reply->header(QNetworkRequest::ContentTypeHeader).toByteArray();
                }
                done(result);
            });
}

} // namespace connection
