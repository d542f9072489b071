// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/status_panel.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QStackedLayout>
#include <QVBoxLayout>

#include "app/widgets/theme/theme.h"
#include "app/widgets/theme/type.h"

namespace widgets {

namespace {

// A ring with a mark in it: what kind of nothing this is, beside the words that say it.
class StatusGlyph : public QWidget {
public:
    explicit StatusGlyph(StatusPanel* panel) : QWidget(panel), m_panel(panel) { setFixedSize(34, 34); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = themeOf(palette());
        const PanelState state = m_panel->status().state;
        const bool bad = state == PanelState::Failed;
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(bad ? theme.alert : theme.quiet, 1.5));
        painter.drawEllipse(QRectF(rect()).adjusted(2, 2, -2, -2));
        static constexpr char16_t marks[] = {u'\u2026', u'0', u'\u23F1', u'\u2215', u'!', u'+'};
        painter.setFont(sized(font(), 15, QFont::DemiBold));
        painter.drawText(rect(), Qt::AlignCenter, QChar(marks[static_cast<int>(state)]));
    }

private:
    StatusPanel* m_panel;
};

} // namespace

StatusPanel::StatusPanel(QWidget* parent)
    : QWidget(parent), m_glyph(new StatusGlyph(this)), m_title(new Text({}, Look::Strong, this)),
      m_text(new Text({}, Look::Quiet, this)), m_command(new Text({}, Look::Code, this)),
      m_action(new QPushButton(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 12, 18, 12);
    column->setSpacing(7);
    column->addStretch(2);
    column->addWidget(m_glyph, 0, Qt::AlignHCenter);
    for (Text* text : {m_title, m_text, m_command}) {
        text->setAlignment(Qt::AlignCenter);
        text->setWordWrap(true);
        column->addWidget(text);
    }
    m_command->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(m_action, 0, Qt::AlignHCenter);
    column->addStretch(3);
    connect(m_action, &QPushButton::clicked, this, &StatusPanel::actionRequested);
}

void StatusPanel::setStatus(const PanelStatus& status)
{
    m_status = status;
    m_title->setText(status.title);
    m_text->setText(status.text);
    m_command->setText(status.command);
    m_action->setText(status.action);
    m_text->setVisible(!status.text.isEmpty());
    m_command->setVisible(!status.command.isEmpty());
    m_action->setVisible(!status.action.isEmpty());
    setAccessibleName(status.title);
    setAccessibleDescription(status.text);
    m_glyph->update();
}

StatusStack::StatusStack(QWidget* content, QWidget* parent)
    : QWidget(parent), m_content(content), m_panel(new StatusPanel), m_note(new Text({}, Look::Quiet)),
      m_stack(new QStackedLayout)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_note->setContentsMargins(14, 5, 14, 5);
    m_note->setVisible(false);
    column->addWidget(m_note);
    column->addLayout(m_stack, 1);
    m_stack->addWidget(content);
    m_stack->addWidget(m_panel);
    connect(m_panel, &StatusPanel::actionRequested, this, &StatusStack::actionRequested);
}

void StatusStack::setStatus(const std::optional<PanelStatus>& status)
{
    if (m_status == status)
        return;
    m_status = status;
    const bool beside = status && (status->state == PanelState::Stale || status->state == PanelState::Offline);
    m_note->setVisible(beside);
    if (beside)
        m_note->setText(status->text.isEmpty() ? status->title : status->title + QStringLiteral(" ") + status->text);
    if (status && !beside)
        m_panel->setStatus(*status);
    m_stack->setCurrentWidget(status && !beside ? static_cast<QWidget*>(m_panel) : m_content);
}

} // namespace widgets
