// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>

#include <string>

#include "backend/protocol/hit.h"

// The words for people of what travels as numbers and codes, in the user's language.
namespace models::words {

QString hitClass(protocol::HitClass value);
QString touch(protocol::TouchType value);
QString device(protocol::DeviceType value);
QString reason(protocol::HitReason value); // None = ""
QString botCategory(protocol::BotCategory value);
QString country(const std::string& alpha2); // its name, or the code as it is
QString unknownPlace();
QString unknownName();
QString direct(); // no referrer

QString ago(qint64 ageMs); // "3 s ago"
QString exactTime(const QDateTime& utc);
QString repeat();
QString repeatTooltip();
QString didYouMean(const QString& slug);
QString leftMemory();

} // namespace models::words
