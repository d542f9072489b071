// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>

#include "backend/links/linter.h"
#include "backend/links/rehearsal.h"
#include "backend/links/simulator.h"

// What simulator, linter and rehearsal found, as JSON.
namespace api {

// `unsaved`: the link that is a draft and has no id yet.
QJsonObject jsonOf(const links::Explanation& explanation, protocol::LinkId unsaved);
QJsonObject jsonOf(const links::Finding& finding);
QJsonObject jsonOf(const links::Rehearsal& rehearsal);

} // namespace api
