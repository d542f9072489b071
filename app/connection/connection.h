// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QUrl>

#include <atomic>
#include <cstdint>
#include <memory>

#include "app/connection/api_types.h"
#include "app/state/archived.h"
#include "app/state/connection_status.h"
#include "app/state/imports.h"
#include "app/state/restatements.h"
#include "app/state/trials.h"
#include "backend/protocol/messages.h"

namespace connection {

class LinkCalls;
class LiveLine;

using FramePtr = std::shared_ptr<const protocol::Frame>;

struct Options {
    int requestTimeoutMs = 10'000;
    int silenceTimeoutMs = 10'000; // the backend speaks once a second; longer silence is a broken line
    int pingIntervalMs = 1000;
    int retryFirstMs = 1000; // doubled each time, up to retryMaxMs, with ±20 % of jitter
    int retryMaxMs = 30'000;
    std::uint64_t historyHits = 5000;     // sequences before the newest that a first subscription asks for
    std::uint64_t gapHitsMax = 1'000'000; // longer gaps are fetched from their newest end's last so many sequences
    int gapRetryMs = 1000;
    state::AnswerStore* answers = nullptr; // outlives the connection
};

// The console's line to one backend: session, stream, resume, gaps and API calls. Lives on a thread of main's
// (moveToThread before the first call); every function may be called from any thread and is carried out on its own.
// Signals are delivered queued. Whatever the backend sends is bounded; what breaks the protocol is counted by
// violation() and, where it cannot be skipped, ends in Offline and another try. Destroy it on its own thread
// (deleteLater, or after the thread has ended).
class Connection final : public QObject {
    Q_OBJECT

public:
    explicit Connection(Options options = {}, QObject* parent = nullptr);
    ~Connection() override;

    // Another address or token starts over.
    void connectTo(const QUrl& baseUrl, const QString& token);
    // The next connectTo() goes on from where an earlier run ended, as if the line had only broken. Another data folder
    // starts over.
    void resumeFrom(const state::ResumePoint& place);
    void disconnectFromServer();
    void retryNow();
    // F5: after startedOver(), connects as if for the first time.
    void startOver();
    // Forward only: holds for hits after the sequence that subscribed() tells.
    void setStreamFilter(const protocol::StreamFilter& filter);
    void setWindowSeconds(qint64 seconds);
    // The receiver has applied so many frames: the backend may send as many more.
    void grantFrames(int frames);
    // The receiver has applied the last page of a gap: the next may be fetched.
    void continueFetching();

    // API calls. Each returns a number that the answering signal carries; failed() where it went wrong.
    quint64 getRollups(const RollupQuery& query);
    quint64 getLinks();
    quint64 getDiagnosis(const QString& link = {}); // of a link's address, or of all
    // Answered by linksFound(): at most as many as one page holds; `cut` says that there are more.
    quint64 findLinks(const LinkSearch& search);
    // Answered by slugsSuggested(): slugs of the domain that may have been meant, the nearest first.
    quint64 getSuggestions(const QString& domain, const QString& slug);
    // Answered by linkEdited(): a new link, a changed one, one as it was before its last edit.
    quint64 saveLink(const state::LinkDraft& draft);
    quint64 undoLink(quint64 link);
    quint64 getLink(quint64 link);
    quint64 getEdits(quint64 link, qint64 sinceMs); // link 0 = all
    quint64 simulate(const state::TrialRequest& request);
    quint64 lint(const state::LinkDraft& draft);
    quint64 rehearse(const state::LinkDraft& draft, int hits);
    quint64 getDomains();
    quint64 addDomain(const QString& host);
    quint64 verifyDomain(quint64 domain);
    quint64 getTokens();
    quint64 createToken(const QString& name, const QString& role);
    quint64 revokeToken(quint64 token);
    // The rollups, asked: by reportArrived(), hoursArrived(), reconciliationArrived().
    quint64 getReport(const state::ReportQuery& query);
    quint64 getHours(const state::ReportQuery& query);
    quint64 getReconciliation(const state::ReportQuery& query);
    quint64 getRestatements(const state::ReportQuery& query); // restatementsArrived()
    quint64 getEditMarks(const state::ReportQuery& query);    // editMarksArrived()
    // Answered by importAnswered(), with importUploaded() on the way.
    quint64 importFile(const state::ImportRequest& request);
    void cancelImport();

signals:
    void statusChanged(const state::ConnectionStatus& status);
    void sessionArrived(const connection::Session& session);
    void helloArrived(const protocol::Hello& hello);
    void subscribed(const protocol::Subscribed& subscribed, const protocol::StreamFilter& filter);
    void frameArrived(const connection::FramePtr& frame);
    void gapChanged(const state::GapReport& gap);
    void fetchedArrived(const connection::FramePtr& frame); // hits of a gap
    void sessionStatusArrived(const protocol::SessionStatus& status);
    void clockMeasured(qint64 skewMs, qint64 roundTripMs);
    void windowArrived(const protocol::Window& window);
    void watermarkArrived(const protocol::Watermark& watermark);
    void editArrived(const protocol::Edit& edit);
    void alertArrived(const protocol::Alert& alert);
    void byeArrived(const protocol::Bye& bye);
    void violation(const QString& code);
    void startedOver(); // what came before belongs to another count, or is not wanted any more
    void rollupsArrived(quint64 request, const connection::Rollups& rollups);
    void linksArrived(quint64 request, const connection::Links& links);
    void diagnosisArrived(quint64 request, const connection::Diagnosis& diagnosis);
    void linksFound(quint64 request, const connection::Links& links);
    void slugsSuggested(quint64 request, const QStringList& slugs);
    void linkEdited(quint64 request, const state::Link& link);
    void editsArrived(quint64 request, const state::EditPage& page);
    void simulated(quint64 request, const state::Simulation& simulation);
    void linted(quint64 request, const state::Findings& findings);
    void rehearsed(quint64 request, const state::Rehearsal& rehearsal);
    void domainsArrived(quint64 request, const QList<state::Domain>& domains);
    void domainChanged(quint64 request, const state::Domain& domain);
    void tokensArrived(quint64 request, const QList<state::Token>& tokens);
    void tokenCreated(quint64 request, const state::Token& token, const QString& secret);
    void tokenRevoked(quint64 request);
    void reportArrived(quint64 request, const state::ReportPtr& report);
    void hoursArrived(quint64 request, const state::HoursPtr& hours);
    void reconciliationArrived(quint64 request, const state::ReconciliationPtr& reconciliation);
    void restatementsArrived(quint64 request, const state::RestatementsPtr& restatements);
    void editMarksArrived(quint64 request, const state::EditMarksPtr& marks);
    void importUploaded(quint64 request, qint64 bytes, qint64 all);
    void importAnswered(quint64 request, const state::ImportAnswer& answer);
    void failed(quint64 request, const state::Problem& problem);

private:
    LiveLine& line(); // made on the connection's own thread, at the first call
    template <typename Call> quint64 ask(Call call);

    Options m_options;
    std::atomic<quint64> m_lastRequest{0};
    std::unique_ptr<LiveLine> m_line;
};

} // namespace connection
