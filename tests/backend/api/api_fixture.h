// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTemporaryDir>
#include <QTest>

#include "backend/api/api_server.h"
#include "backend/pipeline/editor.h"
#include "backend/runtime/files.h"
#include "backend/runtime/thread_owner.h"
#include "backend/storage/init_folder.h"
#include "backend/storage/store.h"

// An answer of the API.
struct Answer {
    int status = 0;
    QByteArray type, body, etag, allow, retryAfter;
    QJsonObject json;

    QString problem() const { return json["type"].toString().section('/', -1); }
};

// A real data folder with its pipeline and the API before it, over loopback.
class ApiFixture {
public:
    explicit ApiFixture(api::Seams seams = {}, api::Options options = {})
    {
        const std::string folder = m_folder.path().toStdString();
        storage::initFolder(folder);
        runtime::SystemFiles files;
        admin = QByteArray::fromStdString(runtime::readWhole(files, folder + "/admin.token", 4096)).trimmed();
        store = std::make_unique<storage::Store>(storage::OpenOptions{folder, false});
        pipeline::Editor(*store, snapshot, clock, {}).loadSnapshot();
        pipeline::Options pipelineOptions;
        pipelineOptions.rollupIntervalMs = 3'600'000; // only when asked
        pipeline = std::make_unique<pipeline::Pipeline>(pipelineOptions, *store, snapshot, queue, clock,
                                                        pipeline::Listeners{});
        options.port = 0;
        options.dataFolder = folder;
        options.server = "clickroomd test";
        options.streamUrl = "ws://0.0.0.0:8082/v1/stream";
        options.redirectAddress = "127.0.0.1:8080";
        const int workers = options.queryWorkers;
        server = std::make_unique<api::ApiServer>(options, snapshot, *pipeline, clock, generation, std::move(seams));
        server->start();
        pipelineThreads.start("pipeline", [this] { pipeline->run(); });
        pipelineThreads.start("late-guard", [this] { pipeline->runLateGuard(); });
        pipelineThreads.start("sealer", [this] { pipeline->runSealer(); });
        pipelineThreads.start("rollups", [this] { pipeline->runRollups(); });
        threads.start("api", [this] { server->runLoop(); });
        for (int i = 0; i < workers; ++i)
            threads.start("query", [this, i] { server->runWorker(i); });
    }

    ~ApiFixture()
    {
        server->stop();
        threads.join();
        queue.close();
        pipeline->stop();
        pipelineThreads.join();
    }

    QString url(const QString& path) const
    {
        return QStringLiteral("http://127.0.0.1:%1%2").arg(server->port()).arg(path);
    }

    QNetworkReply* begin(const QByteArray& method, const QString& path, const QByteArray& token,
                         const QByteArray& body = {}, const QList<std::pair<QByteArray, QByteArray>>& headers = {})
    {
        QNetworkRequest request{QUrl(url(path))};
        if (!token.isEmpty())
            request.setRawHeader("Authorization", "Bearer " + token);
        if (!body.isEmpty())
            request.setHeader(QNetworkRequest::ContentTypeHeader, "application/json");
        for (const auto& [name, value] : headers)
            request.setRawHeader(name, value);
        return method == "HEAD" ? m_client.head(request) : m_client.sendCustomRequest(request, method, body);
    }

    static Answer finish(QNetworkReply* reply)
    {
        if (!reply->isFinished()) {
            QEventLoop waiting;
            QObject::connect(reply, &QNetworkReply::finished, &waiting, &QEventLoop::quit);
            waiting.exec();
        }
        Answer answer;
        answer.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        answer.type = reply->rawHeader("Content-Type");
        answer.etag = reply->rawHeader("ETag");
        answer.allow = reply->rawHeader("Allow");
        answer.retryAfter = reply->rawHeader("Retry-After");
        answer.body = reply->readAll();
        answer.json = QJsonDocument::fromJson(answer.body).object();
        reply->deleteLater();
        return answer;
    }

    Answer send(const QByteArray& method, const QString& path, const QByteArray& token, const QJsonObject& body = {},
                const QList<std::pair<QByteArray, QByteArray>>& headers = {})
    {
        return finish(
            begin(method, path, token, body.isEmpty() ? QByteArray() : QJsonDocument(body).toJson(), headers));
    }

    Answer get(const QString& path) { return send("GET", path, admin); }
    Answer post(const QString& path, const QJsonObject& body) { return send("POST", path, admin, body); }

    QByteArray makeToken(const QString& role, const QString& workspace = QStringLiteral("default"))
    {
        return post("/v1/tokens?workspace=" + workspace, {{"role", role}}).json["token"].toString().toUtf8();
    }

    // Hands hits to the pipeline as the redirect edge does; they are stored when this returns.
    void storeHits(const std::vector<protocol::Hit>& hits)
    {
        const std::uint64_t wanted = pipeline->counters().lastSeq.load() + hits.size();
        for (const protocol::Hit& hit : hits) {
            const links::HeldLink* const link = hit.isClick() ? snapshot.current()->link(hit.link) : nullptr;
            pipeline::AnsweredHits round;
            round.items.add(protocol::viewOf(hit), link ? link->clicks : nullptr);
            QVERIFY(queue.tryPush(std::move(round)));
        }
        QTRY_VERIFY(pipeline->counters().lastSeq.load() >= wanted);
    }

    protocol::Hit hitOf(const std::string& slug) const
    {
        const auto now = snapshot.current();
        const links::Domain* domain = now->domain("localhost");
        const links::Link* link = now->link(domain->id, slug);
        protocol::Hit hit;
        hit.time = protocol::UtcMs(clock.utcMs());
        hit.workspace = domain->workspace;
        hit.link = link ? link->id : protocol::LinkId();
        hit.domain = "localhost";
        hit.slug = slug;
        hit.status = 302;
        return hit;
    }

private:
    QTemporaryDir m_folder;
    QNetworkAccessManager m_client;

public:
    QByteArray admin;
    runtime::SystemClock clock;
    std::atomic<std::uint64_t> generation{0};
    links::SnapshotHolder snapshot;
    pipeline::HitQueue queue{1024};
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<pipeline::Pipeline> pipeline;
    std::unique_ptr<api::ApiServer> server;
    runtime::ThreadOwner threads, pipelineThreads;
};
