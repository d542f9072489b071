// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/connection/connection.h"
#include "app/state/live_state.h"

namespace shell {

// Joins a connection to the state it feeds: facts one way, credit the other. Across threads each is one queued call.
inline void wireLive(connection::Connection& from, state::LiveState& to)
{
    using connection::Connection;
    using state::LiveState;
    QObject::connect(&from, &Connection::statusChanged, &to, &LiveState::applyConnection);
    QObject::connect(&from, &Connection::helloArrived, &to, &LiveState::applyHello);
    QObject::connect(&from, &Connection::subscribed, &to, &LiveState::applySubscribed);
    QObject::connect(&from, &Connection::frameArrived, &to, &LiveState::applyFrame);
    QObject::connect(&from, &Connection::gapChanged, &to, &LiveState::applyGap);
    QObject::connect(&from, &Connection::fetchedArrived, &to, &LiveState::applyFetched);
    QObject::connect(&from, &Connection::sessionStatusArrived, &to, &LiveState::applyStatus);
    QObject::connect(&from, &Connection::clockMeasured, &to, &LiveState::applyClock);
    QObject::connect(&from, &Connection::windowArrived, &to, &LiveState::applyWindow);
    QObject::connect(&from, &Connection::watermarkArrived, &to, &LiveState::applyWatermark);
    QObject::connect(&from, &Connection::editArrived, &to, &LiveState::applyEdit);
    QObject::connect(&from, &Connection::byeArrived, &to, &LiveState::applyBye);
    QObject::connect(&from, &Connection::violation, &to, &LiveState::applyViolation);
    QObject::connect(&from, &Connection::startedOver, &to, &LiveState::startOver);
    // Direct: both may be called from any thread, and post to their own.
    QObject::connect(&to, &LiveState::applied, &from, &Connection::grantFrames, Qt::DirectConnection);
    QObject::connect(&to, &LiveState::fetchedApplied, &from, &Connection::continueFetching, Qt::DirectConnection);
}

} // namespace shell
