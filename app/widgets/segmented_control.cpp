// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/segmented_control.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QToolButton>

#include "app/widgets/theme/type.h"

namespace widgets {

SegmentedControl::SegmentedControl(const QString& accessibleName, const QStringList& segments, QWidget* parent)
    : QWidget(parent), m_group(new QButtonGroup(this))
{
    setAccessibleName(accessibleName);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    m_group->setExclusive(true);
    for (int i = 0; i < segments.size(); ++i) {
        auto* button = new QToolButton(this);
        button->setText(segments[i]);
        button->setAccessibleName(accessibleName + QStringLiteral(": ") + segments[i]);
        button->setCheckable(true);
        button->setChecked(i == 0);
        const char* place = segments.size() == 1       ? "only"
                            : i == 0                   ? "first"
                            : i == segments.size() - 1 ? "last"
                                                       : "middle";
        button->setProperty("segment", QString::fromLatin1(place));
        m_group->addButton(button, i);
        row->addWidget(button);
    }
    connect(m_group, &QButtonGroup::idClicked, this, &SegmentedControl::chosen);
}

int SegmentedControl::current() const
{
    return m_group->checkedId();
}

void SegmentedControl::setCurrent(int segment)
{
    if (auto* button = m_group->button(segment))
        button->setChecked(true);
}

void SegmentedControl::setSegmentToolTip(int segment, const QString& text)
{
    if (auto* button = m_group->button(segment))
        button->setToolTip(plainToolTip(text));
}

} // namespace widgets
