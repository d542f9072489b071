// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QScrollArea>

#include <optional>

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

    void setHit(const protocol::Hit& hit, const QString& suggestion, bool marked, const QString& comment);
    std::optional<protocol::HitSeq> seq() const;
    QString redirectStory() const;
    QString botStory() const;

    QSize sizeHint() const override { return {340, 400}; }

signals:
    void displayRequested(const QString& text);
    void markRequested(quint64 seq, bool marked);
    void commentRequested(quint64 seq, const QString& text);

private:
    widgets::Text* addParagraph(QVBoxLayout* column, const QString& heading);
    void fillFacts(const protocol::Hit& hit);
    void addFact(const QString& name, const QString& value);

    std::optional<protocol::Hit> m_hit;
    widgets::Text* m_title;
    widgets::Text* m_when;
    widgets::Text* m_redirect;
    widgets::Text* m_bot;
    QGridLayout* m_facts;
    QHash<QString, widgets::Text*> m_factTexts;
    QPushButton* m_mark;
    QPushButton* m_visitor;
    QLineEdit* m_comment;
    bool m_marked = false;
};

} // namespace live
