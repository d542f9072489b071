// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/exports/export_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

#include "app/widgets/theme/type.h"

namespace exports {

using widgets::Look;
using widgets::Text;

namespace {

constexpr int promille = 1000;

void chooseData(QComboBox* box, const QVariant& data)
{
    box->setCurrentIndex(std::max(box->findData(data), 0));
}

} // namespace

ExportDialog::ExportDialog(Offers offers, const ExportChoice& last, const QString& what, QWidget* parent)
    : QDialog(parent), m_offers(std::move(offers)), m_last(last), m_what(new QComboBox), m_format(new QComboBox),
      m_columns(new QComboBox), m_bom(new QCheckBox(tr("Mark the file as UTF-8 (for spreadsheets)"))),
      m_verdict(new Text), m_progress(new QProgressBar), m_export(new QPushButton(tr("Export…"))),
      m_close(new QPushButton(tr("Cancel")))
{
    setWindowTitle(tr("Export"));
    resize(520, 340);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 22, 24, 18);
    column->setSpacing(14);
    auto* heading = new Text(tr("Export"), Look::Strong);
    heading->setFont(widgets::sized(font(), 17, QFont::DemiBold));
    column->addWidget(heading);
    auto* hint = new Text(tr("Beside the file stands another, ending in .json, that says where its figures come from."),
                          Look::Quiet);
    hint->setWordWrap(true);
    column->addWidget(hint);
    buildFields(column, last, what);
    m_verdict->setWordWrap(true);
    column->addWidget(m_verdict);
    column->addStretch(1);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    m_progress->setRange(0, promille);
    column->addWidget(m_progress);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_close);
    buttons->addWidget(m_export);
    m_export->setDefault(true);
    column->addLayout(buttons);
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::pickFile);
    connect(m_close, &QPushButton::clicked, this, &ExportDialog::reject);
    setBusy(false);
}

void ExportDialog::buildFields(QVBoxLayout* column, const ExportChoice& last, const QString& what)
{
    for (const state::TableOffer& offer : m_offers.tables)
        m_what->addItem(tr("Table: %1").arg(offer.title), offer.fileName);
    for (const widgets::PictureOffer& offer : m_offers.pictures)
        m_what->addItem(tr("Picture: %1").arg(offer.title), QString(QLatin1Char('/') + offer.fileName));
    m_columns->addItem(tr("As shown"), false);
    m_columns->addItem(tr("All"), true);
    auto* form = new QFormLayout;
    form->setSpacing(10);
    const auto add = [form](const QString& name, QComboBox* box) {
        box->setAccessibleName(name);
        form->addRow(new Text(name), box);
    };
    add(tr("What"), m_what);
    add(tr("Format"), m_format);
    add(tr("Columns"), m_columns);
    form->addRow(new Text, m_bom);
    column->addLayout(form);
    chooseData(m_what, what.isEmpty() ? last.what : what);
    chooseData(m_columns, last.allColumns);
    m_bom->setChecked(last.byteOrderMark);
    showFormats();
    connect(m_what, &QComboBox::currentIndexChanged, this, &ExportDialog::showFormats);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::showOptions);
}

bool ExportDialog::isTable() const
{
    return m_what->currentIndex() < m_offers.tables.size();
}

void ExportDialog::showFormats()
{
    const QSignalBlocker quiet(m_format);
    const QString before = m_format->count() > 0 ? m_format->currentData().toString() : m_last.format;
    m_format->clear();
    if (isTable()) {
        m_format->addItem(tr("CSV"), QStringLiteral("csv"));
        m_format->addItem(tr("JSON Lines"), QStringLiteral("jsonl"));
        m_format->addItem(tr("Excel workbook (XLSX)"), QStringLiteral("xlsx"));
    } else {
        m_format->addItem(tr("PNG"), QStringLiteral("png"));
        m_format->addItem(tr("SVG"), QStringLiteral("svg"));
        m_format->addItem(tr("PDF"), QStringLiteral("pdf"));
    }
    chooseData(m_format, before);
    showOptions();
}

void ExportDialog::showOptions()
{
    m_columns->setEnabled(isTable() && !m_busy);
    m_bom->setEnabled(m_format->currentData() == QLatin1String("csv") && !m_busy);
}

ExportChoice ExportDialog::choice() const
{
    ExportChoice choice = m_last;
    choice.what = m_what->currentData().toString();
    choice.format = m_format->currentData().toString();
    choice.allColumns = m_columns->currentData().toBool();
    choice.byteOrderMark = m_bom->isChecked();
    return choice;
}

void ExportDialog::pickFile()
{
    const QString ending = m_format->currentData().toString();
    const QString name = m_what->currentData().toString().remove(QLatin1Char('/')) + QLatin1Char('.') + ending;
    const QString path = QFileDialog::getSaveFileName(this, tr("Export"), QDir(m_last.folder).filePath(name),
                                                      m_format->currentText() + QStringLiteral(" (*.%1)").arg(ending));
    if (!path.isEmpty())
        exportTo(path);
}

void ExportDialog::exportTo(const QString& path)
{
    m_last.folder = QFileInfo(path).absolutePath();
    setBusy(true);
    m_verdict->setLook(Look::Normal);
    m_verdict->setText(tr("Writing…"));
    const qsizetype at = m_what->currentIndex();
    if (isTable())
        emit tableRequested(m_offers.tables[at], choice(), path);
    else
        emit pictureRequested(m_offers.pictures[at - m_offers.tables.size()], choice(), path);
}

void ExportDialog::setBusy(bool busy)
{
    m_busy = busy;
    for (QWidget* widget :
         {static_cast<QWidget*>(m_what), static_cast<QWidget*>(m_format), static_cast<QWidget*>(m_export)})
        widget->setEnabled(!busy);
    m_progress->setVisible(busy);
    m_progress->setValue(0);
    showOptions();
}

void ExportDialog::setProgress(quint64 rows, quint64 of)
{
    m_progress->setValue(of == 0 ? promille : static_cast<int>(rows * promille / of));
    m_verdict->setText(tr("%1 of %2 rows").arg(widgets::figure(rows), widgets::figure(of)));
}

void ExportDialog::setDone()
{
    setBusy(false);
    accept();
}

void ExportDialog::setFailed(const QString& why)
{
    setBusy(false);
    m_verdict->setLook(Look::Alert);
    m_verdict->setText(tr("The file could not be written: %1").arg(why));
}

void ExportDialog::reject()
{
    if (!m_busy)
        return QDialog::reject();
    emit cancelled();
    setBusy(false);
    m_verdict->setText(tr("Cancelled; nothing was left behind."));
}

} // namespace exports
