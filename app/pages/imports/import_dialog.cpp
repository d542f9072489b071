// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/imports/import_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include "app/pages/imports/import_words.h"
#include "app/widgets/theme/type.h"
#include "backend/protocol/limits.h"

namespace imports {

using widgets::Look;
using widgets::Text;

namespace {

constexpr int rowHeight = 25;
constexpr int promille = 1000;
enum Column { RowNumber, Link, Said, columnCount };

} // namespace

ImportDialog::ImportDialog(QWidget* parent)
    : QDialog(parent), m_path(new QLineEdit), m_format(new QComboBox), m_domain(new QLineEdit),
      m_keepClicks(new QCheckBox(tr("Keep the clicks so far as a line of the notes"))), m_verdict(new Text),
      m_rows(new QTableWidget(0, columnCount)), m_progress(new QProgressBar), m_choose(new QPushButton(tr("Choose…"))),
      m_import(new QPushButton(tr("Import"))), m_close(new QPushButton(tr("Cancel")))
{
    setWindowTitle(tr("Import links"));
    resize(760, 560);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 22, 24, 18);
    column->setSpacing(14);
    auto* heading = new Text(tr("Import links"), Look::Strong);
    heading->setFont(widgets::sized(font(), 17, QFont::DemiBold));
    column->addWidget(heading);
    auto* hint =
        new Text(tr("An export file of Bitly, Shlink, YOURLS or Dub, or a CSV file with the columns domain, slug "
                    "and destination. It is checked first; all links are then made at once, or none."),
                 Look::Quiet);
    hint->setWordWrap(true);
    column->addWidget(hint);
    buildFields(column);
    m_verdict->setWordWrap(true);
    m_verdict->setAlignment(Qt::AlignTop);
    // Room for two lines, so that the table does not jump.
    m_verdict->setMinimumHeight(2 * m_verdict->fontMetrics().lineSpacing());
    column->addWidget(m_verdict);
    buildTable(column);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    column->addWidget(m_progress);
    buildButtons(column);
    show(Step::Choosing);
}

void ImportDialog::buildFields(QVBoxLayout* column)
{
    auto* form = new QFormLayout;
    form->setSpacing(10);
    auto* fileRow = new QHBoxLayout;
    fileRow->setSpacing(8);
    m_path->setReadOnly(true);
    m_path->setAccessibleName(tr("File"));
    m_path->setPlaceholderText(tr("no file chosen"));
    m_choose->setAutoDefault(false);
    fileRow->addWidget(m_path, 1);
    fileRow->addWidget(m_choose);
    form->addRow(new Text(tr("File")), fileRow);
    m_format->addItem(tr("Told by the file"), QString());
    for (const char* format : {"bitly", "shlink", "yourls", "dub", "csv"})
        m_format->addItem(formatName(QLatin1StringView(format)), QString::fromLatin1(format));
    m_format->setAccessibleName(tr("Format"));
    form->addRow(new Text(tr("Format")), m_format);
    m_domain->setMaxLength(static_cast<int>(protocol::limits::domainBytes));
    m_domain->setPlaceholderText(tr("for rows whose domain is none of ours"));
    m_domain->setAccessibleName(tr("Domain"));
    form->addRow(new Text(tr("Domain")), m_domain);
    form->addRow(new Text, m_keepClicks);
    column->addLayout(form);
    connect(m_choose, &QPushButton::clicked, this, &ImportDialog::chooseFile);
    connect(m_format, &QComboBox::activated, this, &ImportDialog::check);
    connect(m_domain, &QLineEdit::editingFinished, this, [this] {
        if (m_domain->isModified()) {
            m_domain->setModified(false);
            check();
        }
    });
}

void ImportDialog::buildTable(QVBoxLayout* column)
{
    m_rows->setHorizontalHeaderLabels({tr("Row"), tr("Link"), tr("What about it")});
    m_rows->horizontalHeader()->setSectionResizeMode(Link, QHeaderView::Interactive);
    m_rows->horizontalHeader()->resizeSection(RowNumber, 80);
    m_rows->horizontalHeader()->resizeSection(Link, 280);
    m_rows->horizontalHeader()->setStretchLastSection(true);
    m_rows->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_rows->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_rows->verticalHeader()->hide();
    m_rows->setShowGrid(false);
    m_rows->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_rows->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_rows->setAccessibleName(tr("Rows that are refused or skipped"));
    column->addWidget(m_rows, 1);
}

void ImportDialog::buildButtons(QVBoxLayout* column)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addStretch();
    row->addWidget(m_close);
    row->addWidget(m_import);
    column->addLayout(row);
    m_close->setAutoDefault(false);
    m_import->setDefault(true);
    connect(m_close, &QPushButton::clicked, this, &ImportDialog::reject);
    connect(m_import, &QPushButton::clicked, this, &ImportDialog::startImport);
}

void ImportDialog::chooseFile()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("File to import"), {},
                                                      tr("Export files (*.csv *.tsv *.txt *.sql);;All files (*)"));
    if (!path.isEmpty())
        setFile(path);
}

void ImportDialog::setFile(const QString& path)
{
    m_path->setText(QDir::toNativeSeparators(path));
    m_file.clear();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return setProblem({}, {}, file.errorString());
    if (file.size() > state::ImportRequest::fileBytesMax)
        return setProblem(QStringLiteral("too_large"), {}, {});
    m_file = file.read(state::ImportRequest::fileBytesMax + 1);
    if (m_file.isEmpty())
        return setProblem(QStringLiteral("empty"), {}, {});
    check();
}

void ImportDialog::check()
{
    if (!m_file.isEmpty() && !isBusy())
        send(true);
}

void ImportDialog::startImport()
{
    if (canImport())
        send(false);
}

void ImportDialog::send(bool dryRun)
{
    state::ImportRequest request;
    request.file = m_file;
    request.format = m_format->currentData().toString();
    request.domain = m_domain->text().trimmed().toLower();
    request.keepClicks = m_keepClicks->isChecked();
    request.dryRun = dryRun;
    m_verdict->setLook(Look::Quiet);
    m_verdict->setText(dryRun ? tr("Checking…") : tr("Importing…"));
    m_progress->setRange(0, 0);
    show(dryRun ? Step::Checking : Step::Importing);
    emit requested(request);
}

void ImportDialog::setUploaded(qint64 bytes, qint64 all)
{
    // Sent whole, it is the backend's turn, which tells nothing on the way.
    if (all <= 0 || bytes >= all)
        return m_progress->setRange(0, 0);
    m_progress->setRange(0, promille);
    m_progress->setValue(static_cast<int>(bytes * promille / all));
}

void ImportDialog::setAnswer(const state::ImportAnswer& answer)
{
    m_wouldMake = answer.dryRun ? answer.made : 0;
    m_verdict->setLook(answer.dryRun ? Look::Normal : Look::Good);
    m_verdict->setText((answer.dryRun ? QString() : QStringLiteral("✓ ")) + summary(answer));
    fillTable(answer.said);
    show(answer.dryRun ? Step::Checked : Step::Done);
}

void ImportDialog::setProblem(const QString& code, const QString& field, const QString& detail)
{
    m_wouldMake = 0;
    m_verdict->setLook(Look::Alert);
    m_verdict->setText(fileProblemWords(code, field, detail));
    fillTable({});
    show(Step::Checked);
}

void ImportDialog::fillTable(const QList<state::ImportRow>& rows)
{
    const auto count = std::min(rows.size(), state::ImportAnswer::rowsMax);
    m_rows->setRowCount(static_cast<int>(count));
    for (int i = 0; i < count; ++i) {
        const state::ImportRow& row = rows[i];
        m_rows->setItem(i, RowNumber, new QTableWidgetItem(widgets::figure(row.row)));
        m_rows->setItem(i, Link, new QTableWidgetItem(placeOf(row)));
        m_rows->setItem(
            i, Said, new QTableWidgetItem((row.problem.isEmpty() ? QString() : QStringLiteral("✗ ")) + rowWords(row)));
    }
}

void ImportDialog::show(Step step)
{
    m_step = step;
    m_progress->setVisible(isBusy());
    for (QWidget* field : {static_cast<QWidget*>(m_choose), static_cast<QWidget*>(m_format),
                           static_cast<QWidget*>(m_domain), static_cast<QWidget*>(m_keepClicks)})
        field->setEnabled(!isBusy() && step != Step::Done);
    m_import->setEnabled(canImport());
    m_import->setVisible(step != Step::Done);
    m_import->setText(m_wouldMake > 0 ? tr("Import %1 links").arg(widgets::figure(m_wouldMake)) : tr("Import"));
    m_close->setText(step == Step::Done ? tr("Close") : tr("Cancel"));
}

QString ImportDialog::verdict() const
{
    return m_verdict->text();
}

bool ImportDialog::canImport() const
{
    return m_step == Step::Checked && m_wouldMake > 0;
}

// While the backend works, the first press stops that; the dialog stays to say what became of it.
void ImportDialog::reject()
{
    if (!isBusy())
        return QDialog::reject();
    emit cancelled();
    setProblem(QStringLiteral("cancelled"), {}, {});
}

} // namespace imports
