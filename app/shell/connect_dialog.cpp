// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/connect_dialog.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/widgets/theme/type.h"

namespace shell {

namespace {
constexpr int apiPort = 8081;
constexpr int tokenCharsMax = 512;
} // namespace

QUrl backendUrl(const QString& text)
{
    QString address = text.trimmed();
    if (address.isEmpty())
        return {};
    const bool bare = !address.contains(QLatin1String("://"));
    if (bare)
        address.prepend(QStringLiteral("http://"));
    QUrl url(address, QUrl::StrictMode);
    const bool web = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!url.isValid() || !web || url.host().isEmpty())
        return {};
    if (bare && url.port() < 0)
        url.setPort(apiPort);
    return url;
}

ConnectDialog::ConnectDialog(const QString& address, QWidget* parent)
    : QDialog(parent), m_address(new QLineEdit(address.isEmpty() ? QStringLiteral("http://127.0.0.1:8081") : address)),
      m_token(new QLineEdit), m_remember(new QCheckBox(tr("Remember the token in this computer's keychain"))),
      m_problem(new widgets::Text({}, widgets::Look::Alert)), m_connect(new QPushButton(tr("Connect")))
{
    setWindowTitle(tr("Connect to a backend"));
    setMinimumWidth(480);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 22, 24, 18);
    column->setSpacing(14);
    auto* heading = new widgets::Text(tr("Connect to a backend"), widgets::Look::Strong);
    heading->setFont(widgets::sized(font(), 17, QFont::DemiBold));
    column->addWidget(heading);
    auto* hint = new widgets::Text(
        tr("The address is that of clickroomd's API. The token is in the file admin.token of its data folder, "
           "or made with: clickroomd token create"),
        widgets::Look::Quiet);
    hint->setWordWrap(true);
    column->addWidget(hint);
    auto* form = new QFormLayout;
    form->setSpacing(10);
    form->addRow(new widgets::Text(tr("Address")), m_address);
    form->addRow(new widgets::Text(tr("Token")), m_token);
    column->addLayout(form);
    column->addWidget(m_remember);
    m_problem->setWordWrap(true);
    m_problem->hide();
    column->addWidget(m_problem);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(m_connect, QDialogButtonBox::AcceptRole);
    column->addWidget(buttons);
    m_address->setAccessibleName(tr("Address"));
    m_token->setAccessibleName(tr("Token"));
    m_token->setEchoMode(QLineEdit::Password);
    m_token->setMaxLength(tokenCharsMax);
    m_remember->setChecked(true);
    m_connect->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_address, &QLineEdit::textChanged, this, &ConnectDialog::check);
    connect(m_token, &QLineEdit::textChanged, this, &ConnectDialog::check);
    connect(m_address, &QLineEdit::editingFinished, this, [this] { emit addressEdited(this->address().toString()); });
    m_token->setFocus();
    check();
}

QUrl ConnectDialog::address() const
{
    return backendUrl(m_address->text());
}

QString ConnectDialog::token() const
{
    return m_token->text().trimmed();
}

bool ConnectDialog::remember() const
{
    return m_remember->isChecked();
}

void ConnectDialog::setToken(const QString& token)
{
    if (m_token->text().isEmpty())
        m_token->setText(token);
}

void ConnectDialog::setProblem(const QString& words)
{
    m_problem->setText(words);
    m_problem->setVisible(!words.isEmpty());
}

void ConnectDialog::check()
{
    m_connect->setEnabled(!address().isEmpty() && !token().isEmpty());
}

} // namespace shell
