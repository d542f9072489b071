// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backend/protocol/messages.h"
#include "backend/protocol/packed_hits.h"
#include "backend/runtime/clock.h"
#include "backend/runtime/tls_identity.h"

namespace stream {

struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8082;
    std::vector<std::string>
        allowedOrigins; // browsers' Origin; none listed = every Origin is refused, programs send none
    int sessionsMax = 2000;
    int sessionsPerWorkspaceMax = 2000;
    int frameIntervalMs = 50;
    int windowIntervalMs = 500;
    // With a thousand different filters the windows take longer than a frame may wait: they are made for so long, then
    // the thread is left to the frames for twice as long. A round then takes longer than windowIntervalMs.
    int windowSliceMs = 5;
    std::size_t sessionBytesMax = 8 * 1024 * 1024; // unsent bytes of one session before its frames are dropped
    std::size_t windowHitsMax = 2'000'000;         // hits kept for the live window
    std::size_t replayHitsMax = 200'000;           // newest hits kept whole, for resuming without the API
    std::size_t replayBytesMax = 256 * 1024 * 1024;
    std::size_t backlogHitsMax = 16'384; // sequences a live session may lag behind before hits are dropped
    std::size_t windowViewsMax = 2000;   // distinct filters and lengths of the live window
    std::size_t queueHitsMax = 500'000;  // published and not yet taken; beyond, a gap for every session
    int pingIntervalMs = 15'000;
    int silenceMaxMs = 45'000; // without a sign of life, or with a line that takes no bytes
    int tokenCheckMs = 15'000; // a revoked token ends its sessions after this long at most
    int handshakeTimeoutMs = 5'000;
    std::shared_ptr<const runtime::TlsIdentityHolder> tls; // null: in clear; else TLS alone
};

// Who a token belongs to.
struct Grant {
    protocol::WorkspaceId workspace;
    std::string workspaceName, role, tokenName, plan, privacy, zone;
};

struct ServerFacts {
    protocol::HitSeq firstSeq, lastSeq;
    std::uint64_t late = 0, lost = 0;
};

// The rest of the backend as the stream sees it. Called on the stream's thread; must not block.
struct Seams {
    std::function<std::optional<Grant>(std::string_view token)> authenticate;
    std::function<ServerFacts()> facts;
    std::string dataId;
    std::string server; // "clickroomd 0.1.0"
};

// The live stream's sessions. Lives on a thread with a Qt event loop; publish functions may be called from any thread
// and return at once. A slow session loses frames, is told how many hits, and fetches them over HTTP; it never slows
// another.
class StreamServer final : public QObject {
    Q_OBJECT

public:
    StreamServer(Options options, Seams seams, const runtime::Clock& clock);
    ~StreamServer() override;

    // On the stream's thread. Throws std::runtime_error with the address in its text.
    void start();
    std::uint16_t port() const;
    // Takes the identity in force now for the sessions to come. On the stream's thread.
    void reloadTls();
    // Says bye to every session and closes.
    void stop();

    // From any thread.
    void publishHits(std::shared_ptr<const protocol::PackedHits> hits);
    void publishWatermark(const protocol::Watermark& watermark);
    void publishEdit(const protocol::Edit& edit);
    // Hits stored before the start, oldest first, to fill the live window and the replay ring. Before start().
    void preload(std::shared_ptr<const protocol::PackedHits> hits);

    struct Counters {
        std::uint64_t sessions = 0, framesSent = 0, hitsSent = 0, hitsDropped = 0, bytesSent = 0, refused = 0;
    };
    Counters counters() const; // from any thread

private:
    void wake();
    void takeWhenDue();
    void takeWaiting();

    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace stream
