// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "app/state/imports.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QTableWidget;
class QVBoxLayout;

namespace widgets {
class Text;
}

namespace imports {

// Takes links from a file: chosen, checked by the backend without changing anything, shown row by row, then imported.
// What it wants sent it says by a signal; answers come by the functions below.
class ImportDialog : public QDialog {
    Q_OBJECT

public:
    explicit ImportDialog(QWidget* parent = nullptr);

    // As if it was chosen by hand; checks it at once.
    void setFile(const QString& path);
    void setAnswer(const state::ImportAnswer& answer);
    void setProblem(const QString& code, const QString& field, const QString& detail);
    void setUploaded(qint64 bytes, qint64 all);

    QString verdict() const;
    bool canImport() const;
    bool isBusy() const { return m_step == Step::Checking || m_step == Step::Importing; }
    void startImport();

public slots:
    void reject() override;

signals:
    void requested(const state::ImportRequest& request);
    void cancelled();

private:
    enum class Step { Choosing, Checking, Checked, Importing, Done };

    void buildFields(QVBoxLayout* column);
    void buildTable(QVBoxLayout* column);
    void buildButtons(QVBoxLayout* column);
    void chooseFile();
    void check();
    void send(bool dryRun);
    void fillTable(const QList<state::ImportRow>& rows);
    void show(Step step);

    Step m_step = Step::Choosing;
    QByteArray m_file;
    quint64 m_wouldMake = 0;
    QLineEdit* m_path;
    QComboBox* m_format;
    QLineEdit* m_domain;
    QCheckBox* m_keepClicks;
    widgets::Text* m_verdict;
    QTableWidget* m_rows;
    QProgressBar* m_progress;
    QPushButton* m_choose;
    QPushButton* m_import;
    QPushButton* m_close;
};

} // namespace imports
