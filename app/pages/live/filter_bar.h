// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/widgets/choice_button.h"
#include "backend/protocol/filter_expression.h"
#include "backend/protocol/stream_filter.h"

class QGridLayout;
class QPushButton;

namespace widgets {
class ExpressionEdit;
class SegmentedControl;
class Text;
} // namespace widgets

namespace live {

// Both filters, always in sight: the stream filter (what the backend sends from now on) and the display filter (what of
// that is shown).
class FilterBar : public QWidget {
    Q_OBJECT

public:
    explicit FilterBar(QWidget* parent = nullptr);

    protocol::StreamFilter streamFilter() const;
    // Shows a filter without asking for it.
    void setStreamFilter(const protocol::StreamFilter& filter);
    qint64 windowSeconds() const;
    void setWindowSeconds(qint64 seconds);

    QString displayText() const;
    // As if typed.
    void setDisplayText(const QString& text);
    void focusDisplay();
    void setCounts(quint64 shown, quint64 of);

    // What the menus and the completion offer; most useful first.
    void offerLinks(const QStringList& addresses);
    void offerDomains(const QStringList& hosts);
    void offerCampaigns(const QStringList& campaigns);
    void offerCountries(const QStringList& codes);

signals:
    void streamFilterChosen(const protocol::StreamFilter& filter);
    void windowChosen(qint64 seconds);
    void displayFilterChanged(const protocol::FilterNode& filter, const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void makeMore();
    void wire();
    void layOut(bool twoRows);
    void showMoreText();
    QStringList completions(const QString& word) const;
    void offer(widgets::ChoiceButton* button, const QString& field, const QStringList& values);

    widgets::ChoiceButton* m_links;
    widgets::ChoiceButton* m_domains;
    widgets::SegmentedControl* m_touch;
    widgets::SegmentedControl* m_bots;
    widgets::ChoiceButton* m_window;
    QPushButton* m_more;
    QWidget* m_morePanel;
    widgets::ChoiceButton* m_classes;
    widgets::ChoiceButton* m_campaigns;
    widgets::ChoiceButton* m_countries;
    widgets::ChoiceButton* m_devices;
    widgets::ExpressionEdit* m_display;
    widgets::Text* m_streamLabel;
    widgets::Text* m_displayLabel;
    widgets::Text* m_counts;
    QGridLayout* m_grid;
    QHash<QString, QStringList> m_values; // field: values that completion offers
    bool m_twoRows = false;
};

// A value as the filter language takes it: quoted where it needs to be.
QString filterValue(const QString& value);
// `first` and `second` joined by "and" or "or", in brackets where the meaning would change without.
QString joinedFilters(const QString& first, const QString& second, bool either);

} // namespace live
