// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCompleter>
#include <QLineEdit>

class QStandardItemModel;

namespace links {

// A value to complete and what it stands for: "DE", "Germany".
struct Completion {
    QString value;
    QString meaning;
};

// A line of values with commas between them; a value with a comma in it stands in quotes. Completes the value under the
// cursor.
class ValueList : public QLineEdit {
    Q_OBJECT

public:
    explicit ValueList(QWidget* parent = nullptr);

    QStringList values() const { return split(text()); }
    void setValues(const QStringList& values) { setText(join(values)); }
    void setCompletions(const QList<Completion>& completions);

    static QStringList split(const QString& text);
    static QString join(const QStringList& values);

private:
    QStandardItemModel* m_words;
};

// Completes the last of several values.
class LastValueCompleter : public QCompleter {
    Q_OBJECT

public:
    explicit LastValueCompleter(QLineEdit* line);

    QString pathFromIndex(const QModelIndex& index) const override;
    QStringList splitPath(const QString& path) const override;

private:
    QLineEdit* m_line;
};

// What a condition of this kind may be compared with, as far as that can be listed.
QList<Completion> completionsFor(const QString& conditionKind);

} // namespace links
