// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/imports/import_words.h"

#include <QCoreApplication>
#include <QHash>

#include "app/widgets/theme/type.h"
#include "backend/protocol/words.h"

namespace imports {

namespace {

constexpr std::size_t shownBytesMax = 512;

QString tr(const char* text)
{
    return QCoreApplication::translate("imports", text);
}

QString safe(const QString& text)
{
    return QString::fromStdString(protocol::visibleText(text.toStdString(), shownBytesMax));
}

const char* knownWords(const QString& code)
{
    static const QHash<QString, const char*> words{
        {"exists", QT_TRANSLATE_NOOP("imports", "is there already")},
        {"repeated", QT_TRANSLATE_NOOP("imports", "stands in the file twice")},
        {"deleted", QT_TRANSLATE_NOOP("imports", "was deleted where it comes from")},
        {"slug_taken", QT_TRANSLATE_NOOP("imports", "the slug is taken by a link that leads elsewhere")},
        {"slug_repeated", QT_TRANSLATE_NOOP("imports", "another row has this slug and leads elsewhere")},
        {"slug_tombstoned",
         QT_TRANSLATE_NOOP("imports", "the slug belonged to a deleted link and is not given out again")},
        {"slug_reserved", QT_TRANSLATE_NOOP("imports", "the slug is reserved")},
        {"slug_too_long", QT_TRANSLATE_NOOP("imports", "the slug is too long")},
        {"destination_empty", QT_TRANSLATE_NOOP("imports", "has no destination")},
        {"destination_scheme", QT_TRANSLATE_NOOP("imports", "the destination is neither http nor https")},
        {"destination_own_domain", QT_TRANSLATE_NOOP("imports", "the destination leads back to a domain of ours")},
        {"destination_credentials", QT_TRANSLATE_NOOP("imports", "the destination holds a user name")},
        {"destination_too_long", QT_TRANSLATE_NOOP("imports", "the destination is too long")},
        {"unknown_domain", QT_TRANSLATE_NOOP("imports", "the domain is none of ours: give one above, or ask an admin")},
        {"host_taken", QT_TRANSLATE_NOOP("imports", "the domain belongs to another workspace")},
        {"password_protected", QT_TRANSLATE_NOOP("imports", "asks for a password, which no export holds")},
        {"not_a_time", QT_TRANSLATE_NOOP("imports", "the expiry is no date we know")},
        {"status_not_redirect", QT_TRANSLATE_NOOP("imports", "the status is no redirect")},
        {"too_many_cells", QT_TRANSLATE_NOOP("imports", "has more cells than the header")},
        {"not_a_short_url", QT_TRANSLATE_NOOP("imports", "the short link is no address")},
        {"missing_column",
         QT_TRANSLATE_NOOP("imports",
                           "The file's first row does not name this column: %1. A domain can be given above.")},
        {"unterminated_quote", QT_TRANSLATE_NOOP("imports", "The file is cut or damaged: a quoted cell never ends.")},
        {"not_text", QT_TRANSLATE_NOOP("imports", "This is no text file. Export as CSV, not as a spreadsheet.")},
        {"too_large", QT_TRANSLATE_NOOP("imports", "The file is too large (at most 32 MiB).")},
        {"too_many_rows", QT_TRANSLATE_NOOP("imports", "The file has too many rows (at most 100,000).")},
        {"empty", QT_TRANSLATE_NOOP("imports", "The file is empty.")},
        {"not_allowed", QT_TRANSLATE_NOOP("imports", "Your role may not import links.")},
        {"changed_meanwhile",
         QT_TRANSLATE_NOOP("imports", "Somebody else edited links meanwhile. Nothing was made: check again.")},
        {"timeout",
         QT_TRANSLATE_NOOP("imports", "The backend took too long to answer. Check again to see what is there.")},
        {"unreachable", QT_TRANSLATE_NOOP("imports", "The backend does not answer.")},
        {"cancelled", QT_TRANSLATE_NOOP("imports", "Cancelled. Check again to see what is there.")}};
    return words.value(code, nullptr);
}

} // namespace

QString rowWords(const state::ImportRow& row)
{
    const QString code = row.problem.isEmpty() ? row.skipped : row.problem;
    if (const char* words = knownWords(code))
        return tr(words);
    return row.field.isEmpty() ? safe(code) : safe(row.field) + QStringLiteral(": ") + safe(code);
}

QString fileProblemWords(const QString& code, const QString& field, const QString& detail)
{
    if (const char* words = knownWords(code))
        return code == QLatin1String("missing_column") ? tr(words).arg(safe(field)) : tr(words);
    return tr("Not possible: %1").arg(safe(detail.isEmpty() ? code : detail));
}

QString summary(const state::ImportAnswer& answer)
{
    QStringList parts;
    parts << (answer.dryRun ? tr("%1 links would be made") : tr("%1 links made")).arg(widgets::figure(answer.made));
    if (answer.skipped > 0)
        parts << tr("%1 skipped").arg(widgets::figure(answer.skipped));
    if (answer.failed > 0)
        parts << tr("%1 refused").arg(widgets::figure(answer.failed));
    QString text = tr("%1, %2 rows: %3.")
                       .arg(formatName(answer.format), widgets::figure(answer.rows), parts.join(QStringLiteral(", ")));
    if (!answer.domains.isEmpty())
        text += QLatin1Char(' ') + (answer.dryRun ? tr("These domains would be added, and serve links once they are "
                                                       "verified: %1.")
                                                  : tr("These domains were added, and serve links once they are "
                                                       "verified: %1."))
                                       .arg(safe(answer.domains.join(QStringLiteral(", "))));
    return text;
}

QString formatName(const QString& format)
{
    const std::pair<const char*, const char*> names[] = {
        {"bitly", "Bitly"}, {"shlink", "Shlink"}, {"yourls", "YOURLS"}, {"dub", "Dub"}};
    for (const auto& [word, name] : names)
        if (format == QLatin1StringView(word))
            return QLatin1StringView(name);
    return tr("CSV");
}

QString placeOf(const state::ImportRow& row)
{
    return safe(row.domain + QLatin1Char('/') + row.slug);
}

} // namespace imports
