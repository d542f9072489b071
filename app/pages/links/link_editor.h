// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/pages/links/link_form.h"
#include "app/state/trials.h"

class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace widgets {
class SegmentedControl;
class Text;
} // namespace widgets

namespace links {

class Notice;
class RulesEditor;

// One link being read or edited. A live link's save first shows what will change; what is saved can be undone; what
// others changed meanwhile is shown, and never overwritten in silence.
class LinkEditor : public QWidget {
    Q_OBJECT

public:
    explicit LinkEditor(QWidget* parent = nullptr);

    // Another link to edit; what was typed and not saved is gone.
    void setLink(const state::Link& link);
    void startNew(const QString& domain, const QString& slug, const QString& destination = {});
    // The link as the backend has it now, after an edit by `actor`.
    void refresh(const state::Link& link, const QString& actor, const std::vector<protocol::EditChange>& changes);
    void setByLine(const QString& text);

    quint64 linkId() const { return m_base.id; }
    const state::Link& base() const { return m_base; }
    state::Link link() const; // as it stands in the form
    state::LinkDraft draft() const;
    bool isDirty() const;
    bool isSaving() const { return m_saving; }

    void save(); // shows first what changes, where the link is live
    void togglePause();
    void remove(); // asks first; a deleted link's editor brings it back
    void undo();
    void discard();

    // The backend's answers.
    void setSaved(const state::Link& link);
    void setFailed(const state::Problem& problem);
    void setFindings(const state::Findings& findings);

    void setInUse(const ValuesInUse& values) { m_form->setInUse(values); }
    void setMayEdit(bool may);
    void showRules(bool rules);
    LinkForm* form() const { return m_form; }
    RulesEditor* rules() const { return m_rules; }
    Notice* notice() const { return m_notice; }

signals:
    void saveRequested(const state::LinkDraft& draft);
    void undoRequested(quint64 link);
    void codesRequested(const QString& address);
    void rehearsalWanted();
    void draftChanged();
    void saved(const state::Link& link);

private:
    enum class Asked { Nothing, Save, State, Undo };

    void buildHeader(QVBoxLayout* column);
    void show(const state::Link& link);
    void showHeader();
    void send();
    void ask(Asked what);
    void setState(QLatin1StringView state);
    void review();
    void offerBoth(const state::Link& theirs, const QString& actor, const std::vector<protocol::EditChange>& changes);
    // Theirs becomes what this edit stands on.
    void rebase(const state::Link& theirs, bool keepMine);
    void tellSaved(const state::Link& before, const state::Link& after, Asked what);
    QStringList changeLines(const state::Link& before, const state::Link& after) const;

    state::Link m_base;
    QString m_key; // of a new link's creation
    bool m_mayEdit = true, m_saving = false, m_reviewing = false;
    Asked m_asked = Asked::Nothing;
    widgets::Text* m_title;
    widgets::Text* m_state;
    widgets::Text* m_byLine;
    QPushButton *m_copy, *m_codes, *m_pause, *m_remove, *m_discard, *m_save;
    Notice* m_notice;
    widgets::SegmentedControl* m_switch;
    QStackedWidget* m_stack;
    LinkForm* m_form;
    RulesEditor* m_rules;
};

} // namespace links
