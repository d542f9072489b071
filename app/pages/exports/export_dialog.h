// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "app/state/table_source.h"
#include "app/widgets/picture_offer.h"

class QCheckBox;
class QComboBox;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace widgets {
class Text;
}

namespace exports {

// What was chosen; kept for the next time.
struct ExportChoice {
    QString what;   // an offer's file name
    QString format; // csv, jsonl, xlsx; png, svg, pdf
    bool allColumns = false;
    bool byteOrderMark = false;
    QString folder;
};

struct Offers {
    QList<state::TableOffer> tables;
    QList<widgets::PictureOffer> pictures;
};

// Asks what to export and how, says how far it is, and ends. What is to be written it tells by requested(); answers
// come by the functions below.
class ExportDialog : public QDialog {
    Q_OBJECT

public:
    // `what`: the offer that stands there first; empty = as last time.
    ExportDialog(Offers offers, const ExportChoice& last, const QString& what, QWidget* parent = nullptr);

    ExportChoice choice() const;
    void setProgress(quint64 rows, quint64 of);
    void setDone();
    void setFailed(const QString& why);
    bool isBusy() const { return m_busy; }
    // Exports what is chosen to a file that was chosen otherwise.
    void exportTo(const QString& path);

public slots:
    void reject() override;

signals:
    void tableRequested(const state::TableOffer& offer, const exports::ExportChoice& choice, const QString& path);
    void pictureRequested(const widgets::PictureOffer& offer, const exports::ExportChoice& choice, const QString& path);
    void cancelled();

private:
    void buildFields(QVBoxLayout* column, const ExportChoice& last, const QString& what);
    void showFormats();
    void showOptions();
    void pickFile();
    void setBusy(bool busy);
    bool isTable() const;

    Offers m_offers;
    ExportChoice m_last;
    bool m_busy = false;
    QComboBox* m_what;
    QComboBox* m_format;
    QComboBox* m_columns;
    QCheckBox* m_bom;
    widgets::Text* m_verdict;
    QProgressBar* m_progress;
    QPushButton* m_export;
    QPushButton* m_close;
};

} // namespace exports

Q_DECLARE_METATYPE(exports::ExportChoice)
