// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/settings/settings_panel.h"

namespace settings {

// The log: who changed what, with what was there before.
class EditsPanel : public SettingsPanel {
    Q_OBJECT

public:
    explicit EditsPanel(QWidget* parent = nullptr);

    void setEdits(const std::vector<protocol::Edit>& edits);
    void addEdit(const protocol::Edit& edit); // one that came just now
    QStringList lines() const { return m_lines; }

private:
    void show();

    std::vector<protocol::Edit> m_edits; // newest first
    std::vector<protocol::Edit> m_news;  // that came since the last list
    QStringList m_lines;
    bool m_loaded = false;
};

} // namespace settings
