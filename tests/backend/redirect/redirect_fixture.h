// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTest>
#include <atomic>
#include <map>
#include <mutex>

#include "backend/protocol/packed_hits.h"
#include "backend/redirect/redirect_server.h"
#include "backend/runtime/thread_owner.h"
#include "tests/backend/redirect/raw_client.h"

// A redirect edge with its loops, and a stand-in for the pipeline that keeps every hit and releases its answer.
class RunningEdge {
public:
    explicit RunningEdge(redirect::Options options = {}, redirect::RedirectServer::EnricherFactory enrichers = {},
                         std::size_t queueCapacity = 10'000)
        : queue(queueCapacity)
    {
        options.port = 0;
        snapshots.publish(sampleLinks());
        server.emplace(options, snapshots, queue, clock, std::move(enrichers));
        server->onHostReached([this](protocol::DomainId id) { hostReached = id.value; });
        server->onHealth([this] { return ready.load(); });
        server->start();
        for (int loop = 0; loop < options.loops; ++loop)
            threads.start("redirect-" + std::to_string(loop), [this, loop] { server->runLoop(loop); });
        threads.start("passwords", [this] { server->runPasswordChecks(); });
        consumer.start("consumer", [this] { consume(); });
    }

    ~RunningEdge()
    {
        held = false;
        stop();
    }

    void stop(std::int64_t graceMs = 5000)
    {
        server->stop(graceMs);
        threads.join();
        queue.close();
        consumer.join();
    }

    RawClient connect() const { return RawClient(server->port()); }

    // One request on a connection of its own.
    std::optional<Response> ask(std::string_view bytes, bool ofHead = false) const
    {
        RawClient client = connect();
        client.send(bytes);
        return client.receive(ofHead);
    }

    protocol::HitBatch hits() const
    {
        std::lock_guard lock(m_mutex);
        return m_hits;
    }

    static std::shared_ptr<const links::Snapshot> sampleLinks()
    {
        links::Workspace workspace;
        workspace.id = protocol::WorkspaceId(1);
        workspace.name = "default";
        std::vector<links::Domain> domains(3);
        domains[0].id = protocol::DomainId(1);
        domains[0].workspace = workspace.id;
        domains[0].host = "go.example";
        domains[0].state = links::DomainState::Ready;
        domains[1] = domains[0];
        domains[1].id = protocol::DomainId(2);
        domains[1].host = "verified.example";
        domains[1].state = links::DomainState::Verified;
        domains[2] = domains[0];
        domains[2].id = protocol::DomainId(3);
        domains[2].host = "pending.example";
        domains[2].state = links::DomainState::Pending;
        std::vector<links::Link> all(2);
        all[0].id = protocol::LinkId(1);
        all[0].domain = domains[0].id;
        all[0].slug = "sale";
        all[0].destination = "https://shop.example/p?x=1";
        all[0].campaign = "summer";
        all[1] = all[0];
        all[1].id = protocol::LinkId(2);
        all[1].slug = "off";
        all[1].state = links::LinkState::Paused;
        return links::Snapshot::build({workspace}, domains, all);
    }

    runtime::SystemClock clock;
    links::SnapshotHolder snapshots;
    redirect::RedirectServer::HitQueue queue;
    std::optional<redirect::RedirectServer> server;
    std::atomic<bool> held{false}; // the consumer waits before it releases
    std::atomic<bool> ready{true};
    std::atomic<std::uint32_t> hostReached{0};

private:
    void consume()
    {
        std::vector<runtime::Handed<links::AnsweredHits>> batch;
        std::vector<runtime::Handed<links::AnsweredHits>> waiting;
        while (queue.popAll(batch, std::chrono::milliseconds(5))) {
            std::move(batch.begin(), batch.end(), std::back_inserter(waiting));
            if (held)
                continue;
            std::map<runtime::ReturnPath*, std::vector<std::uint64_t>> tickets;
            {
                std::lock_guard lock(m_mutex);
                for (const auto& round : waiting) {
                    protocol::PackedHits packed;
                    for (std::size_t at = 0; at < round.size(); ++at)
                        packed.add(protocol::HitSeq(at + 1), round.items.body(at));
                    for (protocol::Hit& hit : packed.hits()) {
                        hit.seq = {}; // whoever stores it gives it one
                        m_hits.push_back(std::move(hit));
                    }
                    auto& own = tickets[round.back];
                    own.insert(own.end(), round.tickets.begin(), round.tickets.end());
                }
            }
            waiting.clear();
            for (const auto& [back, own] : tickets)
                back->release(own);
        }
    }

    mutable std::mutex m_mutex;
    protocol::HitBatch m_hits;
    runtime::ThreadOwner threads;
    runtime::ThreadOwner consumer;
};

inline std::string get(std::string_view target, std::string_view moreHeaders = {}, std::string_view host = "go.example")
{
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) + "\r\n" +
           std::string(moreHeaders) + "\r\n";
}
