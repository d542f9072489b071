// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/map/world_map.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLocale>
#include <QOpenGLContext>
#include <QPainter>
#include <QQmlEngine>
#include <QQmlError>
#include <QQuickItem>
#include <QQuickWidget>
#include <QQuickWindow>
#include <QStyleOptionToolButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/widgets/map/choropleth_item.h"
#include "app/widgets/theme/type.h"

namespace widgets {

namespace {

// A button over the map, which is painted again as often as the map: from a picture, unless something of it changed.
class MapButton : public QToolButton {
public:
    using QToolButton::QToolButton;

protected:
    void changeEvent(QEvent* event) override
    {
        m_picture = {};
        QToolButton::changeEvent(event);
    }
    void paintEvent(QPaintEvent*) override
    {
        QStyleOptionToolButton option;
        initStyleOption(&option);
        if (m_picture.size() != size() * devicePixelRatio() || option.state != m_state) {
            m_picture = QPixmap(size() * devicePixelRatio());
            m_picture.setDevicePixelRatio(devicePixelRatio());
            m_picture.fill(Qt::transparent);
            m_state = option.state;
            QPainter picture(&m_picture);
            style()->drawComplexControl(QStyle::CC_ToolButton, &option, &picture, this);
        }
        QPainter(this).drawPixmap(0, 0, m_picture);
    }

private:
    QPixmap m_picture;
    QStyle::State m_state;
};

} // namespace

bool chooseGraphics(bool forceSoftware)
{
    QOpenGLContext context;
    const bool software = forceSoftware || !context.create();
    if (software)
        QQuickWindow::setGraphicsApi(QSGRendererInterface::Software);
    return software;
}

WorldMap::WorldMap(QWidget* parent) : QWidget(parent), m_view(new QQuickWidget(this))
{
    static const int registered = qmlRegisterType<ChoroplethItem>("Clickroom", 1, 0, "Choropleth");
    Q_UNUSED(registered)
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("World map of QR scans by country"));
    m_view->setFocusPolicy(Qt::NoFocus);
    m_view->setResizeMode(QQuickWidget::SizeRootObjectToView);
    m_view->setMinimumSize(60, 60);
    // Its ground is whole: nothing beneath needs painting for it. Where it is a texture the window leaves it a hole.
    m_view->setAttribute(Qt::WA_OpaquePaintEvent, QQuickWindow::graphicsApi() == QSGRendererInterface::Software);
    m_view->setSource(QUrl(QStringLiteral("qrc:/qml/WorldMap.qml")));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_view);
    for (const QQmlError& error : m_view->errors())
        m_problem += error.toString() + QLatin1Char('\n');
    if (QQuickItem* root = m_view->rootObject()) {
        m_land = root->findChild<ChoroplethItem*>(QStringLiteral("land"));
        connect(root, SIGNAL(picked(QString)), this, SIGNAL(countryPicked(QString)));
        connect(root, SIGNAL(hovered(QString)), this, SLOT(showHover(QString)));
    }
    addButtons();
    applyTheme();
}

WorldMap::~WorldMap() = default;

void WorldMap::addButtons()
{
    m_buttons = new QWidget(this);
    auto* column = new QVBoxLayout(m_buttons);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);
    const auto add = [&](const QString& text, const QString& name, auto action) {
        auto* button = new MapButton(m_buttons);
        button->setText(text);
        button->setProperty("look", QStringLiteral("button"));
        button->setFixedSize(26, 26);
        button->setStyleSheet(QStringLiteral("padding: 0; min-height: 0;"));
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(name);
        button->setToolTip(plainToolTip(name));
        connect(button, &QToolButton::clicked, this, action);
        column->addWidget(button);
    };
    add(QStringLiteral("+"), tr("Zoom in"), [this] { zoomBy(0.5); });
    add(QStringLiteral("\u2212"), tr("Zoom out"), [this] { zoomBy(-0.5); });
    add(QStringLiteral("\u2302"), tr("Show the whole world"), [this] { resetView(); });
    m_buttons->adjustSize();
}

void WorldMap::applyTheme()
{
    const Theme& theme = themeOf(palette());
    m_view->setClearColor(theme.panel);
    if (m_land)
        m_land->setTheme(theme);
    if (QQuickItem* root = m_view->rootObject()) {
        root->setProperty("ground", theme.field);
        root->setProperty("line", theme.line);
        root->setProperty("ink", theme.text);
        root->setProperty("labelFont", QVariant::fromValue(sized(font(), labelPixels)));
    }
}

void WorldMap::setCounts(const QHash<QString, quint64>& counts)
{
    m_counts = counts;
    if (m_land)
        m_land->setCounts(counts);
}

void WorldMap::setSelected(const QStringList& codes)
{
    if (m_land)
        m_land->setSelected(codes);
}

void WorldMap::glow(const QSet<QString>& codes)
{
    if (m_land && !m_reducedMotion && isVisible())
        m_land->glow(codes);
}

void WorldMap::zoomBy(double levels)
{
    if (QQuickItem* root = m_view->rootObject())
        QMetaObject::invokeMethod(root, "zoomBy", Q_ARG(QVariant, levels), Q_ARG(QVariant, root->width() / 2),
                                  Q_ARG(QVariant, root->height() / 2));
}

void WorldMap::resetView()
{
    if (QQuickItem* root = m_view->rootObject())
        QMetaObject::invokeMethod(root, "reset");
}

double WorldMap::zoomLevel() const
{
    const QQuickItem* root = m_view->rootObject();
    return root ? root->property("zoomLevel").toDouble() : 0;
}

QPointF WorldMap::positionOf(double longitude, double latitude) const
{
    if (!m_land)
        return {};
    const QPointF world = mercatorOf(longitude, latitude);
    return m_land->mapToScene(m_land->origin() + world * m_land->worldSize());
}

QColor WorldMap::colourOf(quint64 count) const
{
    return m_land ? m_land->colourOf(count) : QColor();
}

QString WorldMap::countryName(const QString& code)
{
    if (const QLocale::Territory territory = QLocale::codeToTerritory(code); territory != QLocale::AnyTerritory)
        return QLocale::territoryToString(territory);
    const CountryShape* country = WorldShapes::fine().find(code);
    return country ? country->name : code;
}

void WorldMap::showHover(const QString& code)
{
    if (!m_land)
        return;
    m_land->setHovered(code);
    QString text;
    if (!code.isEmpty())
        text = countryName(code) + QStringLiteral("  ") + figure(m_counts.value(code));
    m_view->rootObject()->setProperty("hoverText", text);
}

void WorldMap::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyTheme();
}

void WorldMap::resizeEvent(QResizeEvent*)
{
    m_buttons->move(10, height() - m_buttons->height() - 10);
    m_buttons->raise();
}

void WorldMap::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoomBy(0.5);
    case Qt::Key_Minus:
        return zoomBy(-0.5);
    case Qt::Key_0:
        return resetView();
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (QQuickItem* root = m_view->rootObject()) {
            const int key = event->key();
            const int dx = key == Qt::Key_Left ? -60 : key == Qt::Key_Right ? 60 : 0;
            const int dy = key == Qt::Key_Up ? -60 : key == Qt::Key_Down ? 60 : 0;
            QMetaObject::invokeMethod(root, "panBy", Q_ARG(QVariant, dx), Q_ARG(QVariant, dy));
        }
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace widgets
