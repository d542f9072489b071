// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/txt_records.h"

#include <QDnsLookup>
#include <QEventLoop>
#include <QHostAddress>
#include <QTimer>

namespace {

constexpr int answerWithinMs = 10'000;

} // namespace

std::vector<std::string> txtRecords(const std::string& name, const runtime::HostPort& resolver)
{
    QDnsLookup lookup(QDnsLookup::TXT, QString::fromStdString(name));
    if (!resolver.host.empty())
        lookup.setNameserver(QHostAddress(QString::fromStdString(resolver.host)), resolver.port);
    QEventLoop waiting;
    QObject::connect(&lookup, &QDnsLookup::finished, &waiting, &QEventLoop::quit);
    QTimer::singleShot(answerWithinMs, &waiting, &QEventLoop::quit);
    lookup.lookup();
    waiting.exec();
    std::vector<std::string> records;
    for (const QDnsTextRecord& record : lookup.textRecords()) {
        // A long record comes in pieces that belong together.
        std::string whole;
        for (const QByteArray& piece : record.values())
            whole += piece.toStdString();
        records.push_back(std::move(whole));
    }
    return records;
}
