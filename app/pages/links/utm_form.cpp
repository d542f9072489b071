// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/utm_form.h"

#include <QCompleter>
#include <QLineEdit>
#include <QStringListModel>
#include <QUrl>
#include <QUrlQuery>
#include <QVBoxLayout>

#include "app/models/link_changes.h"
#include "app/pages/links/field_row.h"
#include "app/pages/links/link_words.h"
#include "app/widgets/theme/type.h"
#include "backend/protocol/limits.h"

namespace links {

QString UtmForm::nameOf(int field)
{
    static constexpr const char* names[count] = {"source", "medium", "campaign", "term", "content"};
    return QLatin1StringView(names[field]);
}

UtmForm::UtmForm(QWidget* parent) : QWidget(parent), m_preview(new widgets::Text({}, widgets::Look::Code))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(7);
    const QString titles[count] = {tr("Source"), tr("Medium"), tr("Campaign"), tr("Term"), tr("Content")};
    const QString examples[count] = {tr("newsletter"), tr("email"), tr("spring-launch"), tr("running shoes"),
                                     tr("top-button")};
    for (int i = 0; i < count; ++i) {
        m_edits[i] = new QLineEdit;
        m_edits[i]->setMaxLength(static_cast<int>(protocol::limits::utmBytes));
        m_edits[i]->setPlaceholderText(examples[i]);
        m_edits[i]->setAccessibleName(tr("UTM %1").arg(nameOf(i)));
        auto* completer = new QCompleter(new QStringListModel(this), this);
        completer->setCaseSensitivity(Qt::CaseInsensitive);
        completer->setFilterMode(Qt::MatchContains);
        m_edits[i]->setCompleter(completer);
        m_rows[i] = new FieldRow(titles[i], m_edits[i]);
        column->addWidget(m_rows[i]);
        connect(m_edits[i], &QLineEdit::textChanged, this, [this, i] {
            check(i);
            showPreview();
            emit edited();
        });
    }
    m_preview->setWrapAnywhere();
    m_preview->setFont(widgets::monospace(widgets::labelPixels));
    column->addWidget(m_preview);
}

state::Utm UtmForm::value() const
{
    state::Utm utm;
    for (int i = 0; i < count; ++i)
        utm.*members[i] = m_edits[i]->text().trimmed();
    return utm;
}

void UtmForm::setValue(const state::Utm& utm)
{
    for (int i = 0; i < count; ++i)
        if (m_edits[i]->text().trimmed() != utm.*members[i])
            m_edits[i]->setText(utm.*members[i]);
    for (int i = 0; i < count; ++i)
        check(i);
    showPreview();
}

void UtmForm::setConventions(const QStringList& sources, const QStringList& mediums)
{
    m_conventions[0] = sources;
    m_conventions[1] = mediums;
    for (const int i : {0, 1})
        setInUse(i, m_inUse[i]);
}

void UtmForm::setInUse(int field, const QStringList& values)
{
    m_inUse[field] = values;
    QStringList offered = m_conventions[field] + values;
    offered.removeDuplicates();
    static_cast<QStringListModel*>(m_edits[field]->completer()->model())->setStringList(offered);
    check(field);
}

void UtmForm::check(int field)
{
    const QString value = m_edits[field]->text().trimmed();
    const QStringList near = models::nearDuplicates(value, m_conventions[field] + m_inUse[field]);
    QString hint;
    if (!near.isEmpty())
        hint = tr("Nearly the same as “%1”, which is in use: reports would tell them apart.")
                   .arg(Words::safe(near.first(), 64));
    else if (!value.isEmpty() && !m_conventions[field].isEmpty() && !m_conventions[field].contains(value))
        hint = tr("Not among the workspace's own: %1.")
                   .arg(Words::safe(m_conventions[field].join(QStringLiteral(", ")), 128));
    m_rows[field]->setHint(hint.isEmpty() ? QString() : QStringLiteral("\u26A0 ") + hint);
    m_rows[field]->setProblem({});
}

void UtmForm::setDestination(const QString& destination)
{
    m_destination = destination;
    showPreview();
}

// As the backend does it: a value is added where the destination has none of its own.
QString UtmForm::preview() const
{
    QUrl url(m_destination);
    if (!url.isValid() || url.host().isEmpty())
        return {};
    QUrlQuery query(url);
    const state::Utm utm = value();
    for (int i = 0; i < count; ++i) {
        const QString name = QStringLiteral("utm_") + nameOf(i);
        if (!(utm.*members[i]).isEmpty() && !query.hasQueryItem(name))
            query.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(utm.*members[i])));
    }
    if (!query.isEmpty())
        url.setQuery(query);
    return url.toString(QUrl::FullyEncoded);
}

void UtmForm::showPreview()
{
    const QString text = value() == state::Utm() ? QString() : preview();
    m_preview->setText(text.isEmpty() ? QString() : QStringLiteral("\u2192 ") + Words::safe(text, 2048));
    m_preview->setVisible(!text.isEmpty());
}

void UtmForm::setReadOnly(bool readOnly)
{
    for (QLineEdit* edit : m_edits)
        edit->setReadOnly(readOnly);
}

void UtmForm::setProblem(const QString& field, const QString& words)
{
    for (int i = 0; i < count; ++i)
        if (field == QStringLiteral("utm.") + nameOf(i))
            m_rows[i]->setProblem(words);
}

} // namespace links
