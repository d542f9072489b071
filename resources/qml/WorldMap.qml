// SPDX-License-Identifier: GPL-3.0-or-later
// The world without tiles: Qt Location's Map gives projection, pan and zoom; the Choropleth beneath it draws the land.
import QtQuick
import QtLocation
import QtPositioning
import Clickroom

Item {
    id: root

    property color ground: "#11171e"
    property color line: "#26303b"
    property color ink: "#e6edf3"
    property font labelFont
    property string hoverText: ""
    readonly property alias zoomLevel: map.zoomLevel
    // The inhabited world lies between 58° south and 84° north; this is the middle of that on the map.
    readonly property var home: QtPositioning.coordinate(40, 8)
    property bool atHome: true

    signal picked(string code)
    signal hovered(string code)

    function zoomBy(levels, x, y) {
        const point = root.mapToItem(map, x, y)
        const place = map.toCoordinate(point, false)
        atHome = false
        map.zoomLevel = Math.min(map.maximumZoomLevel, Math.max(map.minimumZoomLevel, map.zoomLevel + levels))
        if (map.zoomLevel <= map.minimumZoomLevel + 0.01)
            reset()
        else
            map.alignCoordinateToPoint(place, point)
    }

    function panBy(x, y) {
        atHome = false
        map.pan(x, y)
    }

    function reset() {
        atHome = true
        map.zoomLevel = map.minimumZoomLevel
        // After a change of size the map may show another place than its centre says: setting the same one again would do nothing.
        map.center = QtPositioning.coordinate(home.latitude, home.longitude + 1)
        map.center = home
    }

    // A view wider than the inhabited world would cut its north and south off: it gets margins instead.
    Item {
        id: frame
        anchors.centerIn: parent
        width: Math.round(Math.min(root.width, root.height * 1.5))
        height: Math.round(Math.min(root.height, width * 0.8))
        clip: true
        onWidthChanged: if (root.atHome) Qt.callLater(root.reset)
        onHeightChanged: if (root.atHome) Qt.callLater(root.reset)

        Choropleth {
            objectName: "land"
            id: land
            anchors.fill: parent
            worldSize: { map.visibleRegion; return 256 * Math.pow(2, map.zoomLevel) }
            // Everything that is placed on the map depends on visibleRegion: centre and zoom level alone change too early.
            origin: {
                map.visibleRegion
                const size = 256 * Math.pow(2, map.zoomLevel)
                const middle = map.fromCoordinate(QtPositioning.coordinate(0, 0), false)
                return Qt.point(middle.x - size / 2, middle.y - size / 2)
            }
        }

        Map {
            id: map
            anchors.fill: parent
            plugin: Plugin { name: "itemsoverlay" }
            color: "transparent"
            copyrightsVisible: false
            center: root.home
            zoomLevel: 1
            maximumZoomLevel: 7
            onMinimumZoomLevelChanged: if (root.atHome) root.reset()
        }
    }

    MouseArea {
        id: mouse
        property point last
        property bool moved: false
        anchors.fill: parent
        hoverEnabled: true
        cursorShape: moved && pressed ? Qt.ClosedHandCursor : Qt.ArrowCursor

        function codeAt(x, y) {
            const point = mapToItem(land, x, y)
            return land.countryAt(point.x, point.y)
        }

        onPressed: (event) => { last = Qt.point(event.x, event.y); moved = false }
        onPositionChanged: (event) => {
            if (pressed) {
                const dx = last.x - event.x
                const dy = last.y - event.y
                if (moved || Math.abs(dx) + Math.abs(dy) > 4) {
                    moved = true
                    root.panBy(Math.round(dx), Math.round(dy))
                    last = Qt.point(event.x, event.y)
                }
            } else {
                root.hovered(codeAt(event.x, event.y))
            }
        }
        onExited: root.hovered("")
        onClicked: (event) => { if (!moved) { pick.code = codeAt(event.x, event.y); pick.restart() } }
        onDoubleClicked: { pick.stop(); root.reset() }
        onWheel: (event) => root.zoomBy(event.angleDelta.y / 240, event.x, event.y)
    }

    // A click waits for the second one of a double click before it filters anything.
    Timer {
        id: pick
        property string code
        interval: 260
        onTriggered: if (code !== "") root.picked(code)
    }

    Rectangle {
        visible: root.hoverText !== "" && !mouse.pressed
        x: Math.max(2, Math.min(mouse.mouseX + 14, root.width - width - 4))
        y: Math.max(2, Math.min(mouse.mouseY + 16, root.height - height - 4))
        width: label.implicitWidth + 16
        height: label.implicitHeight + 10
        radius: 5
        color: root.ground
        border.color: root.line
        Text {
            id: label
            anchors.centerIn: parent
            text: root.hoverText
            textFormat: Text.PlainText
            color: root.ink
            font: root.labelFont
        }
    }
}
