// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimeZone>
#include <QWidget>

#include <optional>
#include <vector>

#include "app/state/links.h"
#include "app/state/reports.h"

class QBoxLayout;
class QDateEdit;

namespace widgets {
class ChoiceButton;
class SegmentedControl;
} // namespace widgets

namespace reports {

// What a page's reports are of: the range, the links, and what they are compared with.
class RangeBar : public QWidget {
    Q_OBJECT

public:
    enum Preset { Today, LastDay, Week, Month, Quarter, Year, Own };

    // All that is chosen, to come back to.
    struct Choices {
        Preset preset = Week;
        qint64 fromMs = 0, toMs = 0; // of one's own range
        QStringList links, campaigns, domains, tags;
        QString compare;
    };

    explicit RangeBar(QWidget* parent = nullptr);

    Choices choices() const;
    // Does not emit changed().
    void setChoices(const Choices& choices);

    // The question that is chosen; ranges that end now end at `nowMs`.
    state::ReportQuery query(qint64 nowMs) const;
    // Of the workspace's days.
    void setZone(const QTimeZone& zone) { m_zone = zone; }
    void setPreset(Preset preset); // does not emit changed()
    Preset preset() const;
    // Makes the range one's own. Does not emit changed().
    void setRange(qint64 fromMs, qint64 toMs);
    void setLinks(const QStringList& addresses);
    void setCompare(const QString& compare);
    QString compare() const;
    // What may be chosen, out of the links there are.
    void offer(const std::vector<state::Link>& links);
    void clear();

    // Both rows below each other; narrower it does not go.
    QSize minimumSizeHint() const override;

signals:
    void changed();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    // Beside each other where there is room, else the filters under the range.
    void arrange();

    void choosePreset(int preset);
    void takeDates();
    void showDates();

    QBoxLayout* m_rows;
    QWidget *m_when, *m_what;
    widgets::SegmentedControl* m_range;
    QDateEdit *m_from, *m_to;
    widgets::ChoiceButton *m_links, *m_campaigns, *m_domains, *m_tags, *m_compare;
    QTimeZone m_zone = QTimeZone::utc();
    qint64 m_ownFromMs = 0, m_ownToMs = 0;
};

} // namespace reports
