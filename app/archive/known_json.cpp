// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/archive/known_json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "app/state/live_state.h"
#include "backend/protocol/codec.h"

namespace archive {

namespace {

constexpr qsizetype filterBytesMax = 256 * 1024;

QJsonObject objectOf(const std::string& json)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
}

QJsonObject objectOf(const protocol::Message& message)
{
    return objectOf(protocol::encode(message, protocol::Encoding::Json));
}

template <typename Wanted> std::optional<Wanted> messageOf(const QJsonValue& value)
{
    if (!value.isObject())
        return std::nullopt;
    const QByteArray json = QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact);
    protocol::Decoded decoded =
        protocol::decode({json.constData(), static_cast<std::size_t>(json.size())}, protocol::Encoding::Json);
    Wanted* wanted = decoded.message ? std::get_if<Wanted>(&*decoded.message) : nullptr;
    return wanted ? std::optional(std::move(*wanted)) : std::nullopt;
}

QString numberText(std::uint64_t number)
{
    return QString::number(number); // a double would lose the last digits
}

std::uint64_t numberOf(const QJsonValue& value)
{
    return value.toString().left(20).toULongLong();
}

QJsonObject resumeJson(const state::ResumePoint& place)
{
    QJsonArray gaps;
    for (const state::GapReport& gap : place.gaps)
        gaps.append(QJsonArray{numberText(gap.first), numberText(gap.last), numberText(gap.coveredTo)});
    return {{QStringLiteral("data_id"), QString::fromStdString(place.dataId)},
            {QStringLiteral("cursor"), numberText(place.cursor.value)},
            {QStringLiteral("filter"), objectOf(protocol::jsonOf(place.filter))},
            {QStringLiteral("gaps"), gaps}};
}

state::ResumePoint placeFrom(const QJsonObject& json)
{
    state::ResumePoint place;
    place.dataId = json[QStringLiteral("data_id")].toString().left(256).toStdString();
    place.cursor = protocol::HitSeq(numberOf(json[QStringLiteral("cursor")]));
    const QByteArray filter =
        QJsonDocument(json[QStringLiteral("filter")].toObject()).toJson(QJsonDocument::Compact).left(filterBytesMax);
    std::string error;
    place.filter = protocol::streamFilterFrom(filter.toStdString(), error).value_or(protocol::StreamFilter());
    for (const QJsonValue& value : json[QStringLiteral("gaps")].toArray()) {
        const QJsonArray gap = value.toArray();
        state::GapReport report;
        report.first = numberOf(gap.at(0));
        report.last = numberOf(gap.at(1));
        report.coveredTo = numberOf(gap.at(2));
        const bool good = report.first > 0 && report.last >= report.first && report.last <= place.cursor.value &&
                          report.coveredTo >= report.first - 1 && report.coveredTo < report.last;
        report.first = report.coveredTo + 1; // what came of it is among the hits
        if (good && place.gaps.size() < state::LiveState::gapsMax)
            place.gaps.push_back(report);
    }
    return place;
}

void readAnnotations(const QJsonArray& json, QHash<quint64, state::Annotation>& annotations)
{
    for (const QJsonValue& value : json) {
        const QJsonArray row = value.toArray();
        const state::Annotation note{row.at(1).toBool(), row.at(2).toString().left(state::LiveState::commentCharsMax)};
        if (!note.isEmpty() && static_cast<std::size_t>(annotations.size()) < state::LiveState::annotationsMax)
            annotations.insert(numberOf(row.at(0)), note);
    }
}

} // namespace

QByteArray placeJson(const state::Known& known)
{
    QJsonObject json{{QStringLiteral("place"), resumeJson(known.place)},
                     {QStringLiteral("heard_at"), static_cast<qint64>(known.heardAtMs)}};
    if (known.hello)
        json[QStringLiteral("hello")] = objectOf(*known.hello);
    if (known.window)
        json[QStringLiteral("window")] = objectOf(protocol::Window{*known.window});
    if (known.watermark)
        json[QStringLiteral("watermark")] = objectOf(*known.watermark);
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

QByteArray notesJson(const state::Known& known)
{
    QJsonArray edits, annotations;
    for (const protocol::Edit& edit : known.edits)
        edits.append(objectOf(edit));
    for (auto it = known.annotations.constBegin(); it != known.annotations.constEnd(); ++it)
        annotations.append(QJsonArray{numberText(it.key()), it->marked, it->comment});
    return QJsonDocument(QJsonObject{{QStringLiteral("edits"), edits}, {QStringLiteral("annotations"), annotations}})
        .toJson(QJsonDocument::Compact);
}

std::optional<state::Known> knownFrom(const QByteArray& placeJson, const QByteArray& notesJson)
{
    const QJsonDocument document = QJsonDocument::fromJson(placeJson);
    if (!document.isObject())
        return std::nullopt;
    const QJsonObject json = document.object();
    state::Known known;
    known.place = placeFrom(json[QStringLiteral("place")].toObject());
    known.heardAtMs = json[QStringLiteral("heard_at")].toInteger();
    known.hello = messageOf<protocol::Hello>(json[QStringLiteral("hello")]);
    known.watermark = messageOf<protocol::Watermark>(json[QStringLiteral("watermark")]);
    if (auto window = messageOf<protocol::Window>(json[QStringLiteral("window")]))
        known.window = std::move(window->aggregate);
    const QJsonObject notes = QJsonDocument::fromJson(notesJson).object();
    for (const QJsonValue& edit : notes[QStringLiteral("edits")].toArray())
        if (auto read = messageOf<protocol::Edit>(edit); read && known.edits.size() < state::LiveState::editsMax)
            known.edits.push_back(std::move(*read));
    readAnnotations(notes[QStringLiteral("annotations")].toArray(), known.annotations);
    if (known.place.dataId.empty())
        return std::nullopt;
    return known;
}

} // namespace archive
