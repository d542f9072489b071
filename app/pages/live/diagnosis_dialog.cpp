// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/diagnosis_dialog.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

#include "app/pages/live/live_words.h"
#include "app/widgets/theme/type.h"

namespace live {

using widgets::Look;
using widgets::Text;

DiagnosisDialog::DiagnosisDialog(QWidget* parent)
    : QDialog(parent), m_verdict(new Text({}, Look::Strong)), m_box(new QWidget)
{
    setWindowTitle(tr("Why is nothing arriving?"));
    setMinimumWidth(560);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 18, 20, 16);
    column->setSpacing(12);
    m_verdict->setWordWrap(true);
    m_verdict->setFont(widgets::sized(font(), 15, QFont::DemiBold));
    column->addWidget(m_verdict);
    m_list = new QVBoxLayout(m_box);
    m_list->setContentsMargins(0, 0, 0, 0);
    m_list->setSpacing(10);
    column->addWidget(m_box);
    column->addStretch();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
}

QString DiagnosisDialog::verdict() const
{
    return m_verdict->text();
}

void DiagnosisDialog::setSteps(const QList<DiagnosisStep>& steps, bool complete)
{
    qDeleteAll(m_box->findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
    for (const DiagnosisStep& step : steps) {
        const bool ok = step.state == QLatin1String("ok");
        const bool failed = step.state == QLatin1String("failed");
        auto* line = new QWidget;
        auto* row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(10);
        auto* mark = new Text(ok       ? QStringLiteral("\u2713")
                              : failed ? QStringLiteral("\u2717")
                                       : QStringLiteral("!"),
                              ok       ? Look::Good
                              : failed ? Look::Alert
                                       : Look::Normal);
        mark->setFixedWidth(18);
        mark->setAlignment(Qt::AlignTop | Qt::AlignHCenter);
        row->addWidget(mark);
        auto* words = new QVBoxLayout;
        words->setSpacing(1);
        words->addWidget(new Text(Words::diagnosisTitle(step.code), Look::Strong));
        QString text = Words::diagnosisText(step.code, step.state);
        if (!step.detail.isEmpty())
            text += (text.isEmpty() ? QString() : QStringLiteral(" ")) + QLatin1Char('(') +
                    Words::safe(step.detail.toStdString()) + QLatin1Char(')');
        auto* explanation = new Text(text, Look::Quiet);
        explanation->setWordWrap(true);
        words->addWidget(explanation);
        row->addLayout(words, 1);
        m_list->addWidget(line);
    }
    const auto cause = std::find_if(steps.cbegin(), steps.cend(),
                                    [](const DiagnosisStep& s) { return s.state == QLatin1String("failed"); });
    const auto doubt = std::find_if(steps.cbegin(), steps.cend(),
                                    [](const DiagnosisStep& s) { return s.state == QLatin1String("warning"); });
    if (cause != steps.cend())
        m_verdict->setText(tr("The cause: %1").arg(Words::diagnosisText(cause->code, cause->state)));
    else if (doubt != steps.cend())
        m_verdict->setText(tr("Most likely: %1").arg(Words::diagnosisText(doubt->code, doubt->state)));
    else
        m_verdict->setText(complete ? tr("Nothing is wrong: no click has come lately.") : tr("Looking…"));
}

} // namespace live
