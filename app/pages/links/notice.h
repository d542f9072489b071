// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <functional>

class QHBoxLayout;

namespace widgets {
class Text;
}

namespace links {

// A few lines above a form that want an answer, with the answers as buttons. Otherwise not there.
class Notice : public QWidget {
    Q_OBJECT

public:
    struct Answer {
        QString text;
        std::function<void()> act;
        bool main = false;
    };
    enum class Kind { Plain, Good, Bad };

    explicit Notice(QWidget* parent = nullptr);

    void say(Kind kind, const QString& title, const QStringList& lines, const QList<Answer>& answers);
    void clear();
    QString text() const; // title and lines
    // Presses the answer of this name; false where there is none.
    bool press(const QString& answer);

private:
    widgets::Text* m_title;
    widgets::Text* m_lines;
    QHBoxLayout* m_buttons;
};

} // namespace links
