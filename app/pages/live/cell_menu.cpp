// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/cell_menu.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QUrl>

#include "app/pages/live/filter_bar.h"
#include "app/pages/live/live_words.h"

namespace live {

using models::HitTableWords;

namespace {

// A menu's text: short, and without an ampersand that would become a shortcut.
QString menuText(const QString& text)
{
    QString shown = text.size() > 60 ? text.left(57) + QStringLiteral("…") : text;
    return shown.replace(QLatin1Char('&'), QStringLiteral("&&")).replace(QLatin1Char('\t'), QLatin1Char(' '));
}

} // namespace

QUrl openableUrl(const QString& address)
{
    const QUrl url(address, QUrl::StrictMode);
    const bool web = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    return url.isValid() && web && !url.host().isEmpty() ? url : QUrl();
}

CellMenu::CellMenu(models::HitTableModel& model, const QModelIndex& index, const QList<int>& shownColumns,
                   const QString& displayText, bool mayEdit, QWidget* parent)
    : QMenu(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    const int row = index.row();
    addFilters(index.data(HitTableWords::FilterTextRole).toString(), displayText);
    addCopies(model, index, shownColumns);
    addSeparator();
    const quint64 seq = model.seqAt(row).value;
    const bool marked = index.data(HitTableWords::IsMarkedRole).toBool();
    connect(addAction(marked ? tr("Remove mark") : tr("Mark")), &QAction::triggered, this,
            [this, seq, marked] { emit markRequested(seq, !marked); });
    if (const auto hit = model.hitAt(row)) {
        addOpen(*hit);
        addSteering(*hit, model.index(row, HitTableWords::Link).data(HitTableWords::SuggestionRole).toString(),
                    mayEdit);
    }
    addSeparator();
    connect(addAction(tr("Inspect")), &QAction::triggered, this, [this, row] { emit inspectRequested(row); });
}

void CellMenu::addFilters(const QString& condition, const QString& displayText)
{
    if (condition.isEmpty())
        return;
    const auto add = [this](const QString& name, const QString& filter) {
        connect(addAction(menuText(name)), &QAction::triggered, this,
                [this, filter] { emit displayRequested(filter); });
    };
    add(tr("Show only %1").arg(condition), condition);
    add(tr("Show all but %1").arg(condition), QStringLiteral("not ") + condition);
    if (!displayText.trimmed().isEmpty()) {
        add(tr("… and %1").arg(condition), joinedFilters(displayText, condition, false));
        add(tr("… and not %1").arg(condition), joinedFilters(displayText, QStringLiteral("not ") + condition, false));
        add(tr("… or %1").arg(condition), joinedFilters(displayText, condition, true));
    }
    if (protocol::streamFilterOf(protocol::parseFilter(condition.toStdString()).root))
        connect(addAction(menuText(tr("Stream only %1 from now on").arg(condition))), &QAction::triggered, this,
                [this, condition] { emit streamRequested(condition); });
    addSeparator();
}

void CellMenu::addCopies(const models::HitTableModel& model, const QModelIndex& index, const QList<int>& shownColumns)
{
    const QString cell = index.data(HitTableWords::ValueRole).toString();
    QStringList row;
    for (const int column : shownColumns)
        row.append(model.index(index.row(), column).data(HitTableWords::ValueRole).toString());
    const QString line = row.join(QLatin1Char('\t'));
    QAction* copyCell = addAction(tr("Copy cell"));
    copyCell->setEnabled(!cell.isEmpty());
    connect(copyCell, &QAction::triggered, this, [cell] { QGuiApplication::clipboard()->setText(cell); });
    connect(addAction(tr("Copy row")), &QAction::triggered, this,
            [line] { QGuiApplication::clipboard()->setText(line); });
}

void CellMenu::addSteering(const protocol::Hit& hit, const QString& suggestion, bool mayEdit)
{
    const QString domain = QString::fromStdString(hit.domain), slug = QString::fromStdString(hit.slug);
    addSeparator();
    if (hit.link)
        connect(addAction(mayEdit ? tr("Edit this link") : tr("Show this link")), &QAction::triggered, this,
                [this, link = hit.link.value] { emit editRequested(link); });
    if (hit.reason != protocol::HitReason::UnknownSlug)
        return;
    if (mayEdit)
        connect(addAction(tr("Create this link")), &QAction::triggered, this,
                [this, domain, slug] { emit createRequested(domain, slug); });
    if (!suggestion.isEmpty())
        connect(addAction(menuText(tr("Open “%1”").arg(suggestion))), &QAction::triggered, this,
                [this, domain, suggestion] { emit addressRequested(domain + QLatin1Char('/') + suggestion); });
}

void CellMenu::addOpen(const protocol::Hit& hit)
{
    // The destination, not the short link: opening that would be a click more.
    const QUrl url = openableUrl(QString::fromStdString(hit.destination));
    QAction* open = addAction(tr("Open destination"));
    open->setEnabled(!url.isEmpty());
    connect(open, &QAction::triggered, this, [url] { QDesktopServices::openUrl(url); });
    if (!hit.link) // a miss has no link to make a code of
        return;
    const QString address = QString::fromStdString(hit.domain + "/" + hit.slug);
    connect(addAction(tr("QR codes of the link…")), &QAction::triggered, this,
            [this, address] { emit codesRequested(address); });
}

} // namespace live
