// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/enrich/enricher.h"

#include <cstring>
#include <list>
#include <stdexcept>
#include <unordered_map>

#include <sodium.h>

#include "backend/enrich/agent_catalogue.h"
#include "backend/enrich/geo_database.h"
#include "backend/enrich/request_text.h"
#include "backend/enrich/visitor_salts.h"

namespace enrich {

namespace {

constexpr std::size_t agentsRemembered = 4096;

// What was told of an agent, by a keyed hash of all headers it was told from: no agent is kept, and nobody outside can
// make two agents collide.
class AgentMemory {
public:
    AgentMemory()
    {
        if (sodium_init() < 0)
            throw std::runtime_error("no source of random numbers for the agent memory");
        crypto_shorthash_keygen(m_key);
    }

    std::uint64_t hash(const RequestFacts& facts)
    {
        m_joined.clear();
        for (const std::string_view part :
             {facts.userAgent, facts.secChUa, facts.secChUaMobile, facts.secChUaPlatform}) {
            m_joined.append(part.substr(0, agentScanBytes));
            m_joined.push_back('\n'); // never in a header
        }
        m_joined.push_back(facts.acceptLanguage.empty() ? '0' : '1');
        m_joined.push_back(facts.accept == "*/*" ? '1' : '0');
        std::uint64_t out = 0;
        static_assert(crypto_shorthash_BYTES == sizeof out);
        crypto_shorthash(reinterpret_cast<unsigned char*>(&out),
                         reinterpret_cast<const unsigned char*>(m_joined.data()), m_joined.size(), m_key);
        return out;
    }

    const Agent* find(std::uint64_t hash)
    {
        const auto found = m_byHash.find(hash);
        if (found == m_byHash.end())
            return nullptr;
        m_recent.splice(m_recent.begin(), m_recent, found->second);
        return &found->second->second;
    }

    const Agent& add(std::uint64_t hash, Agent agent)
    {
        if (m_recent.size() >= agentsRemembered) {
            m_byHash.erase(m_recent.back().first);
            m_recent.pop_back();
        }
        m_recent.emplace_front(hash, std::move(agent));
        m_byHash[hash] = m_recent.begin();
        return m_recent.front().second;
    }

private:
    using Entry = std::pair<std::uint64_t, Agent>;

    unsigned char m_key[crypto_shorthash_KEYBYTES];
    std::string m_joined;
    std::list<Entry> m_recent; // most recent first
    std::unordered_map<std::uint64_t, std::list<Entry>::iterator> m_byHash;
};

} // namespace

struct Enricher::Parts {
    std::shared_ptr<const GeoDatabase> geo;
    std::shared_ptr<const AgentCatalogue> agents;
    std::shared_ptr<VisitorSalts> salts;
    AgentMemory memory;
};

Enricher::Enricher(std::shared_ptr<const GeoDatabase> geo, std::shared_ptr<const AgentCatalogue> agents,
                   std::shared_ptr<VisitorSalts> salts)
    : m_parts(std::make_unique<Parts>())
{
    m_parts->geo = std::move(geo);
    m_parts->agents = std::move(agents);
    m_parts->salts = std::move(salts);
}

Enricher::~Enricher() = default;

void Enricher::enrich(const RequestFacts& facts, protocol::Hit& hit)
{
    Place place = m_parts->geo ? m_parts->geo->find(facts.client) : Place{};
    hit.country = std::move(place.country);
    hit.region = std::move(place.region);
    hit.city = std::move(place.city);

    const std::uint64_t hash = m_parts->memory.hash(facts);
    const Agent* agent = m_parts->memory.find(hash);
    if (!agent)
        agent = &m_parts->memory.add(hash, m_parts->agents ? m_parts->agents->judge(facts) : Agent{});
    hit.device = agent->device;
    hit.os = agent->os;
    hit.browser = agent->browser;
    hit.botCategory = agent->bot;
    hit.botReason = agent->botReason;

    hit.language = primaryLanguage(facts.acceptLanguage);
    hit.referrer = referrerHost(facts.referer);
}

protocol::VisitorKey Enricher::visitorKey(const RequestFacts& facts, protocol::WorkspaceId workspace,
                                          protocol::UtcMs time)
{
    return facts.globalPrivacyControl ? protocol::VisitorKey() : splitKey(facts, workspace, time);
}

protocol::VisitorKey Enricher::splitKey(const RequestFacts& facts, protocol::WorkspaceId workspace,
                                        protocol::UtcMs time)
{
    return m_parts->salts ? m_parts->salts->key(workspace, time, facts.client, facts.userAgent)
                          : protocol::VisitorKey();
}

} // namespace enrich
