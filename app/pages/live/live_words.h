// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QHash>
#include <QString>

#include "app/state/connection_status.h"
#include "app/state/restatements.h"
#include "app/widgets/charts/chart_view.h"
#include "backend/protocol/filter_expression.h"
#include "backend/protocol/hit.h"
#include "backend/protocol/notices.h"
#include "backend/protocol/window.h"

namespace live {

// What one link's rules are called now, by their ids; a rule that is gone, or has no name, is not in it.
using RuleNames = QHash<QString, QString>;

// Sentences for the codes that the backend sends. It never sends text for people; this is where they get theirs.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(live::Words)

public:
    static QString hitClass(protocol::HitClass value);
    static QString touch(protocol::TouchType value);
    static QString device(protocol::DeviceType value);
    static QString botCategory(protocol::BotCategory value);
    static QString trend(protocol::Trend value);
    // "30 min", "2 h".
    static QString window(qint64 seconds);

    // What became of the request, and why, in whole sentences.
    static QString redirectStory(const protocol::Hit& hit, const QString& suggestion, const RuleNames& rules = {});
    static QString botStory(const protocol::Hit& hit);
    // By its name, where it has one, and its id.
    static QString ruleName(const std::string& id, const RuleNames& rules);
    // The rules tried before the one that decided, each with what did not hold; empty = none were.
    static QString passedOver(const protocol::Hit& hit, const RuleNames& rules = {});

    // Who changed what, as a chart's annotation tells it: first a line of who and when.
    static QStringList editStory(const protocol::Edit& edit);
    // The edits that changed something for people who click, as marks of a chart.
    template <typename Edits> static QList<widgets::ChartMark> editMarks(const Edits& edits)
    {
        QList<widgets::ChartMark> marks;
        for (const protocol::Edit& edit : edits)
            // A new link changes nothing for those that run.
            if (edit.what.starts_with("link.") && edit.what != "link.created")
                marks.append({edit.time.value, safe(edit.subject, 40), editStory(edit), edit.link.value});
        return marks;
    }

    // All edits of a range, thinned: a mark that stands for several says for how many.
    static QList<widgets::ChartMark> thinnedMarks(const state::EditMarks& marks);

    // "14:05", or with its date where that is not today.
    static QString moment(qint64 utcMs);
    // Why the line is down, and what to do about it.
    static QString offline(state::OfflineReason reason);
    static QString offlineAdvice(state::OfflineReason reason);

    static QString filterProblem(const protocol::FilterParse& parse);

    static QString diagnosisTitle(const QString& code);
    static QString diagnosisText(const QString& code, const QString& state);

    // Text from outside, made visible and cut to what a line can hold.
    static QString safe(const std::string& text, std::size_t bytesMax = 512);
};

} // namespace live
