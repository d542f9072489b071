// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <optional>

class QPushButton;
class QStackedLayout;

namespace widgets {

class Text;

enum class PanelState { Waiting, Filtered, Stale, Offline, Failed, NotInPlan };

// Why a panel has nothing to show, or shows what is no longer new: what it is, why, and what to do.
struct PanelStatus {
    PanelState state = PanelState::Waiting;
    QString title;
    QString text;
    QString command; // to copy into a terminal
    QString action;  // of a button

    friend bool operator==(const PanelStatus&, const PanelStatus&) = default;
};

// Says a PanelStatus in the middle of the room it has.
class StatusPanel : public QWidget {
    Q_OBJECT

public:
    explicit StatusPanel(QWidget* parent = nullptr);

    void setStatus(const PanelStatus& status);
    const PanelStatus& status() const { return m_status; }

signals:
    void actionRequested();

private:
    PanelStatus m_status;
    QWidget* m_glyph;
    Text* m_title;
    Text* m_text;
    Text* m_command;
    QPushButton* m_action;
};

// A panel's content, or its status in the content's place; stale and offline leave the content on show under one line
// that says so.
class StatusStack : public QWidget {
    Q_OBJECT

public:
    explicit StatusStack(QWidget* content, QWidget* parent = nullptr);

    void setStatus(const std::optional<PanelStatus>& status);
    const std::optional<PanelStatus>& status() const { return m_status; }
    QWidget* content() const { return m_content; }

signals:
    void actionRequested();

private:
    QWidget* m_content;
    StatusPanel* m_panel;
    Text* m_note;
    QStackedLayout* m_stack;
    std::optional<PanelStatus> m_status;
};

} // namespace widgets
