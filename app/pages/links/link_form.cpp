// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/link_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QDateTimeEdit>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStringListModel>
#include <QTimeZone>
#include <QVBoxLayout>

#include <utility>

#include "app/models/link_changes.h"
#include "app/pages/links/field_row.h"
#include "app/pages/links/link_words.h"
#include "app/pages/links/utm_form.h"
#include "app/pages/links/value_completer.h"
#include "app/widgets/theme/type.h"
#include "backend/protocol/limits.h"

namespace links {

namespace {

namespace limits = protocol::limits;

constexpr int notesChars = 4096;
constexpr int passwordChars = 256;

struct Line {
    const char* field;
    QString state::Link::* member;
};
constexpr Line lines[] = {
    {"slug", &state::Link::slug},         {"destination", &state::Link::destination},
    {"campaign", &state::Link::campaign}, {"goal", &state::Link::goal},
    {"owner", &state::Link::owner},       {"fallback", &state::Link::fallback},
    {"iosApp", &state::Link::iosApp},     {"androidApp", &state::Link::androidApp},
};

QString lineName(const Line& line)
{
    return QLatin1StringView(line.field);
}

void addHeading(QVBoxLayout* column, const QString& text)
{
    column->addSpacing(10);
    column->addWidget(new widgets::Text(text, widgets::Look::Strong));
}

void offer(QLineEdit* line, const QStringList& values)
{
    if (!line->completer()) {
        auto* completer = new QCompleter(new QStringListModel(line), line);
        completer->setCaseSensitivity(Qt::CaseInsensitive);
        completer->setFilterMode(Qt::MatchContains);
        line->setCompleter(completer);
    }
    static_cast<QStringListModel*>(line->completer()->model())->setStringList(values);
}

} // namespace

LinkForm::LinkForm(QWidget* parent) : QWidget(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 6, 16, 16);
    column->setSpacing(7);
    buildPlace(column);
    addHeading(column, tr("UTM"));
    m_utm = new UtmForm;
    column->addWidget(m_utm);
    connect(m_utm, &UtmForm::edited, this, &LinkForm::touch);
    buildMeaning(column);
    buildLife(column);
    addHeading(column, tr("Apps"));
    addLine(column, QStringLiteral("iosApp"), limits::destinationBytes, tr("opened on iOS instead: myapp://spring"));
    addLine(column, QStringLiteral("androidApp"), limits::destinationBytes,
            tr("opened on Android instead: intent://…"));
    column->addStretch();
    connect(m_lines[QStringLiteral("destination")], &QLineEdit::textChanged, this, &LinkForm::checkDestination);
    connect(m_lines[QStringLiteral("campaign")], &QLineEdit::textChanged, this, &LinkForm::checkNear);
    connect(m_tags, &QLineEdit::textChanged, this, &LinkForm::checkNear);
}

FieldRow* LinkForm::addRow(QVBoxLayout* column, const QString& field, QWidget* editor)
{
    auto* row = new FieldRow(Words::field(field), editor);
    m_rows.insert(field, row);
    column->addWidget(row);
    return row;
}

QLineEdit* LinkForm::addLine(QVBoxLayout* column, const QString& field, std::size_t bytes, const QString& placeholder)
{
    auto* line = new QLineEdit;
    line->setMaxLength(static_cast<int>(bytes));
    line->setPlaceholderText(placeholder);
    m_lines.insert(field, line);
    addRow(column, field, line);
    connect(line, &QLineEdit::textChanged, this, &LinkForm::touch);
    return line;
}

void LinkForm::buildPlace(QVBoxLayout* column)
{
    m_domain = new QComboBox;
    addRow(column, QStringLiteral("domain"), m_domain);
    connect(m_domain, &QComboBox::currentTextChanged, this, &LinkForm::touch);
    addLine(column, QStringLiteral("slug"), limits::slugBytes, tr("left empty: one is made"));
    QLineEdit* destination = addLine(column, QStringLiteral("destination"), limits::destinationBytes, tr("https://…"));
    destination->setFont(widgets::monospace());
    m_status = new QComboBox;
    const std::pair<int, QString> codes[] = {{302, tr("302 found: for links that may change")},
                                             {301, tr("301 for good: browsers remember it")},
                                             {307, tr("307 found, method kept")},
                                             {308, tr("308 for good, method kept")}};
    for (const auto& [code, words] : codes)
        m_status->addItem(words, code);
    addRow(column, QStringLiteral("status"), m_status);
    connect(m_status, &QComboBox::currentIndexChanged, this, &LinkForm::touch);
}

void LinkForm::buildLife(QVBoxLayout* column)
{
    addHeading(column, tr("How long, and for whom"));
    m_expires = new QCheckBox(tr("at (UTC)"));
    m_expiresAt = new QDateTimeEdit;
    m_expiresAt->setTimeZone(QTimeZone::UTC);
    m_expiresAt->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    m_expiresAt->setCalendarPopup(true);
    m_expiresAt->setEnabled(false);
    FieldRow* row = addRow(column, QStringLiteral("expiresAt"), m_expires);
    row->addBeside(m_expiresAt);
    connect(m_expires, &QCheckBox::toggled, this, [this](bool on) {
        m_expiresAt->setEnabled(on && m_expires->isEnabled());
        touch();
    });
    connect(m_expiresAt, &QDateTimeEdit::dateTimeChanged, this, &LinkForm::touch);
    m_limit = new QSpinBox;
    m_limit->setRange(0, 1'000'000'000);
    m_limit->setSpecialValueText(tr("no limit"));
    m_limit->setGroupSeparatorShown(true);
    addRow(column, QStringLiteral("clickLimit"), m_limit);
    connect(m_limit, &QSpinBox::valueChanged, this, &LinkForm::touch);
    addLine(column, QStringLiteral("fallback"), limits::destinationBytes,
            tr("where visitors go once it is over; empty: nowhere"));
    m_password = new QLineEdit;
    m_password->setEchoMode(QLineEdit::PasswordEchoOnEdit);
    m_password->setMaxLength(passwordChars);
    m_removePassword = new QPushButton(tr("Remove"));
    m_removePassword->setAccessibleName(tr("Remove the password"));
    addRow(column, QStringLiteral("password"), m_password)->addBeside(m_removePassword);
    connect(m_password, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_passwordRemoved = m_passwordRemoved && text.isEmpty();
        touch();
    });
    connect(m_removePassword, &QPushButton::clicked, this, [this] {
        m_passwordRemoved = !m_passwordRemoved;
        m_password->clear();
        showPassword();
        touch();
    });
}

void LinkForm::buildMeaning(QVBoxLayout* column)
{
    addHeading(column, tr("What it is for"));
    addLine(column, QStringLiteral("campaign"), limits::utmBytes, tr("spring-launch"));
    addLine(column, QStringLiteral("goal"), limits::utmBytes, tr("signup"));
    m_tags = new ValueList;
    m_tags->setPlaceholderText(tr("launch, print"));
    addRow(column, QStringLiteral("tags"), m_tags);
    connect(m_tags, &QLineEdit::textChanged, this, &LinkForm::touch);
    addLine(column, QStringLiteral("owner"), limits::utmBytes, tr("whom to ask"));
    m_notes = new QPlainTextEdit;
    m_notes->setFixedHeight(64);
    m_notes->setTabChangesFocus(true);
    addRow(column, QStringLiteral("notes"), m_notes);
    connect(m_notes, &QPlainTextEdit::textChanged, this, &LinkForm::touch);
}

void LinkForm::setLink(const state::Link& link)
{
    m_filling = true;
    m_link = link;
    const bool isNew = link.id == 0;
    m_rows[QStringLiteral("domain")]->setVisible(isNew);
    m_rows[QStringLiteral("slug")]->setVisible(isNew);
    if (isNew && m_domain->findText(link.domain) < 0 && !link.domain.isEmpty())
        m_domain->addItem(link.domain);
    if (isNew && !link.domain.isEmpty())
        m_domain->setCurrentText(link.domain);
    for (const Line& line : lines)
        if (QLineEdit* edit = m_lines[lineName(line)]; edit->text() != link.*line.member) {
            edit->setText(link.*line.member);
            edit->setCursorPosition(0);
        }
    m_status->setCurrentIndex(std::max(0, m_status->findData(link.status)));
    m_expires->setChecked(link.expiresAtMs != 0);
    m_expiresAt->setDateTime(link.expiresAtMs != 0 ? QDateTime::fromMSecsSinceEpoch(link.expiresAtMs, QTimeZone::UTC)
                                                   : QDateTime::currentDateTimeUtc().addDays(7));
    m_limit->setValue(static_cast<int>(std::min<std::uint64_t>(link.clickLimit, 1'000'000'000)));
    m_rows[QStringLiteral("clickLimit")]->setHint(
        link.clickLimit > 0 && link.clicks
            ? tr("%1 used so far").arg(widgets::figure(static_cast<quint64>(*link.clicks)))
            : QString());
    m_tags->setValues(link.tags);
    if (m_notes->toPlainText() != link.notes)
        m_notes->setPlainText(link.notes);
    m_utm->setValue(link.utm);
    m_passwordRemoved = false;
    m_password->clear();
    showPassword();
    clearProblems();
    m_filling = false;
    checkDestination();
    checkNear();
}

state::Link LinkForm::value(state::Link link) const
{
    if (link.id == 0)
        link.domain = m_domain->currentText();
    for (const Line& line : lines)
        if (link.id == 0 || line.member != &state::Link::slug)
            link.*line.member = m_lines[lineName(line)]->text().trimmed();
    link.status = m_status->currentData().toInt();
    link.expiresAtMs = m_expires->isChecked() ? m_expiresAt->dateTime().toMSecsSinceEpoch() : 0;
    // What the field cannot show to the millisecond was not changed by showing it.
    if (m_expires->isChecked() && link.expiresAtMs / 1000 == m_link.expiresAtMs / 1000)
        link.expiresAtMs = m_link.expiresAtMs;
    link.clickLimit = static_cast<std::uint64_t>(m_limit->value());
    link.tags = m_tags->values();
    link.notes = m_notes->toPlainText().left(notesChars);
    link.utm = m_utm->value();
    return link;
}

bool LinkForm::passwordTouched() const
{
    return m_passwordRemoved || !m_password->text().isEmpty();
}

std::optional<QString> LinkForm::password() const
{
    return m_passwordRemoved ? std::nullopt : std::optional(m_password->text());
}

void LinkForm::showPassword()
{
    m_removePassword->setVisible(m_link.hasPassword && m_password->isEnabled());
    m_removePassword->setText(m_passwordRemoved ? tr("Keep it") : tr("Remove"));
    m_password->setPlaceholderText(!m_link.hasPassword ? tr("none: everybody passes")
                                   : m_passwordRemoved ? tr("will be removed")
                                                       : tr("one is set; type to replace it"));
}

void LinkForm::setInUse(const ValuesInUse& values)
{
    if (values == m_inUse)
        return;
    m_inUse = values;
    m_filling = true;
    const QString chosen = m_domain->currentText();
    m_domain->clear();
    m_domain->addItems(values.domains);
    if (!chosen.isEmpty())
        m_domain->setCurrentText(chosen);
    offer(m_lines[QStringLiteral("campaign")], values.campaigns);
    offer(m_lines[QStringLiteral("goal")], values.goals);
    offer(m_lines[QStringLiteral("owner")], values.owners);
    QList<Completion> tags;
    for (const QString& tag : values.tags)
        tags.append({tag, {}});
    m_tags->setCompletions(tags);
    m_utm->setConventions(values.sources, values.mediums);
    for (int i = 0; i < UtmForm::count; ++i)
        m_utm->setInUse(i, values.utm[i]);
    m_filling = false;
    checkNear();
}

void LinkForm::setReadOnly(bool readOnly)
{
    for (QLineEdit* line : std::as_const(m_lines))
        line->setReadOnly(readOnly);
    m_tags->setReadOnly(readOnly);
    m_notes->setReadOnly(readOnly);
    m_utm->setReadOnly(readOnly);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_domain, m_status, m_expires, m_limit, m_password})
        widget->setEnabled(!readOnly);
    m_expiresAt->setEnabled(!readOnly && m_expires->isChecked());
    showPassword();
}

void LinkForm::touch()
{
    if (!m_filling)
        emit edited();
}

void LinkForm::checkDestination()
{
    const QString text = m_lines[QStringLiteral("destination")]->text().trimmed();
    m_utm->setDestination(text);
    // An empty new form is not yet wrong.
    const bool untouched = text.isEmpty() && m_link.destination.isEmpty();
    m_rows[QStringLiteral("destination")]->setProblem(untouched ? QString()
                                                                : Words::destinationProblem(text, m_inUse.ownHosts));
}

void LinkForm::checkNear()
{
    const auto hintOf = [](const QString& value, const QStringList& inUse) {
        const QStringList near = models::nearDuplicates(value, inUse);
        return near.isEmpty()
                   ? QString()
                   : tr("\u26A0 Nearly the same as “%1”, which is in use.").arg(Words::safe(near.first(), 64));
    };
    m_rows[QStringLiteral("campaign")]->setHint(
        hintOf(m_lines[QStringLiteral("campaign")]->text().trimmed(), m_inUse.campaigns));
    QString hint;
    for (const QString& tag : m_tags->values())
        if (hint.isEmpty())
            hint = hintOf(tag, m_inUse.tags);
    m_rows[QStringLiteral("tags")]->setHint(hint);
}

void LinkForm::clearProblems()
{
    for (FieldRow* row : std::as_const(m_rows))
        row->setProblem({});
}

bool LinkForm::setProblem(const QString& field, const QString& words)
{
    m_utm->setProblem(field, words);
    FieldRow* row = m_rows.value(field);
    if (!row)
        return field.startsWith(QLatin1String("utm."));
    row->setProblem(words);
    return true;
}

QString LinkForm::firstProblem() const
{
    return Words::destinationProblem(m_lines[QStringLiteral("destination")]->text().trimmed(), m_inUse.ownHosts);
}

void LinkForm::focusFirst()
{
    m_lines[m_link.id == 0 && m_link.slug.isEmpty() ? QStringLiteral("slug") : QStringLiteral("destination")]
        ->setFocus();
}

} // namespace links
