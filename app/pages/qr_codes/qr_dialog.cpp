// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/qr_codes/qr_dialog.h"

#include <QClipboard>
#include <QComboBox>
#include <QCompleter>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>

#include "app/pages/qr_codes/qr_options.h"
#include "app/qr/qr_drawing.h"
#include "app/qr/scan_address.h"
#include "app/qr/scan_check.h"
#include "app/widgets/theme/type.h"

namespace qr_codes {

using widgets::Look;
using widgets::Text;

namespace {

constexpr int previewPixels = 320;
constexpr int addressCharsMax = 600;
constexpr int placementCharsMax = 1000;
constexpr qsizetype placementBytesMax = 64; // what a hit keeps of one
constexpr qsizetype placementsMax = 50;
constexpr int verdictLines = 3;
constexpr int detailLines = 2;
constexpr int checkPixels = 800; // large codes and small ones alike; what is saved is drawn by the same code

} // namespace

QrDialog::QrDialog(const QStringList& links, QWidget* parent)
    : QDialog(parent), m_link(new QComboBox), m_placements(new QLineEdit), m_options(new QrOptions),
      m_shown(new QComboBox), m_preview(new QLabel), m_verdict(new Text), m_detail(new Text({}, Look::Quiet))
{
    setWindowTitle(tr("QR codes"));
    auto* halves = new QHBoxLayout(this);
    halves->setContentsMargins(24, 22, 24, 18);
    halves->setSpacing(28);
    auto* form = new QVBoxLayout;
    form->setSpacing(12);
    buildForm(form);
    auto* preview = new QVBoxLayout;
    preview->setSpacing(10);
    buildPreview(preview);
    halves->addLayout(form, 1);
    halves->addLayout(preview);
    m_link->addItems(links);
    m_link->setCurrentIndex(-1);
    connect(m_link, &QComboBox::currentTextChanged, this, &QrDialog::refresh);
    connect(m_placements, &QLineEdit::textChanged, this, &QrDialog::offerPlacements);
    connect(m_options, &QrOptions::changed, this, &QrDialog::refresh);
    connect(m_shown, &QComboBox::currentIndexChanged, this, &QrDialog::refresh);
    offerPlacements();
}

void QrDialog::buildForm(QVBoxLayout* column)
{
    auto* heading = new Text(tr("QR codes of a link"), Look::Strong);
    heading->setFont(widgets::sized(font(), 17, QFont::DemiBold));
    column->addWidget(heading);
    auto* hint = new Text(tr("A code carries its placement, so that two posters can be told apart in every figure. "
                             "Several placements, separated by commas, make one file each."),
                          Look::Quiet);
    hint->setWordWrap(true);
    column->addWidget(hint);
    auto* fields = new QFormLayout;
    fields->setSpacing(10);
    m_link->setEditable(true);
    m_link->setInsertPolicy(QComboBox::NoInsert);
    m_link->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_link->completer()->setFilterMode(Qt::MatchContains);
    m_link->lineEdit()->setMaxLength(addressCharsMax);
    m_link->lineEdit()->setPlaceholderText(tr("go.acme.example/spring"));
    m_link->setAccessibleName(tr("Link"));
    m_placements->setMaxLength(placementCharsMax);
    m_placements->setPlaceholderText(tr("poster-a, poster-b"));
    m_placements->setAccessibleName(tr("Placements"));
    auto* linkName = new Text(tr("Link"));
    linkName->setMinimumWidth(m_options->nameWidth());
    fields->addRow(linkName, m_link);
    fields->addRow(new Text(tr("Placements")), m_placements);
    column->addLayout(fields);
    column->addWidget(m_options);
    column->addStretch();
}

void QrDialog::buildPreview(QVBoxLayout* column)
{
    m_shown->setAccessibleName(tr("Placement shown"));
    column->addWidget(m_shown);
    m_preview->setFixedSize(previewPixels, previewPixels);
    m_preview->setAlignment(Qt::AlignCenter);
    m_preview->setAccessibleName(tr("Preview"));
    column->addWidget(m_preview);
    // Room for what they may say, so that nothing moves while somebody tries colours.
    const int line = m_verdict->fontMetrics().lineSpacing();
    m_verdict->setFixedWidth(previewPixels);
    m_verdict->setWrapAnywhere();
    m_verdict->setMinimumHeight(verdictLines * line);
    m_verdict->setAlignment(Qt::AlignTop);
    column->addWidget(m_verdict);
    m_detail->setFixedWidth(previewPixels);
    m_detail->setWordWrap(true);
    m_detail->setMinimumHeight(detailLines * line);
    m_detail->setAlignment(Qt::AlignTop);
    column->addWidget(m_detail);
    column->addStretch();
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    const auto add = [this, row](const QString& text, auto act) {
        auto* button = new QPushButton(text);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, act);
        row->addWidget(button);
        m_outputs << button;
    };
    add(tr("SVG…"), [this] { save(FileKind::Svg); });
    add(tr("PDF…"), [this] { save(FileKind::Pdf); });
    add(tr("PNG…"), [this] { save(FileKind::Png); });
    add(tr("Copy image"), [this] { copyImage(); });
    column->addLayout(row);
}

void QrDialog::setLink(const QString& address)
{
    m_link->setEditText(address);
}

void QrDialog::setPlacements(const QStringList& placements)
{
    m_placements->setText(placements.join(QStringLiteral(", ")));
}

QStringList QrDialog::placements() const
{
    const QStringList typed = placementsFrom(m_placements->text());
    return typed.isEmpty() ? QStringList{QString()} : typed;
}

QString QrDialog::addressOf(const QString& placement) const
{
    QString address = m_link->currentText().trimmed();
    QString origin;
    // An address with its scheme and port, for a backend that listens somewhere else.
    for (const char* scheme : {"https://", "http://"})
        if (address.startsWith(QLatin1StringView(scheme), Qt::CaseInsensitive)) {
            origin = QLatin1StringView(scheme);
            address.remove(0, origin.size());
        }
    const qsizetype slash = address.indexOf(QLatin1Char('/'));
    const QString host = slash < 0 ? address : address.left(slash);
    if (host.isEmpty())
        return {};
    origin = origin.isEmpty() ? qr::originOf(host) : origin + host;
    return qr::scanAddress(origin, slash < 0 ? QString() : address.mid(slash + 1), placement);
}

qr::QrCode QrDialog::codeOf(const QString& placement) const
{
    qr::QrDesign design = m_options->design();
    design.text = addressOf(placement);
    return qr::QrCode(design);
}

QString QrDialog::scanAddress() const
{
    return addressOf(placements().value(std::max(0, m_shown->currentIndex())));
}

QString QrDialog::verdict() const
{
    return m_verdict->text();
}

QString QrDialog::firstProblem() const
{
    const QStringList all = placements();
    if (all.size() > placementsMax)
        return tr("Too many placements at once: at most %1.").arg(placementsMax);
    for (const QString& placement : all) {
        if (placement.toUtf8().size() > placementBytesMax)
            return tr("A placement may have at most %1 bytes: %2").arg(placementBytesMax).arg(placement);
        const qr::QrCode code = codeOf(placement);
        if (code.problem().isSet())
            return problemWords(code.problem(), code.design());
        qr::QrDesign design = code.design();
        design.pixels = checkPixels;
        const auto reading = qr::scanCheck(qr::imageOf(qr::QrCode(design)));
        if (!reading || reading->text != design.text)
            return tr("This code does not read. Choose a higher correction or less room for the logo.");
    }
    return {};
}

void QrDialog::offerPlacements()
{
    const QStringList all = placements();
    {
        const QSignalBlocker quiet(m_shown);
        const int shown = std::max(0, m_shown->currentIndex());
        m_shown->clear();
        for (const QString& placement : all)
            m_shown->addItem(placement.isEmpty() ? tr("no placement") : placement);
        m_shown->setCurrentIndex(std::min(shown, static_cast<int>(all.size()) - 1));
        m_shown->setVisible(all.size() > 1);
    }
    refresh();
}

void QrDialog::refresh()
{
    const QString problem = firstProblem();
    m_sound = problem.isEmpty();
    for (QPushButton* button : m_outputs)
        button->setEnabled(m_sound);
    if (!m_sound) {
        m_preview->setPixmap({});
        m_verdict->setLook(m_link->currentText().isEmpty() ? Look::Quiet : Look::Alert);
        m_verdict->setText(problem);
        m_detail->setText({});
        return;
    }
    qr::QrDesign design = m_options->design();
    design.text = scanAddress();
    const double ratio = devicePixelRatioF();
    design.pixels = std::max(checkPixels, qRound(previewPixels * ratio));
    const qr::QrCode code(design);
    const QImage drawn = qr::imageOf(code);
    QPixmap picture = QPixmap::fromImage(drawn.scaledToWidth(qRound(previewPixels * ratio), Qt::SmoothTransformation));
    picture.setDevicePixelRatio(ratio);
    m_preview->setPixmap(picture);
    const auto reading = qr::scanCheck(drawn);
    m_verdict->setLook(Look::Good);
    m_verdict->setText(tr("✓ Reads as %1").arg(reading ? reading->text : QString()));
    QString detail = tr("%1 × %1 squares, correction %2.").arg(code.side()).arg(correctionWord(code.correction()));
    if (reading && reading->mended > 0)
        detail += QLatin1Char(' ') + tr("The room for the logo uses up %1 of %2 bytes that can be mended.")
                                         .arg(reading->mended)
                                         .arg(reading->mendable);
    m_detail->setText(detail);
}

QString QrDialog::saveAll(const QString& folder, FileKind kind) const
{
    const QString address = m_link->currentText().trimmed();
    const QString slug =
        address.section(QLatin1Char('/'), 1).isEmpty() ? address : address.section(QLatin1Char('/'), 1);
    for (const QString& placement : placements()) {
        const QString path = QDir(folder).filePath(fileNameOf(slug, placement, kind));
        if (const QString problem = writeCode(codeOf(placement), kind, path); !problem.isEmpty())
            return tr("%1 could not be written: %2").arg(path, problem);
    }
    return {};
}

void QrDialog::save(FileKind kind)
{
    const QStringList all = placements();
    QString problem;
    if (all.size() > 1) {
        const QString folder =
            QFileDialog::getExistingDirectory(this, tr("Folder for %n file(s)", nullptr, int(all.size())));
        problem = folder.isEmpty() ? QString() : saveAll(folder, kind);
    } else {
        const QString slug = m_link->currentText().section(QLatin1Char('/'), 1);
        const QString ending = endingOf(kind);
        QString path = QFileDialog::getSaveFileName(this, tr("Save the QR code"), fileNameOf(slug, all.first(), kind),
                                                    ending.toUpper() + QStringLiteral(" (*.%1)").arg(ending));
        if (!path.isEmpty())
            problem = writeCode(codeOf(all.first()), kind, path);
    }
    if (!problem.isEmpty())
        QMessageBox::warning(this, tr("QR codes"), problem);
}

void QrDialog::copyImage()
{
    QGuiApplication::clipboard()->setImage(
        qr::imageOf(codeOf(placements().value(std::max(0, m_shown->currentIndex())))));
}

void openQrDialog(QWidget* parent, const QString& address, const QStringList& links)
{
    auto* dialog = new QrDialog(links, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setLink(address);
    dialog->show();
}

} // namespace qr_codes
