// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/top_bar.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QKeySequence>
#include <QMenu>
#include <QPainter>
#include <QPushButton>

#include "app/widgets/theme/theme.h"
#include "app/widgets/theme/type.h"

namespace shell {

using widgets::Theme;

namespace {

// click●room, the dot in the colour of a scan.
class Wordmark : public QWidget {
public:
    Wordmark()
    {
        setAccessibleName(QStringLiteral("Clickroom"));
        setFont(widgets::sized(font(), 16, QFont::Bold));
        const QFontMetrics metrics(font());
        setFixedSize(metrics.horizontalAdvance(QStringLiteral("clickroom")) + dot + 6, 44);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = widgets::themeOf(palette());
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(theme.text);
        const QString first = QStringLiteral("click");
        const int width = fontMetrics().horizontalAdvance(first);
        painter.drawText(QRect(0, 0, width + 2, height()), Qt::AlignVCenter, first);
        painter.drawText(QRect(width + dot + 3, 0, 100, height()), Qt::AlignVCenter, QStringLiteral("room"));
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.dark ? theme.qr : theme.rampHigh);
        painter.drawEllipse(QRectF(width + 1.5, height() / 2.0 - dot / 2.0 + 1.5, dot, dot));
    }

private:
    static constexpr int dot = 10;
};

} // namespace

// A page's name; the one that is open is underlined.
class PageTab : public QAbstractButton {
public:
    explicit PageTab(const QString& name)
    {
        setText(name);
        setAccessibleName(name);
        setCheckable(true);
        setCursor(Qt::PointingHandCursor);
        setFont(widgets::sized(font(), widgets::basePixels, QFont::DemiBold));
        setFixedSize(fontMetrics().horizontalAdvance(name) + 4, 44);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = widgets::themeOf(palette());
        QPainter painter(this);
        painter.setPen(isChecked() || underMouse() || hasFocus() ? theme.text : theme.quiet);
        painter.drawText(rect(), Qt::AlignCenter, text());
        if (isChecked())
            painter.fillRect(0, height() - 2, width(), 2, theme.link);
        else if (hasFocus())
            painter.fillRect(0, height() - 2, width(), 2, theme.line);
    }
};

TopBar::TopBar(QWidget* parent)
    : QWidget(parent), m_pages(new QHBoxLayout), m_workspace(new widgets::Text({}, widgets::Look::Quiet)),
      m_connection(new QPushButton), m_menu(new QMenu(this))
{
    setProperty("frame", QStringLiteral("bar"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(46);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 16, 1);
    row->setSpacing(10);
    row->addWidget(new Wordmark);
    row->addSpacing(14);
    m_pages->setSpacing(18);
    row->addLayout(m_pages);
    row->addStretch();
    row->addWidget(m_workspace);
    row->addSpacing(6);
    m_connection->setProperty("look", QStringLiteral("pill"));
    m_connection->setToolTip(widgets::plainToolTip(tr("Connect to another backend")));
    row->addWidget(m_connection);
    auto* palette = new QPushButton(QKeySequence(Qt::CTRL | Qt::Key_K).toString(QKeySequence::NativeText));
    palette->setProperty("look", QStringLiteral("pill"));
    palette->setAccessibleName(tr("Commands"));
    palette->setToolTip(widgets::plainToolTip(tr("Every command, by name")));
    row->addWidget(palette);
    auto* view = new QPushButton(QStringLiteral("\u22EF"));
    view->setProperty("look", QStringLiteral("pill"));
    view->setAccessibleName(tr("View"));
    view->setMenu(m_menu);
    row->addWidget(view);
    connect(m_connection, &QPushButton::clicked, this, &TopBar::connectRequested);
    connect(palette, &QPushButton::clicked, this, &TopBar::paletteRequested);
    setConnection({}, {});
}

void TopBar::addPage(const QString& name, const QString& key)
{
    auto* tab = new PageTab(name);
    tab->setToolTip(widgets::plainToolTip(tr("%1 (%2)", "page and key").arg(name, key)));
    const int page = static_cast<int>(m_tabs.size());
    m_tabs.append(tab);
    m_pages->addWidget(tab);
    connect(tab, &QAbstractButton::clicked, this, [this, page] { emit pageChosen(page); });
    tab->setChecked(page == 0);
}

void TopBar::setPage(int page)
{
    for (qsizetype i = 0; i < m_tabs.size(); ++i)
        m_tabs[i]->setChecked(i == page);
}

void TopBar::setWorkspace(const QString& name, const QString& role)
{
    m_workspace->setText(role.isEmpty() ? name : tr("%1 · %2", "workspace and role").arg(name, role));
}

QString TopBar::connectionText() const
{
    return m_connection->text();
}

void TopBar::setConnection(const state::ConnectionStatus& status, std::optional<std::int64_t> roundTripMs)
{
    QString words;
    widgets::Ink ink = &Theme::quiet;
    switch (status.phase) {
    case state::Phase::Live:
        words = !roundTripMs       ? tr("Live")
                : *roundTripMs < 1 ? tr("Live · under 1 ms")
                                   : tr("Live · %1 ms").arg(*roundTripMs);
        ink = &Theme::good;
        break;
    case state::Phase::Resuming:
        words = tr("Resuming");
        ink = &Theme::good;
        break;
    case state::Phase::Connecting:
    case state::Phase::Authenticating:
        words = tr("Connecting");
        break;
    case state::Phase::Offline:
        words = tr("Offline");
        ink = &Theme::alert;
        break;
    case state::Phase::Disconnected:
        words = status.sinceMs > 0 ? tr("Offline") : tr("Not connected");
        break;
    }
    const QString text = QStringLiteral("\u25CF ") + words;
    if (m_connection->text() == text)
        return;
    m_connection->setText(text);
    m_connection->setAccessibleName(tr("Connection: %1").arg(words));
    const Theme& theme = widgets::themeOf(palette());
    m_connection->setStyleSheet(QStringLiteral("color: %1; border-color: %1;").arg((theme.*ink).name()));
}

} // namespace shell
