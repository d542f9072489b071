// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

#include <memory>

#include "app/models/hit_table_model.h"
#include "app/pages/live/diagnosis_dialog.h"
#include "app/pages/live/live_words.h"
#include "app/state/table_source.h"
#include "app/widgets/picture_offer.h"
#include "backend/protocol/rollup.h"
#include "backend/protocol/stream_filter.h"

class QAction;

namespace live {

// The Live page: filters above, panels that dock side by side, the integrity strip below. Shows what state knows; asks
// its owner by signals for all that it cannot do itself. One timer paints everything that changed, ten times a second
// at most. GUI thread.
class LivePage : public QWidget {
    Q_OBJECT

public:
    explicit LivePage(state::LiveState& state, QWidget* parent = nullptr);
    ~LivePage() override;

    // The panels' places, to be kept between runs.
    QByteArray layoutState() const;
    bool restoreLayout(const QByteArray& layout);
    void resetLayout();
    // Which columns are wanted, by name, and whether rows are compact.
    QStringList columnNames() const;
    void setColumnNames(const QStringList& names);

    models::HitTableModel& model();
    // Where short links lead to, as HOST:PORT, for the words of a panel that waits.
    void setRedirectAddress(const QString& address);
    void setKnownLinks(const QStringList& addresses);
    // The slug that was meant by one that is not there, as the backend sees it; empty = none.
    void setSuggestion(const QString& domain, const QString& slug, const QString& suggestion);
    void setRuleNames(const QHash<quint64, RuleNames>& names); // by link
    void setRollups(const std::vector<protocol::RollupRow>& rows, protocol::Granularity granularity,
                    protocol::UtcMs from, protocol::UtcMs to, const protocol::Watermark& watermark);
    void setRollupsFailed(const QString& code, const QString& detail);
    void addDiagnosis(const QList<DiagnosisStep>& steps);
    void setReducedMotion(bool reduced);
    // A viewer is offered nothing that would be refused.
    void setMayEdit(bool may);
    // What can be exported: the live table first.
    QList<state::TableOffer> tableOffers() const;
    QList<widgets::PictureOffer> pictureOffers() const;
    // Paints at once what is waiting for the timer: for a picture.
    void refreshNow();

    QList<QAction*> commands() const;

signals:
    void streamFilterChosen(const protocol::StreamFilter& filter);
    void windowChosen(qint64 seconds);
    void rollupsRequested(protocol::Granularity granularity, protocol::UtcMs from, protocol::UtcMs to,
                          const QString& link);
    void diagnosisRequested();
    void startOverRequested();
    // A link is to be edited or paused, or made for a miss.
    void editRequested(quint64 link);
    void addressRequested(const QString& address);
    void pauseRequested(quint64 link);
    void createRequested(const QString& domain, const QString& slug);
    // What may be meant by a slug that is not there, since no link that is known comes near.
    void suggestionWanted(const QString& domain, const QString& slug);
    void codesRequested(const QString& address); // QR codes of a link
    void exportRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    // What changed since the last paint.
    enum Dirty : unsigned { Rows = 1, Window = 2, Counters = 4, Watermark = 8, Line = 16, Everything = 31 };

    void buildPanels();
    void buildTableHeader();
    void wireFilters();
    void wireState();
    void wirePanels();
    void addCommands();
    void applyProportions();

    void tick();
    void showRows();
    void showWindow();
    void showStatus();
    void showHold();
    void glowNewScans();
    void requestRollups();
    void inspect(int row);
    void showInspected();
    void openCellMenu(const QModelIndex& index, const QPoint& position);
    void openColumnMenu(const QPoint& position);
    void applyStream(const QString& text);
    void openDiagnosis();

    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace live
