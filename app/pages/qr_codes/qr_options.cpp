// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/qr_codes/qr_options.h"

#include <QColorDialog>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QPixmap>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>

#include "app/widgets/segmented_control.h"
#include "app/widgets/theme/type.h"

namespace qr_codes {

using widgets::Look;
using widgets::Text;

namespace {

constexpr int swatchPixels = 14;
constexpr int percent = 100;

QIcon swatch(const QColor& colour, const QColor& edge)
{
    QPixmap picture(swatchPixels, swatchPixels);
    picture.fill(colour);
    QPainter painter(&picture);
    painter.setPen(edge);
    painter.drawRect(0, 0, swatchPixels - 1, swatchPixels - 1);
    return picture;
}

} // namespace

QString correctionWord(qr::Correction correction)
{
    switch (correction) {
    case qr::Correction::Low:
        return QrOptions::tr("L (7 %)");
    case qr::Correction::Medium:
        return QrOptions::tr("M (15 %)");
    case qr::Correction::Quartile:
        return QrOptions::tr("Q (25 %)");
    case qr::Correction::High:
        break;
    }
    return QrOptions::tr("H (30 %)");
}

QString problemWords(const qr::DesignProblem& problem, const qr::QrDesign& design)
{
    const QLocale locale;
    if (problem.code == QLatin1String("contrast"))
        return QrOptions::tr("Too little contrast (%1 : 1, at least %2 : 1): phones would not read it. Choose a darker "
                             "ink or a lighter paper.")
            .arg(locale.toString(qr::contrast(design.foreground, design.background), 'f', 1),
                 locale.toString(qr::contrastMin, 'f', 0));
    if (problem.code == QLatin1String("inverted"))
        return QrOptions::tr("Light ink on dark paper: many readers refuse it. Swap the two.");
    if (problem.code == QLatin1String("transparent"))
        return QrOptions::tr("A see-through colour takes on whatever lies below. Choose a full one.");
    if (problem.code == QLatin1String("too_small"))
        return QrOptions::tr("Too few pixels for a code of this length: each of its squares needs two.");
    if (problem.code == QLatin1String("too_long"))
        return QrOptions::tr("The address is too long for a code that phones read (at most %1 bytes).")
            .arg(qr::textBytesMax);
    if (problem.code == QLatin1String("empty"))
        return QrOptions::tr("Choose a link.");
    return problem.isSet() ? QrOptions::tr("Not possible: %1").arg(problem.field) : QString();
}

QrOptions::QrOptions(QWidget* parent)
    : QWidget(parent),
      m_correction(new widgets::SegmentedControl(tr("Error correction"), {tr("L"), tr("M"), tr("Q"), tr("H")})),
      m_millimetres(new QDoubleSpinBox), m_pixels(new QSpinBox), m_quiet(new QSpinBox), m_ink(new QPushButton),
      m_paper(new QPushButton), m_logo(new QSlider(Qt::Horizontal)), m_logoWords(new Text({}, Look::Quiet))
{
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setSpacing(10);
    for (int level = 0; level < 4; ++level)
        m_correction->setSegmentToolTip(level, correctionWord(static_cast<qr::Correction>(level)));
    form->addRow(new Text(tr("Error correction")), m_correction);
    m_millimetres->setRange(qr::millimetresMin, qr::millimetresMax);
    m_millimetres->setDecimals(1);
    m_millimetres->setSuffix(tr(" mm"));
    m_millimetres->setAccessibleName(tr("Size on paper"));
    form->addRow(new Text(tr("Size on paper")), m_millimetres);
    m_pixels->setRange(qr::pixelsMin, qr::pixelsMax);
    m_pixels->setSingleStep(64);
    m_pixels->setSuffix(tr(" px"));
    m_pixels->setAccessibleName(tr("Size of the image"));
    form->addRow(new Text(tr("Size of the image")), m_pixels);
    m_quiet->setRange(qr::quietModulesMin, qr::quietModulesMax);
    m_quiet->setSuffix(tr(" squares"));
    m_quiet->setAccessibleName(tr("Quiet zone"));
    form->addRow(new Text(tr("Quiet zone")), m_quiet);
    addColours(form);
    addLogo(form);
    setDesign(m_design);
    connect(m_correction, &widgets::SegmentedControl::chosen, this, &QrOptions::changed);
    connect(m_millimetres, &QDoubleSpinBox::valueChanged, this, &QrOptions::changed);
    connect(m_pixels, &QSpinBox::valueChanged, this, &QrOptions::changed);
    connect(m_quiet, &QSpinBox::valueChanged, this, &QrOptions::changed);
    connect(m_logo, &QSlider::valueChanged, this, [this] {
        show();
        emit changed();
    });
}

void QrOptions::addColours(QFormLayout* form)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_ink);
    row->addWidget(m_paper);
    row->addStretch();
    form->addRow(new Text(tr("Colours")), row);
    connect(m_ink, &QPushButton::clicked, this, [this] { choose(m_design.foreground, tr("Ink")); });
    connect(m_paper, &QPushButton::clicked, this, [this] { choose(m_design.background, tr("Paper")); });
}

void QrOptions::addLogo(QFormLayout* form)
{
    m_logo->setRange(0, qRound(qr::logoShareMax * percent));
    m_logo->setAccessibleName(tr("Room for a logo"));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_logo, 1);
    m_logoWords->setFixedWidth(m_logoWords->fontMetrics().horizontalAdvance(tr("none") + QStringLiteral("00 %")));
    row->addWidget(m_logoWords);
    form->addRow(new Text(tr("Room for a logo")), row);
}

qr::QrDesign QrOptions::design() const
{
    qr::QrDesign design = m_design;
    design.correction = static_cast<qr::Correction>(m_correction->current());
    design.millimetres = m_millimetres->value();
    design.pixels = m_pixels->value();
    design.quietModules = m_quiet->value();
    design.logoShare = static_cast<double>(m_logo->value()) / percent;
    return design;
}

void QrOptions::setDesign(const qr::QrDesign& design)
{
    {
        const QSignalBlocker quiet(this);
        m_design = design;
        m_correction->setCurrent(static_cast<int>(design.correction));
        m_millimetres->setValue(design.millimetres);
        m_pixels->setValue(design.pixels);
        m_quiet->setValue(design.quietModules);
        m_logo->setValue(qRound(design.logoShare * percent));
        show();
    }
    emit changed();
}

int QrOptions::nameWidth() const
{
    int width = 0;
    for (const Text* name : findChildren<Text*>(Qt::FindDirectChildrenOnly))
        if (name != m_logoWords)
            width = std::max(width, name->sizeHint().width());
    return width;
}

void QrOptions::choose(QColor& colour, const QString& title)
{
    const QColor chosen = QColorDialog::getColor(colour, this, title);
    if (!chosen.isValid())
        return;
    colour = chosen;
    show();
    emit changed();
}

void QrOptions::show()
{
    const QColor edge = palette().color(QPalette::Mid);
    m_ink->setIcon(swatch(m_design.foreground, edge));
    m_ink->setText(tr(" Ink %1").arg(m_design.foreground.name()));
    m_paper->setIcon(swatch(m_design.background, edge));
    m_paper->setText(tr(" Paper %1").arg(m_design.background.name()));
    m_logoWords->setText(m_logo->value() == 0 ? tr("none") : tr("%1 %").arg(m_logo->value()));
}

} // namespace qr_codes
