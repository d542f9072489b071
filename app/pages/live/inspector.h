// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QScrollArea>

#include <optional>

#include "app/pages/live/live_words.h"
#include "backend/protocol/hit.h"

class QGridLayout;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace widgets {
class Text;
}

namespace live {

// One hit in full: what happened, why it went where it went, why it is taken for a person or a bot, and every fact that
// was stored.
class Inspector : public QScrollArea {
    Q_OBJECT

public:
    explicit Inspector(QWidget* parent = nullptr);

    void setHit(const protocol::Hit& hit, const QString& suggestion, const RuleNames& rules, bool marked,
                const QString& comment);
    std::optional<protocol::HitSeq> seq() const;
    QString redirectStory() const;
    QString botStory() const;
    // Whether links may be edited from here.
    void setMayEdit(bool may);

    QSize sizeHint() const override { return {340, 400}; }

signals:
    void displayRequested(const QString& text);
    void editRequested(quint64 link);
    void pauseRequested(quint64 link);
    void createRequested(const QString& domain, const QString& slug);
    void addressRequested(const QString& address); // of the link that a miss came near to
    void markRequested(quint64 seq, bool marked);
    void commentRequested(quint64 seq, const QString& text);

private:
    widgets::Text* addParagraph(QVBoxLayout* column, const QString& heading);
    void addActions(QVBoxLayout* column);
    void showActions();
    void fillFacts(const protocol::Hit& hit);
    void addFact(const QString& name, const QString& value);

    std::optional<protocol::Hit> m_hit;
    widgets::Text* m_title;
    widgets::Text* m_when;
    widgets::Text* m_redirect;
    widgets::Text* m_bot;
    QGridLayout* m_facts;
    QHash<QString, widgets::Text*> m_factTexts;
    QPushButton *m_edit, *m_pause, *m_create, *m_nearest;
    QString m_suggestion;
    bool m_mayEdit = true;
    QPushButton* m_mark;
    QPushButton* m_visitor;
    QLineEdit* m_comment;
    bool m_marked = false;
};

} // namespace live
