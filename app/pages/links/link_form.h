// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QWidget>

#include "app/state/links.h"

class QCheckBox;
class QComboBox;
class QDateTimeEdit;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace links {

class FieldRow;
class UtmForm;
class ValueList;

// What the other links use, for completion and near duplicates.
struct ValuesInUse {
    QStringList domains, ownHosts, tags, campaigns, goals, owners;
    QStringList utm[5];
    QStringList sources, mediums; // the workspace's conventions

    friend bool operator==(const ValuesInUse&, const ValuesInUse&) = default;
};

// The fields of a link but its rules. Checks what it can while it is typed; what the backend refuses is told at its
// field.
class LinkForm : public QWidget {
    Q_OBJECT

public:
    explicit LinkForm(QWidget* parent = nullptr);

    void setLink(const state::Link& link);
    // The fields as they stand, over `base`.
    state::Link value(state::Link base) const;
    // Typed since; nothing in it = remove.
    bool passwordTouched() const;
    std::optional<QString> password() const;

    void setInUse(const ValuesInUse& values);
    void setReadOnly(bool readOnly);
    void clearProblems();
    // False: there is no such field here.
    bool setProblem(const QString& field, const QString& words);
    // What can be told to be wrong without asking; empty = nothing.
    QString firstProblem() const;
    FieldRow* row(const QString& field) const { return m_rows.value(field); }
    UtmForm* utm() const { return m_utm; }
    void focusFirst();

signals:
    void edited();

private:
    void buildPlace(QVBoxLayout* column);
    void buildLife(QVBoxLayout* column);
    void buildMeaning(QVBoxLayout* column);
    FieldRow* addRow(QVBoxLayout* column, const QString& field, QWidget* editor);
    QLineEdit* addLine(QVBoxLayout* column, const QString& field, std::size_t bytes, const QString& placeholder);
    void checkDestination();
    void checkNear();
    void showPassword();
    void touch();

    QHash<QString, FieldRow*> m_rows;
    QHash<QString, QLineEdit*> m_lines; // fields that are a line of text
    QComboBox* m_domain;
    QComboBox* m_status;
    QCheckBox* m_expires;
    QDateTimeEdit* m_expiresAt;
    QSpinBox* m_limit;
    QLineEdit* m_password;
    QPushButton* m_removePassword;
    ValueList* m_tags;
    UtmForm* m_utm;
    QPlainTextEdit* m_notes;
    ValuesInUse m_inUse;
    state::Link m_link; // as it was set
    bool m_passwordRemoved = false;
    bool m_filling = false;
};

} // namespace links
