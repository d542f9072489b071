// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <optional>

#include "app/state/links.h"
#include "app/widgets/status_panel.h"

class QHBoxLayout;
class QVBoxLayout;

namespace widgets {
class Text;
}

namespace settings {

// A card with a heading, a place for what is typed, and a list of entries that scrolls or says why it is empty.
class SettingsPanel : public QWidget {
    Q_OBJECT

public:
    SettingsPanel(const QString& title, const QString& subtitle, QWidget* parent = nullptr);

    void setFailed(const state::Problem& problem); // the list could not be read
    // Since when there is no backend; nothing: there is one. What was known then stays on show, and says so.
    void setOffline(std::optional<qint64> sinceMs);
    // What went wrong or well with what was asked for last; empty = nothing.
    void say(const QString& text, bool bad);
    QString said() const;
    widgets::StatusStack* stack() const { return m_stack; }

signals:
    void retryRequested();

protected:
    QHBoxLayout* form() const { return m_form; }
    void clearEntries();
    QVBoxLayout* addEntry();
    void showWaiting(const QString& title);
    void showEntries();
    static QString words(const state::Problem& problem);
    static QString safe(const std::string& text, std::size_t bytesMax = 512);
    static QString safe(const QString& text) { return safe(text.toStdString()); }

private:
    QHBoxLayout* m_form;
    widgets::Text* m_said;
    QVBoxLayout* m_entries;
    widgets::StatusStack* m_stack;
    std::optional<qint64> m_offlineSinceMs;
    bool m_hasEntries = false;
};

} // namespace settings
