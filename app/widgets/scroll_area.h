// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace widgets {

// Shows `content` at its full width and scrolls it up and down, without a frame or a ground of its own.
QWidget* scrolled(QWidget* content);

} // namespace widgets
