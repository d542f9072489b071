// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backend/links/held_link.h"
#include "backend/links/link.h"

namespace links {

// All workspaces, domains and links at one moment: immutable, shared by every redirect loop. A changed snapshot shares
// what did not change (links lie in shards), so an edit among a million links costs microseconds, not a rebuild.
class Snapshot {
public:
    Snapshot();
    ~Snapshot();

    static std::shared_ptr<const Snapshot> build(std::vector<Workspace> workspaces, std::vector<Domain> domains,
                                                 std::vector<Link> links,
                                                 std::shared_ptr<const ZoneTable> zones = nullptr);

    // The same from links that come one by one, so that a million of them are never held twice: `links` calls what it
    // is given with each.
    using LinkSource = std::function<void(const std::function<void(Link&&)>& add)>;
    static std::shared_ptr<const Snapshot> buildFrom(std::vector<Workspace> workspaces, std::vector<Domain> domains,
                                                     const LinkSource& links,
                                                     std::shared_ptr<const ZoneTable> zones = nullptr);

    // Added, or replaced by id; a link without an id is not taken. Slugs are unique within a domain (storage sees to
    // it): should two links claim one, the later is found.
    std::shared_ptr<const Snapshot> withLink(Link link) const;
    std::shared_ptr<const Snapshot> withDomain(Domain domain) const;
    std::shared_ptr<const Snapshot> withWorkspace(Workspace workspace) const;
    // Rules name zones of this table alone. Links that are held already keep what they were compiled with.
    const ZoneTable& zones() const;

    const Domain* domain(std::string_view host) const;
    const Domain* domain(protocol::DomainId id) const;
    const HeldLink* link(protocol::DomainId domain, std::string_view slug) const;
    // The same in steps, between which there is time for its memory to come (see LinkIndex). `slug` must live on.
    struct Place {
        protocol::DomainId domain;
        std::string_view slug;
        std::uint64_t key = 0;
    };
    static Place placeOf(protocol::DomainId domain, std::string_view slug);
    void sendForPlace(const Place& place) const;
    void sendForLink(const Place& place) const;
    const HeldLink* link(const Place& place) const;
    const HeldLink* link(protocol::LinkId id) const;
    const Workspace* workspace(protocol::WorkspaceId id) const;
    const Workspace* workspace(std::string_view name) const;

    std::vector<const Domain*> domains() const;
    std::vector<const Workspace*> workspaces() const;
    // Links after `after` in the order of their ids, at most `limit`.
    std::vector<const HeldLink*> linksAfter(protocol::LinkId after, std::size_t limit) const;
    std::size_t linkCount() const;
    // Grows by one with every change.
    std::uint64_t version() const;

private:
    struct Parts;
    explicit Snapshot(std::unique_ptr<const Parts> parts);

    std::unique_ptr<const Parts> m_parts;
};

// Where the current snapshot is found. One writer (the pipeline), any number of readers; readers never wait for the
// writer.
class SnapshotHolder {
public:
    void publish(std::shared_ptr<const Snapshot> snapshot) { m_current.store(std::move(snapshot)); }
    std::shared_ptr<const Snapshot> current() const { return m_current.load(); }

private:
    std::atomic<std::shared_ptr<const Snapshot>> m_current{std::make_shared<const Snapshot>()};
};

} // namespace links
