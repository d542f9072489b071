// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>

class QVBoxLayout;

namespace widgets {
class Text;
}

namespace live {

// One thing that was looked at. Codes as the API has them; `state` is ok, warning, failed or unknown.
struct DiagnosisStep {
    QString code;
    QString state;
    QString detail;
};

// "Why is nothing arriving?": what was looked at, what was found, and the cause named on top.
class DiagnosisDialog : public QDialog {
    Q_OBJECT

public:
    explicit DiagnosisDialog(QWidget* parent = nullptr);

    // What the console knows itself comes first, what the backend answers is added.
    void setSteps(const QList<DiagnosisStep>& steps, bool complete);
    QString verdict() const;

private:
    widgets::Text* m_verdict;
    QVBoxLayout* m_list;
    QWidget* m_box;
};

} // namespace live
