// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/state/links.h"

class QLineEdit;

namespace widgets {
class Text;
}

namespace links {

class FieldRow;

// Source, medium, campaign, term and content of a link: completed from what is in use, checked against the workspace's
// conventions and against values that differ from it by a hair.
class UtmForm : public QWidget {
    Q_OBJECT

public:
    static constexpr int count = 5;
    static constexpr QString state::Utm::* members[count] = {
        &state::Utm::source, &state::Utm::medium, &state::Utm::campaign, &state::Utm::term, &state::Utm::content};
    static QString nameOf(int field); // "source"

    explicit UtmForm(QWidget* parent = nullptr);

    state::Utm value() const;
    void setValue(const state::Utm& utm);
    // Empty: anything goes.
    void setConventions(const QStringList& sources, const QStringList& mediums);
    void setInUse(int field, const QStringList& values);
    void setDestination(const QString& destination);
    void setReadOnly(bool readOnly);
    void setProblem(const QString& field, const QString& words);
    FieldRow* row(int field) const { return m_rows[field]; }
    QString preview() const;

signals:
    void edited();

private:
    void check(int field);
    void showPreview();

    QLineEdit* m_edits[count];
    FieldRow* m_rows[count];
    QStringList m_conventions[count], m_inUse[count];
    QString m_destination;
    widgets::Text* m_preview;
};

} // namespace links
