// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/table_cells.h"

#include <QDateTime>
#include <QTextDocument>
#include <QTimeZone>

#include "app/models/hit_words.h"
#include "backend/protocol/words.h"

namespace models {

namespace {

using Words = HitTableWords;
using protocol::Hit;
using protocol::HitColumn;

constexpr std::size_t shownBytesMax = 1024; // of one cell; the whole value is in the export

QString unknown()
{
    return QStringLiteral("—");
}

QString orUnknown(const QString& text)
{
    return text.isEmpty() ? unknown() : text;
}

bool isMiss(const Hit& hit)
{
    return hit.hitClass == protocol::HitClass::Miss;
}

QString suggestionFor(const CellContext& context)
{
    if (context.hit.reason != protocol::HitReason::UnknownSlug)
        return {};
    return context.suggestions.nearest(QString::fromStdString(context.hit.domain),
                                       QString::fromStdString(context.hit.slug));
}

QString botText(const Hit& hit)
{
    if (hit.isBot()) {
        // "agent:Slackbot": the list that fired is for the inspector, the name is for everybody.
        const QString reason = shownText(hit.botReason);
        const QString name = reason.section(QLatin1Char(':'), 1);
        return name.isEmpty() ? words::botCategory(hit.botCategory)
                              : words::botCategory(hit.botCategory) + QStringLiteral(" · ") + name;
    }
    return words::reason(hit.reason);
}

QString timeTooltip(const Hit& hit)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(hit.time.value, QTimeZone::UTC);
    return words::exactTime(time);
}

QString shownCell(const CellContext& context, int column)
{
    const Hit& hit = context.hit;
    switch (column) {
    case Words::Time:
        return words::ago(context.nowMs - hit.time.value);
    case Words::Link:
        return shownText(hit.domain + '/' + hit.slug);
    case Words::Touch:
        return words::touch(hit.touch);
    case Words::Device:
        return words::device(hit.device);
    case Words::Bot:
        return botText(hit);
    case Words::Class:
        return words::hitClass(hit.hitClass);
    case Words::Reason:
        return words::reason(hit.reason);
    case Words::Repeat:
        return context.repeat ? words::repeat() : QString();
    case Words::Mark:
        return context.annotation.marked ? QStringLiteral("★") : QString();
    case Words::Comment:
        return shownText(context.annotation.comment.toStdString());
    default:
        break;
    }
    const std::optional<HitColumn> source = hitColumnOf(column);
    return source ? orUnknown(shownText(protocol::hitValue(hit, *source))) : QString();
}

QString tooltip(const CellContext& context, int column)
{
    const Hit& hit = context.hit;
    switch (column) {
    case Words::Time:
        return timeTooltip(hit);
    case Words::Country:
        return hit.country.empty() ? words::unknownPlace() : words::country(hit.country);
    case Words::Link:
    case Words::Bot: {
        const QString suggestion = suggestionFor(context);
        QString text = shownCell(context, column);
        if (column == Words::Bot && !hit.botReason.empty())
            text += QStringLiteral(" (") + shownText(hit.botReason) + QLatin1Char(')');
        return suggestion.isEmpty() ? text
                                    : text + QLatin1Char('\n') + words::didYouMean(shownText(suggestion.toStdString()));
    }
    case Words::Repeat:
        return context.repeat ? words::repeatTooltip() : QString();
    default:
        return shownCell(context, column);
    }
}

Words::Tone toneOf(const Hit& hit)
{
    switch (hit.hitClass) {
    case protocol::HitClass::Miss:
        return Words::Tone::Miss;
    case protocol::HitClass::Blocked:
        return Words::Tone::Blocked;
    case protocol::HitClass::Probe:
    case protocol::HitClass::Prefetch:
        return Words::Tone::Quiet;
    case protocol::HitClass::Click:
        break;
    }
    return hit.isBot() ? Words::Tone::Bot : Words::Tone::Normal;
}

QString rawValue(const CellContext& context, int column)
{
    if (column == Words::Link)
        return QString::fromStdString(context.hit.domain + '/' + context.hit.slug);
    if (column == Words::Repeat)
        return context.repeat ? QStringLiteral("true") : QStringLiteral("false");
    if (column == Words::Mark)
        return context.annotation.marked ? QStringLiteral("true") : QStringLiteral("false");
    if (column == Words::Comment)
        return context.annotation.comment;
    const std::optional<HitColumn> source = hitColumnOf(column);
    return source ? QString::fromStdString(protocol::hitValue(context.hit, *source)) : QString();
}

QVariant factOf(const CellContext& context, int role)
{
    const Hit& hit = context.hit;
    switch (role) {
    case Words::SeqRole:
        return QVariant::fromValue<quint64>(hit.seq.value);
    case Words::TimeRole:
        return QVariant::fromValue<qint64>(hit.time.value);
    case Words::ClassRole:
        return static_cast<int>(hit.hitClass);
    case Words::IsBotRole:
        return hit.isBot();
    case Words::IsMissRole:
        return isMiss(hit);
    case Words::IsQrRole:
        return hit.touch == protocol::TouchType::Qr;
    case Words::IsRepeatRole:
        return context.repeat;
    case Words::IsMarkedRole:
        return context.annotation.marked;
    case Words::ToneRole:
        return static_cast<int>(toneOf(hit));
    case Words::DomainRole:
        return shownText(hit.domain);
    case Words::SlugRole:
        return shownText(hit.slug);
    case Words::CountryRole:
        return shownText(hit.country);
    case Words::SuggestionRole:
        return shownText(suggestionFor(context).toStdString());
    case Words::CommentRole:
        return shownText(context.annotation.comment.toStdString());
    default:
        return {};
    }
}

} // namespace

QString shownText(std::string_view text)
{
    return QString::fromStdString(protocol::visibleText(text, shownBytesMax));
}

QString plainTooltip(const QString& text)
{
    return Qt::mightBeRichText(text) ? QStringLiteral("<qt>") + text.toHtmlEscaped() + QStringLiteral("</qt>") : text;
}

int alignmentOf(int column)
{
    const bool number = column == Words::Time || column == Words::Status || column == Words::Seq;
    return static_cast<int>((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

QVariant cellData(const CellContext& context, int column, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return shownCell(context, column);
    case Words::ShortRole:
        return column == Words::Time ? Words::ageText(context.nowMs - context.hit.time.value)
                                     : shownCell(context, column);
    case Qt::ToolTipRole:
        return plainTooltip(tooltip(context, column));
    case Qt::TextAlignmentRole:
        return alignmentOf(column);
    case Words::ValueRole:
        return rawValue(context, column);
    case Words::FilterTextRole: {
        const protocol::FilterNode node = filterOf(context.hit, column);
        return node.kind == protocol::FilterNode::Kind::True ? QString()
                                                             : QString::fromStdString(protocol::filterText(node));
    }
    default:
        return factOf(context, role);
    }
}

QVariant goneCell(int column, int role)
{
    if (role == Qt::DisplayRole || role == Words::ShortRole)
        return QStringLiteral("…");
    if (role == Qt::ToolTipRole)
        return words::leftMemory();
    if (role == Qt::TextAlignmentRole)
        return alignmentOf(column);
    if (role == Words::ToneRole)
        return static_cast<int>(Words::Tone::Quiet);
    return {};
}

protocol::FilterNode filterOf(const Hit& hit, int column)
{
    protocol::FilterNode node;
    std::optional<HitColumn> source = hitColumnOf(column);
    if (column == Words::Bot && hit.isBot())
        source = HitColumn::BotCategory;
    else if (column == Words::Bot && hit.reason != protocol::HitReason::None)
        source = HitColumn::Reason;
    node.linkColumn = column == Words::Link;
    if ((!source && !node.linkColumn) || column == Words::Time || column == Words::Seq)
        return {};
    node.kind = protocol::FilterNode::Kind::Equals;
    if (source)
        node.column = *source;
    node.values = {node.linkColumn ? hit.domain + '/' + hit.slug : protocol::hitValue(hit, node.column)};
    return node;
}

} // namespace models
