// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/settings/domains_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/widgets/theme/type.h"
#include "backend/protocol/limits.h"

namespace settings {

DomainsPanel::DomainsPanel(QWidget* parent)
    : SettingsPanel(tr("Domains"), tr("The hosts that serve links. Only a ready one leads anywhere."), parent),
      m_host(new QLineEdit), m_add(new QPushButton(tr("Add")))
{
    m_host->setPlaceholderText(tr("links.example.com"));
    m_host->setAccessibleName(tr("Host of a new domain"));
    m_host->setMaxLength(static_cast<int>(protocol::limits::domainBytes));
    form()->addWidget(m_host, 1);
    form()->addWidget(m_add);
    const auto add = [this] {
        if (const QString host = m_host->text().trimmed().toLower(); !host.isEmpty())
            emit addRequested(host);
    };
    connect(m_add, &QPushButton::clicked, this, add);
    connect(m_host, &QLineEdit::returnPressed, this, add);
}

QString DomainsPanel::sentence(const state::Domain& domain)
{
    const QString host = safe(domain.host);
    if (domain.state == QLatin1String("ready"))
        return tr("%1 is ready: its links lead where they should.").arg(host);
    if (domain.state == QLatin1String("verified"))
        return tr("%1 is verified but not ready: no request for it has reached this backend. Point its DNS here.")
            .arg(host);
    if (domain.state == QLatin1String("pending"))
        return tr("%1 is pending: the TXT record below has not been seen. Set it, then verify.").arg(host);
    return tr("%1 is in a state that this console does not know: %2.").arg(host, safe(domain.state));
}

void DomainsPanel::setDomains(const QList<state::Domain>& domains)
{
    m_domains = domains;
    m_loaded = true;
    show();
}

void DomainsPanel::setMayEdit(bool may)
{
    m_mayEdit = may;
    m_host->setVisible(may);
    m_add->setVisible(may);
    if (m_loaded)
        show();
}

void DomainsPanel::setAnswer(const state::Domain& domain)
{
    m_host->clear();
    say(sentence(domain), false);
    const auto known = std::find_if(m_domains.begin(), m_domains.end(),
                                    [&](const state::Domain& other) { return other.id == domain.id; });
    if (known == m_domains.end())
        m_domains.append(domain);
    else
        *known = domain;
    show();
}

void DomainsPanel::setRefused(const state::Problem& problem)
{
    say(words(problem), true);
}

void DomainsPanel::show()
{
    clearEntries();
    if (m_domains.isEmpty())
        return showWaiting(tr("There are no domains yet"));
    for (const state::Domain& domain : std::as_const(m_domains))
        addDomain(domain);
    showEntries();
}

void DomainsPanel::addDomain(const state::Domain& domain)
{
    const bool ready = domain.state == QLatin1String("ready");
    QVBoxLayout* entry = addEntry();
    auto* head = new QHBoxLayout;
    head->addWidget(new widgets::Text(safe(domain.host), widgets::Look::Strong));
    head->addWidget(
        new widgets::Text((ready ? QStringLiteral("\u25CF ") : QStringLiteral("\u25CB ")) + safe(domain.state),
                          ready ? widgets::Look::Good : widgets::Look::Normal));
    head->addStretch();
    const bool pending = domain.state == QLatin1String("pending");
    if (pending && m_mayEdit) {
        auto* verify = new QPushButton(tr("Verify"));
        verify->setAccessibleName(tr("Verify %1").arg(safe(domain.host)));
        connect(verify, &QPushButton::clicked, this, [this, id = domain.id] { emit verifyRequested(id); });
        head->addWidget(verify);
    }
    entry->addLayout(head);
    auto* why = new widgets::Text(sentence(domain), widgets::Look::Quiet);
    why->setWordWrap(true);
    entry->addWidget(why);
    if (!pending)
        return;
    const std::pair<QString, QString> parts[] = {{tr("Name"), domain.txtName}, {tr("Value"), domain.txtValue}};
    for (const auto& [title, value] : parts) {
        auto* row = new QHBoxLayout;
        row->setSpacing(8);
        auto* label = new widgets::Text(title, widgets::Look::Quiet);
        label->setFixedWidth(44);
        row->addWidget(label, 0, Qt::AlignTop);
        auto* text = new widgets::Text(safe(value), widgets::Look::Code);
        text->setWrapAnywhere();
        row->addWidget(text, 1);
        auto* copy = new QPushButton(tr("Copy"));
        copy->setProperty("look", QStringLiteral("flat"));
        copy->setAccessibleName(tr("Copy the TXT record's %1").arg(title.toLower()));
        connect(copy, &QPushButton::clicked, this, [value] { QGuiApplication::clipboard()->setText(value); });
        row->addWidget(copy, 0, Qt::AlignTop);
        entry->addLayout(row);
    }
}

} // namespace settings
