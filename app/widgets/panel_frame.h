// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QHBoxLayout;
class QWidget;

namespace widgets {

class Text;

// The frame that panels share, whether they dock or stay: a header's look with title and quiet sub-title, to whose
// right more may be added; and a body around the content.
QHBoxLayout* framePanelHeader(QWidget* header, Text* title, Text* subtitle);
QWidget* panelBody(QWidget* content);

} // namespace widgets
