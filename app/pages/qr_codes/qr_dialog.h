// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QStringList>

#include "app/pages/qr_codes/qr_files.h"
#include "app/qr/qr_code.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace widgets {
class Text;
}

namespace qr_codes {

class QrOptions;

// Makes the QR codes of one link, one for each placement, and shows what a reader gets out of them before anything is
// saved or copied.
class QrDialog : public QDialog {
    Q_OBJECT

public:
    // `links`: addresses to choose from, "go.acme.example/spring".
    explicit QrDialog(const QStringList& links, QWidget* parent = nullptr);

    void setLink(const QString& address);
    void setPlacements(const QStringList& placements);
    QrOptions& options() { return *m_options; }

    // What the code of the placement shown holds; empty where no link is chosen.
    QString scanAddress() const;
    // The line below the preview.
    QString verdict() const;
    // One file for each placement; empty = done, else what went wrong.
    QString saveAll(const QString& folder, FileKind kind) const;
    bool canSave() const { return m_sound; }

private:
    void buildForm(QVBoxLayout* column);
    void buildPreview(QVBoxLayout* column);
    QStringList placements() const;
    QString addressOf(const QString& placement) const;
    qr::QrCode codeOf(const QString& placement) const;
    // Empty where every placement's code reads as what it should.
    QString firstProblem() const;
    void offerPlacements();
    void refresh();
    void save(FileKind kind);
    void copyImage();

    QComboBox* m_link;
    QLineEdit* m_placements;
    QrOptions* m_options;
    QComboBox* m_shown;
    QLabel* m_preview;
    widgets::Text* m_verdict;
    widgets::Text* m_detail;
    QList<QPushButton*> m_outputs;
    bool m_sound = false;
};

// Opens the dialog for a link and lets go of it: it deletes itself when it is closed.
void openQrDialog(QWidget* parent, const QString& address, const QStringList& links = {});

} // namespace qr_codes
