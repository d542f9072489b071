// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/settings/tokens_panel.h"

#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/widgets/theme/type.h"

namespace settings {

namespace {

constexpr int nameChars = 64;

QString dayOf(std::int64_t ms)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms), QStringLiteral("d MMM yyyy HH:mm"));
}

} // namespace

TokensPanel::TokensPanel(QWidget* parent)
    : SettingsPanel(
          tr("Tokens"),
          tr("A viewer reads, an operator edits links, an admin does everything. Revoking ends open lines too."),
          parent),
      m_name(new QLineEdit), m_role(new QComboBox), m_create(new QPushButton(tr("Create"))), m_secretBox(new QWidget),
      m_secret(new QLineEdit)
{
    m_name->setPlaceholderText(tr("whose it is"));
    m_name->setMaxLength(nameChars);
    m_name->setAccessibleName(tr("Name of a new token"));
    for (const char* role : {"viewer", "operator", "admin"})
        m_role->addItem(QString::fromLatin1(role));
    m_role->setAccessibleName(tr("Role of a new token"));
    form()->addWidget(m_name, 1);
    form()->addWidget(m_role);
    form()->addWidget(m_create);
    buildSecret();
    const auto create = [this] {
        if (const QString name = m_name->text().trimmed(); !name.isEmpty())
            emit createRequested(name, m_role->currentText());
        else
            m_name->setFocus();
    };
    connect(m_create, &QPushButton::clicked, this, create);
    connect(m_name, &QLineEdit::returnPressed, this, create);
}

void TokensPanel::buildSecret()
{
    auto* box = new QVBoxLayout(m_secretBox);
    box->setContentsMargins(12, 9, 12, 10);
    m_secretBox->setProperty("frame", QStringLiteral("notice"));
    m_secretBox->setAttribute(Qt::WA_StyledBackground);
    auto* words = new widgets::Text(tr("Copy it now: it is not shown again."), widgets::Look::Strong);
    words->setWordWrap(true);
    box->addWidget(words);
    auto* row = new QHBoxLayout;
    m_secret->setReadOnly(true);
    m_secret->setFont(widgets::monospace());
    m_secret->setAccessibleName(tr("The new token"));
    auto* copy = new QPushButton(tr("Copy"));
    auto* done = new QPushButton(tr("Done"));
    row->addWidget(m_secret, 1);
    row->addWidget(copy);
    row->addWidget(done);
    box->addLayout(row);
    m_secretBox->hide();
    static_cast<QVBoxLayout*>(layout())->insertWidget(3, m_secretBox);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_secret->text()); });
    connect(done, &QPushButton::clicked, this, [this] {
        m_secret->clear();
        m_secretBox->hide();
    });
}

QString TokensPanel::secret() const
{
    return m_secret->text();
}

void TokensPanel::setMayEdit(bool may)
{
    m_mayEdit = may;
    for (QWidget* widget : std::initializer_list<QWidget*>{m_name, m_role, m_create})
        widget->setVisible(may);
    if (!may) // even reading the list is an admin's
        showWaiting(tr("Tokens are shown to admins only"));
}

void TokensPanel::setTokens(const QList<state::Token>& tokens)
{
    m_tokens = tokens;
    show();
}

void TokensPanel::setCreated(const state::Token& token, const QString& secret)
{
    m_name->clear();
    m_secret->setText(secret);
    m_secretBox->show();
    m_secret->selectAll();
    m_secret->setFocus();
    say({}, false);
    m_tokens.append(token);
    show();
}

void TokensPanel::setRefused(const state::Problem& problem)
{
    say(words(problem), true);
}

void TokensPanel::show()
{
    clearEntries();
    if (m_tokens.isEmpty())
        return showWaiting(tr("There are no tokens"));
    for (const bool revoked : {false, true}) // what is of use comes first
        for (const state::Token& token : std::as_const(m_tokens))
            if ((token.revokedAtMs != 0) == revoked)
                addToken(token);
    showEntries();
}

void TokensPanel::addToken(const state::Token& token)
{
    const bool revoked = token.revokedAtMs != 0;
    QVBoxLayout* entry = addEntry();
    auto* head = new QHBoxLayout;
    head->addWidget(new widgets::Text(safe(token.name), revoked ? widgets::Look::Quiet : widgets::Look::Strong));
    head->addWidget(new widgets::Text(revoked ? tr("\u2715 revoked") : safe(token.role), widgets::Look::Quiet));
    head->addStretch();
    if (!revoked && m_mayEdit) {
        const bool sure = m_asked == token.id;
        auto* revoke = new QPushButton(sure ? tr("Revoke for good") : tr("Revoke"));
        revoke->setAccessibleName(tr("Revoke the token %1").arg(safe(token.name)));
        connect(revoke, &QPushButton::clicked, this, [this, id = token.id, sure] {
            m_asked = sure ? 0 : id;
            if (sure)
                emit revokeRequested(id);
            show();
        });
        head->addWidget(revoke);
    }
    entry->addLayout(head);
    const QString used = token.lastUsedAtMs != 0 ? tr("last used %1").arg(dayOf(token.lastUsedAtMs))
                                                 : tr("never used, as far as is known");
    auto* life = new widgets::Text(revoked ? tr("revoked %1").arg(dayOf(token.revokedAtMs))
                                           : tr("made %1 · %2").arg(dayOf(token.createdAtMs), used),
                                   widgets::Look::Quiet);
    life->setWordWrap(true);
    entry->addWidget(life);
}

} // namespace settings
