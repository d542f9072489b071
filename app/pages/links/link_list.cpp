// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/link_list.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QVBoxLayout>

#include "app/pages/links/link_words.h"
#include "app/widgets/choice_button.h"
#include "app/widgets/status_panel.h"
#include "app/widgets/theme/theme.h"
#include "app/widgets/theme/type.h"

namespace links {

using models::LinkTableModel;

namespace {

constexpr int padding = 8;
constexpr int searchSoonMs = 250; // a pause in typing
constexpr int campaignFrom = 700; // narrower lists do without the column

QList<widgets::Choice> choicesOf(const QStringList& values)
{
    QList<widgets::Choice> choices;
    for (const QString& value : values)
        choices.append({value, Words::safe(value, 64)});
    return choices;
}

} // namespace

void LinkDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const widgets::Theme& theme = widgets::themeOf(option.palette);
    painter->save();
    widgets::paintRowGround(*painter, option, theme);
    painter->setFont(option.font);
    const QFontMetrics& metrics = option.fontMetrics;
    const QRect rect = option.rect.adjusted(padding, 0, -padding, -1);
    const auto draw = [&](const QRect& where, const QColor& ink, const QString& text,
                          Qt::Alignment side = Qt::AlignLeft) {
        painter->setPen(ink);
        painter->drawText(where, side | Qt::AlignVCenter | Qt::TextSingleLine,
                          metrics.elidedText(text, Qt::ElideRight, where.width()));
    };
    const QString state = index.data(LinkTableModel::StateRole).toString();
    const bool live = state == QLatin1String("active");
    if (index.column() == LinkTableModel::Address) {
        const QString slug = index.data(LinkTableModel::SlugRole).toString();
        const int slugWidth = metrics.horizontalAdvance(slug);
        const QString host = metrics.elidedText(index.data(LinkTableModel::DomainRole).toString(), Qt::ElideMiddle,
                                                std::max(40, rect.width() - slugWidth));
        draw(rect.adjusted(0, 0, 2, 0), theme.quiet, host);
        draw(rect.adjusted(metrics.horizontalAdvance(host), 0, 2, 0), live ? theme.text : theme.dimmed, slug);
    } else if (index.column() == LinkTableModel::State) {
        draw(rect,
             live                               ? theme.good
             : state == QLatin1String("paused") ? theme.qr
                                                : theme.quiet,
             index.data().toString());
    } else if (index.column() == LinkTableModel::Clicks || index.column() == LinkTableModel::Rules) {
        draw(rect, theme.text, index.data().toString(), Qt::AlignRight);
    } else {
        draw(rect, theme.quiet, index.data().toString());
    }
    painter->restore();
}

LinkList::LinkList(LinkTableModel& model, QWidget* parent)
    : QWidget(parent), m_model(model), m_search(new QLineEdit),
      m_state(new widgets::ChoiceButton(widgets::ChoiceButton::Mode::One, tr("State"), tr("Any state"))),
      m_tag(new widgets::ChoiceButton(widgets::ChoiceButton::Mode::One, tr("Tag"), tr("Any tag"))),
      m_campaign(new widgets::ChoiceButton(widgets::ChoiceButton::Mode::One, tr("Campaign"), tr("Any campaign"))),
      m_count(new widgets::Text({}, widgets::Look::Quiet)), m_table(new QTableView)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, 10, 12, 6);
    bar->setSpacing(8);
    auto* narrowing = new QHBoxLayout;
    narrowing->setContentsMargins(12, 0, 12, 8);
    narrowing->setSpacing(8);
    m_search->setPlaceholderText(tr("Search: slug, destination, tag, owner…"));
    m_search->setAccessibleName(tr("Search the links"));
    m_search->setClearButtonEnabled(true);
    m_search->installEventFilter(this);
    bar->addWidget(m_search, 1);
    for (widgets::ChoiceButton* button : {m_state, m_tag, m_campaign}) {
        narrowing->addWidget(button);
        connect(button, &widgets::ChoiceButton::chosen, this, &LinkList::narrow);
    }
    narrowing->addStretch();
    bar->addWidget(m_count);
    column->addLayout(bar);
    column->addLayout(narrowing);
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new LinkDelegate(this));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(25);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setFixedHeight(28);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setMouseTracking(true);
    m_table->setAccessibleName(tr("Links"));
    m_stack = new widgets::StatusStack(m_table);
    column->addWidget(m_stack, 1);
    connect(m_search, &QLineEdit::textChanged, this, &LinkList::narrow);
    m_searchSoon.setSingleShot(true);
    m_searchSoon.setInterval(searchSoonMs);
    connect(&m_searchSoon, &QTimer::timeout, this, [this] { emit searched(m_model.filter()); });
    connect(m_stack, &widgets::StatusStack::actionRequested, this, [this] {
        const auto& status = m_stack->status();
        if (status && status->state == widgets::PanelState::Filtered)
            clearFilter();
        else if (status && status->state == widgets::PanelState::Failed)
            emit retryRequested();
        else
            emit newRequested();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& row) {
        if (!m_selecting && row.isValid())
            emit chosen(row.data(LinkTableModel::IdRole).toULongLong());
    });
}

void LinkList::select(quint64 link)
{
    m_selecting = true;
    const int row = m_model.rowOf(link);
    if (row < 0) {
        m_table->clearSelection();
        m_table->setCurrentIndex({});
    } else {
        m_table->selectRow(row);
        m_table->scrollTo(m_model.index(row, 0));
    }
    m_selecting = false;
}

void LinkList::moveRow(int step)
{
    const int rows = m_model.rowCount();
    if (rows == 0)
        return;
    const int row = m_table->currentIndex().isValid() ? m_table->currentIndex().row() + step : 0;
    m_table->selectRow(std::clamp(row, 0, rows - 1));
}

void LinkList::narrow()
{
    m_selecting = true; // a list made anew has no current row: nobody has chosen another link
    m_model.setFilter({m_search->text().trimmed(), m_state->values().value(0), m_tag->values().value(0),
                       m_campaign->values().value(0)});
    m_selecting = false;
    showCount();
    if (m_isCut && !m_model.filter().isEmpty())
        m_searchSoon.start();
}

void LinkList::setCut(bool cut)
{
    m_isCut = cut;
    showCount();
}

void LinkList::clearFilter()
{
    for (widgets::ChoiceButton* button : {m_state, m_tag, m_campaign})
        button->setValues({});
    m_search->clear();
    narrow();
}

void LinkList::offer()
{
    m_state->offer({{QStringLiteral("active"), tr("Active")},
                    {QStringLiteral("paused"), tr("Paused")},
                    {QStringLiteral("expired"), tr("Expired")},
                    {QStringLiteral("deleted"), tr("Deleted")}});
    m_tag->offer(choicesOf(m_model.tags()));
    m_campaign->offer(choicesOf(m_model.campaigns()));
}

void LinkList::showCount()
{
    const auto all = static_cast<quint64>(m_model.links().size());
    const auto shown = static_cast<quint64>(m_model.rowCount());
    if (m_isCut) {
        m_count->setText(tr("%1 of more than %2").arg(widgets::figure(shown), widgets::figure(all)));
        m_count->setToolTip(
            widgets::plainToolTip(tr("The backend has more links than are listed here. A search asks it.")));
        return;
    }
    m_count->setToolTip({});
    m_count->setText(all == 1 && shown == 1 ? tr("1 link")
                     : shown == all         ? tr("%1 links").arg(widgets::figure(all))
                                            : tr("%1 of %2").arg(widgets::figure(shown), widgets::figure(all)));
}

bool LinkList::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            moveRow(key == Qt::Key_Down ? 1 : -1);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void LinkList::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeColumns();
}

void LinkList::placeColumns()
{
    const int room = width() - 12;
    const bool campaign = room >= campaignFrom;
    m_table->setColumnHidden(LinkTableModel::Campaign, !campaign);
    const int state = 88, clicks = 62, rules = 48, campaignWidth = campaign ? 120 : 0;
    const int left = std::max(200, room - state - clicks - rules - campaignWidth);
    m_table->setColumnWidth(LinkTableModel::Address, left * 56 / 100);
    m_table->setColumnWidth(LinkTableModel::State, state);
    m_table->setColumnWidth(LinkTableModel::Destination, left - left * 56 / 100);
    m_table->setColumnWidth(LinkTableModel::Campaign, campaignWidth);
    m_table->setColumnWidth(LinkTableModel::Clicks, clicks);
    m_table->setColumnWidth(LinkTableModel::Rules, rules);
}

} // namespace links
