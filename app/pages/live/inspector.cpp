// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/inspector.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/pages/live/live_words.h"
#include "app/state/live_state.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/theme/type.h"
#include "backend/protocol/hit_columns.h"
#include "backend/protocol/words.h"

namespace live {

using widgets::Look;
using widgets::Text;

Inspector::Inspector(QWidget* parent) : QScrollArea(parent)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Inspector of one hit"));
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(5);
    m_title = new Text({}, Look::Strong);
    m_title->setFont(widgets::sized(font(), 15, QFont::DemiBold));
    m_title->setWordWrap(true);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_when = new Text({}, Look::Quiet);
    m_when->setWordWrap(true);
    column->addWidget(m_title);
    column->addWidget(m_when);
    m_redirect = addParagraph(column, tr("Why this destination"));
    addActions(column);
    m_bot = addParagraph(column, tr("Person or bot"));

    auto* buttons = new QHBoxLayout;
    m_mark = new QPushButton;
    m_visitor = new QPushButton(tr("This visitor's hits"));
    buttons->addWidget(m_mark);
    buttons->addWidget(m_visitor);
    buttons->addStretch();
    column->addSpacing(8);
    column->addLayout(buttons);
    m_comment = new QLineEdit;
    m_comment->setMaxLength(static_cast<int>(state::LiveState::commentCharsMax));
    m_comment->setPlaceholderText(tr("Comment, kept in this console"));
    m_comment->setAccessibleName(tr("Comment on this hit"));
    column->addWidget(m_comment);

    column->addSpacing(8);
    column->addWidget(new Text(tr("What was stored"), Look::Strong));
    m_facts = new QGridLayout;
    m_facts->setHorizontalSpacing(14);
    m_facts->setVerticalSpacing(5);
    m_facts->setColumnStretch(1, 1);
    column->addLayout(m_facts);
    column->addStretch();
    setWidget(content);
    setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);

    connect(m_mark, &QPushButton::clicked, this, [this] {
        if (m_hit)
            emit markRequested(m_hit->seq.value, !m_marked);
    });
    connect(m_visitor, &QPushButton::clicked, this, [this] {
        if (m_hit)
            emit displayRequested(QStringLiteral("visitor:") +
                                  QString::fromStdString(protocol::hitValue(*m_hit, protocol::HitColumn::Visitor)));
    });
    connect(m_comment, &QLineEdit::editingFinished, this, [this] {
        if (m_hit)
            emit commentRequested(m_hit->seq.value, m_comment->text());
    });
}

void Inspector::addActions(QVBoxLayout* column)
{
    m_edit = new QPushButton(tr("Edit this link"));
    m_pause = new QPushButton(tr("Pause it"));
    m_create = new QPushButton(tr("Create this link"));
    m_nearest = new QPushButton;
    auto* row = new QHBoxLayout;
    for (QPushButton* button : {m_edit, m_pause, m_create})
        row->addWidget(button);
    row->addStretch();
    column->addSpacing(4);
    column->addLayout(row);
    column->addWidget(m_nearest, 0, Qt::AlignLeft); // of any length: beside another it would be cut
    for (QPushButton* button : {m_edit, m_pause, m_create, m_nearest})
        button->hide();
    connect(m_edit, &QPushButton::clicked, this, [this] { emit editRequested(m_hit->link.value); });
    connect(m_pause, &QPushButton::clicked, this, [this] { emit pauseRequested(m_hit->link.value); });
    connect(m_create, &QPushButton::clicked, this, [this] {
        emit createRequested(QString::fromStdString(m_hit->domain), QString::fromStdString(m_hit->slug));
    });
    connect(m_nearest, &QPushButton::clicked, this,
            [this] { emit addressRequested(QString::fromStdString(m_hit->domain) + QLatin1Char('/') + m_suggestion); });
}

void Inspector::setMayEdit(bool may)
{
    m_mayEdit = may;
    showActions();
}

void Inspector::showActions()
{
    constexpr qsizetype shownChars = 28;
    const bool hasLink = m_hit && m_hit->link;
    const bool missing = m_hit && m_hit->reason == protocol::HitReason::UnknownSlug;
    m_edit->setVisible(hasLink);
    m_edit->setText(m_mayEdit ? tr("Edit this link") : tr("Show this link"));
    m_pause->setVisible(hasLink && m_mayEdit && m_hit->isClick());
    m_create->setVisible(missing && m_mayEdit);
    m_nearest->setVisible(missing && !m_suggestion.isEmpty());
    m_nearest->setText(
        tr("Open “%1”").arg(m_suggestion.left(shownChars).replace(QLatin1Char('&'), QStringLiteral("&&"))));
}

Text* Inspector::addParagraph(QVBoxLayout* column, const QString& heading)
{
    column->addSpacing(8);
    column->addWidget(new Text(heading, Look::Strong));
    auto* text = new Text;
    text->setWordWrap(true);
    column->addWidget(text);
    return text;
}

std::optional<protocol::HitSeq> Inspector::seq() const
{
    return m_hit ? std::optional(m_hit->seq) : std::nullopt;
}

QString Inspector::redirectStory() const
{
    return m_redirect->text();
}

QString Inspector::botStory() const
{
    return m_bot->text();
}

void Inspector::setHit(const protocol::Hit& hit, const QString& suggestion, const RuleNames& rules, bool marked,
                       const QString& comment)
{
    const bool sameHit = m_hit && *m_hit == hit;
    m_marked = marked;
    m_mark->setText(marked ? tr("Remove mark") : tr("Mark"));
    if (!m_comment->hasFocus())
        m_comment->setText(comment);
    m_suggestion = suggestion;
    m_redirect->setText(Words::redirectStory(hit, suggestion, rules));
    if (sameHit)
        return showActions();
    m_hit = hit;
    showActions();
    m_title->setText(Words::safe(hit.domain) + QLatin1Char('/') + Words::safe(hit.slug));
    m_when->setText(tr("%1 · %2 · no. %3")
                        .arg(Words::hitClass(hit.hitClass), QString::fromStdString(protocol::rfc3339(hit.time)),
                             widgets::figure(hit.seq.value)));
    m_bot->setText(Words::botStory(hit));
    m_visitor->setEnabled(static_cast<bool>(hit.visitor));
    m_visitor->setToolTip(hit.visitor ? QString()
                                      : widgets::plainToolTip(tr("This visitor asked not to be told apart.")));
    fillFacts(hit);
}

void Inspector::fillFacts(const protocol::Hit& hit)
{
    addFact(tr("Touch"), Words::touch(hit.touch));
    addFact(tr("Placement"), Words::safe(hit.placement));
    addFact(tr("Destination"), Words::safe(hit.destination, 2048));
    QStringList place{Words::safe(hit.city), Words::safe(hit.region),
                      hit.country.empty() ? QString() : widgets::WorldMap::countryName(Words::safe(hit.country, 8))};
    place.removeAll(QString());
    addFact(tr("Place"), place.join(QStringLiteral(", ")));
    addFact(tr("Device"), Words::device(hit.device));
    addFact(tr("System"), Words::safe(hit.os));
    addFact(tr("Browser"), Words::safe(hit.browser));
    addFact(tr("Language"), Words::safe(hit.language));
    addFact(tr("Referrer"), Words::safe(hit.referrer));
    addFact(tr("Channel"), Words::safe(protocol::channelOf(hit)));
    addFact(tr("Campaign"), Words::safe(hit.campaign));
    QStringList utm{Words::safe(hit.utmSource), Words::safe(hit.utmMedium), Words::safe(hit.utmTerm),
                    Words::safe(hit.utmContent)};
    utm.removeAll(QString());
    addFact(tr("UTM"), utm.join(QStringLiteral(" · ")));
    addFact(tr("Visitor"),
            hit.visitor ? QString::fromStdString(protocol::hitValue(hit, protocol::HitColumn::Visitor)) : QString());
    addFact(tr("Status"), hit.status == 0 ? QString() : QString::number(hit.status));
    addFact(tr("Late"), hit.late ? tr("stored after its redirect had left") : tr("no"));
}

// Labels are made once and told anew for each hit: a layout filled anew while it is shown is a layout out of step.
void Inspector::addFact(const QString& name, const QString& value)
{
    Text*& text = m_factTexts[name];
    if (!text) {
        const int row = m_facts->rowCount();
        text = new Text;
        text->setWrapAnywhere();
        m_facts->addWidget(new Text(name, Look::Quiet), row, 0, Qt::AlignTop);
        m_facts->addWidget(text, row, 1);
    }
    text->setText(value.isEmpty() ? QString(widgets::unknownMark) : value);
}

} // namespace live
