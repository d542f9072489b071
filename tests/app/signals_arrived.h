// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QVariant>

#include <type_traits>

// A signal's arguments, each time it came; like QSignalSpy, for a sender on another thread. QSignalSpy grows its list
// there while the test reads it; this one grows on the thread it was made on, by queued signals, in their order.
class SignalsArrived : public QList<QList<QVariant>> {
public:
    template <typename Sender, typename... Arguments>
    SignalsArrived(const Sender* sender, void (Sender::*signal)(Arguments...))
    {
        QObject::connect(sender, signal, &m_here, [this](const std::decay_t<Arguments>&... arguments) {
            append(QList<QVariant>{QVariant::fromValue(arguments)...});
        });
    }

private:
    QObject m_here;
};
