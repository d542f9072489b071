// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractTableModel>
#include <QAction>
#include <QApplication>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "app/widgets/choice_button.h"
#include "app/widgets/command_palette.h"
#include "app/widgets/dock_panel.h"
#include "app/widgets/even_row_table.h"
#include "app/widgets/expression_edit.h"
#include "app/widgets/segmented_control.h"
#include "app/widgets/sparkline.h"
#include "app/widgets/status_panel.h"
#include "app/widgets/theme/appearance.h"
#include "app/widgets/tile.h"
#include "app/widgets/top_list.h"

using namespace widgets;

namespace {

class ManyRows final : public QAbstractTableModel {
public:
    void setRows(int rows)
    {
        beginResetModel();
        m_rows = rows;
        endResetModel();
    }
    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : m_rows; }
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : 3; }
    QVariant data(const QModelIndex& index, int role) const override
    {
        return role == Qt::DisplayRole ? QVariant(index.row()) : QVariant();
    }

private:
    int m_rows = 1'000'000;
};

} // namespace

class tst_Widgets : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_appearance = std::make_unique<Appearance>(*qApp);
        m_appearance->setScheme(Scheme::Dark);
    }

    void aTileTellsItsFigureToScreenReaders()
    {
        Tile tile(QStringLiteral("Misses"));
        QCOMPARE(tile.content().figure, QStringLiteral("…")); // not yet, and not zero
        TileContent content;
        content.figure = QStringLiteral("214");
        content.note = QStringLiteral("go.acme.example/sprng: 188");
        content.alert = true;
        tile.setContent(content);
        QCOMPARE(tile.accessibleName(), QStringLiteral("Misses: 214"));
        QCOMPARE(tile.accessibleDescription(), content.note);
        tile.resize(300, 82);
        const QImage image = tile.grab().toImage();
        QCOMPARE(image.pixelColor(150, 0).red() > 150, true); // the border says alert
    }

    void aSparklineThinsWhatItCannotShow()
    {
        QCOMPARE(thinned({1, 3, 5, 7}, 2), QList<double>({2, 6}));
        QCOMPARE(thinned({1, 2}, 5), QList<double>({1, 2}));
    }

    void aTopListKeepsUnknown()
    {
        TopList list(QStringLiteral("Top regions"), &Theme::qr);
        list.resize(200, TopList::titleHeight + 3 * TopList::rowHeight);
        list.setRows({{QStringLiteral("Bavaria"), QStringLiteral("Bavaria, DE"), 512},
                      {QString(), QStringLiteral("Unknown"), 105}});
        QVERIFY(list.accessibleDescription().contains(QStringLiteral("Unknown 105")));
        QSignalSpy picked(&list, &TopList::picked);
        QTest::mouseClick(&list, Qt::LeftButton, {}, QPoint(20, TopList::titleHeight + TopList::rowHeight + 5));
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked[0][0].toString(), QString());
        QTest::mouseClick(&list, Qt::LeftButton, {}, QPoint(20, TopList::titleHeight + 2 * TopList::rowHeight + 5));
        QCOMPARE(picked.size(), 1); // no such row
        list.setFocus();
        QTest::keyClick(&list, Qt::Key_Down);
        QTest::keyClick(&list, Qt::Key_Return);
        QCOMPARE(picked.size(), 2);
        QCOMPARE(picked[1][0].toString(), QStringLiteral("Bavaria"));
    }

    void exactlyOneSegmentIsChosen()
    {
        SegmentedControl control(QStringLiteral("Touch type"),
                                 {QStringLiteral("All"), QStringLiteral("Short URL"), QStringLiteral("QR")});
        QSignalSpy chosen(&control, &SegmentedControl::chosen);
        QCOMPARE(control.current(), 0);
        control.setCurrent(2);
        QCOMPARE(control.current(), 2);
        QCOMPARE(chosen.size(), 0);
        control.findChildren<QToolButton*>().at(1)->click();
        QCOMPARE(control.current(), 1);
        QCOMPARE(chosen.size(), 1);
    }

    void choicesNotOfferedAnyMoreStayChosen()
    {
        ChoiceButton button(ChoiceButton::Mode::Any, QStringLiteral("Links"), QStringLiteral("All links"));
        QVERIFY(button.text().startsWith(QStringLiteral("All links")));
        button.offer({{QStringLiteral("a/b"), QStringLiteral("a/b")}});
        button.setValues({QStringLiteral("x/y")});
        QVERIFY(button.text().startsWith(QStringLiteral("x/y")));
        bool listed = false;
        for (const QAction* action : button.menu()->actions())
            listed |= action->text() == QStringLiteral("x/y") && action->isChecked();
        QVERIFY(listed);
        button.setValues({QStringLiteral("x/y"), QStringLiteral("a/b")});
        QVERIFY(button.text().startsWith(QStringLiteral("x/y +1")));
    }

    void anExpressionIsCheckedWhileTyped()
    {
        ExpressionEdit edit;
        edit.setCheck([](const QString& text) {
            return text.contains(QLatin1Char('!')) ? ExpressionProblem{QStringLiteral("no bangs"), 2, 1}
                                                   : ExpressionProblem{};
        });
        QSignalSpy changed(&edit, &ExpressionEdit::expressionChanged);
        QSignalSpy problem(&edit, &ExpressionEdit::problemChanged);
        QTest::keyClicks(&edit, QStringLiteral("ab!"));
        QCOMPARE(problem.size(), 1);
        QCOMPARE(edit.property("failed").toBool(), true);
        QTest::keyClick(&edit, Qt::Key_Return);
        QCOMPARE(changed.size(), 0); // what is wrong is never confirmed
        QTest::keyClick(&edit, Qt::Key_Backspace);
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toString(), QStringLiteral("ab"));
        edit.setExpression(QStringLiteral("now"));
        QCOMPARE(changed.size(), 2); // at once
    }

    void aPanelIsNeverBlank()
    {
        auto* content = new QLabel(QStringLiteral("content"));
        content->setTextFormat(Qt::PlainText);
        DockPanel panel(QStringLiteral("p"), QStringLiteral("Panel"), content);
        panel.show();
        QVERIFY(content->isVisible());
        panel.stack()->setStatus(PanelStatus{
            PanelState::Filtered, QStringLiteral("0 of 18,233 rows"), {}, {}, QStringLiteral("Clear the filter")});
        QVERIFY(!content->isVisible());
        QSignalSpy action(panel.stack(), &StatusStack::actionRequested);
        panel.findChild<QPushButton*>()->click();
        QCOMPARE(action.size(), 1);
        panel.stack()->setStatus(PanelStatus{PanelState::Offline,
                                             QStringLiteral("Offline since 14:05."),
                                             QStringLiteral("Showing what was known then."),
                                             {},
                                             {}});
        QVERIFY(content->isVisible()); // with the note above it
        panel.stack()->setStatus({});
        QVERIFY(content->isVisible());
    }

    void aTableOfEvenRowsFindsThemByDivision()
    {
        ManyRows model;
        EvenRowTable table;
        show(table, model);
        QVERIFY(QTest::qWaitForWindowExposed(&table));
        QCOMPARE(table.verticalHeader()->count(), 0); // it would keep eight bytes for each row
        QVERIFY(table.horizontalHeader()->viewport()->visibleRegion().contains(QPoint(5, 5)));
        const int room = table.viewport()->height();
        QCOMPARE(table.verticalScrollBar()->maximum(), 1'000'000 * 20 - room);
        QCOMPARE(table.indexAt(QPoint(5, 45)), model.index(2, 0));
        table.scrollTo(model.index(999'999, 1));
        QCOMPARE(table.rowAt(room - 1), 999'999);
        QCOMPARE(table.visualRect(model.index(999'999, 0)).bottom(), room - 1);
        table.scrollTo(model.index(500'000, 0), QAbstractItemView::PositionAtTop);
        QCOMPARE(table.rowAt(0), 500'000);
        QCOMPARE(table.visualRect(model.index(500'001, 0)).top(), 20);
        model.setRows(3); // a reset: there is less to scroll to
        QCOMPARE(table.verticalScrollBar()->value(), 0);
        QCOMPARE(table.rowAt(2 * 20), 2);
        QCOMPARE(table.rowAt(3 * 20), -1);
        QVERIFY(!table.indexAt(QPoint(5, 70)).isValid());
    }

    void keysWalkATableOfEvenRows()
    {
        ManyRows model;
        EvenRowTable table;
        show(table, model);
        QVERIFY(QTest::qWaitForWindowExposed(&table));
        const auto after = [&](Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
            QTest::keyClick(&table, key, modifiers);
            return table.currentIndex();
        };
        table.setCurrentIndex(model.index(0, 0));
        QCOMPARE(after(Qt::Key_Down), model.index(1, 0));
        QCOMPARE(after(Qt::Key_Right), model.index(1, 1));
        QCOMPARE(after(Qt::Key_PageDown), model.index(1 + table.viewport()->height() / 20, 1));
        QCOMPARE(after(Qt::Key_Home), model.index(1 + table.viewport()->height() / 20, 0));
        QCOMPARE(after(Qt::Key_End, Qt::ControlModifier).row(), 999'999);
        QCOMPARE(after(Qt::Key_Down).row(), 999'999);
        QVERIFY(table.viewport()->rect().contains(table.visualRect(table.currentIndex())));
        QCOMPARE(table.selectionModel()->selectedRows().size(), 1);
        QCOMPARE(after(Qt::Key_Home, Qt::ControlModifier).row(), 0);
        QCOMPARE(after(Qt::Key_Up).row(), 0);
        table.hideColumn(0);
        QVERIFY(!table.visualRect(model.index(0, 0)).isValid());
        QCOMPARE(after(Qt::Key_Home), model.index(0, 1));
        table.setEvenHeight(30);
        QCOMPARE(table.rowAt(29), 0);
    }

    void thePaletteFindsActionsByTheirLetters()
    {
        QVERIFY(lettersMatch(QStringLiteral("cldf"), QStringLiteral("Clear the display filter")));
        QVERIFY(!lettersMatch(QStringLiteral("xyz"), QStringLiteral("Clear the display filter")));
        QAction one(QStringLiteral("Start over")), two(QStringLiteral("Pause"));
        QSignalSpy ran(&two, &QAction::triggered);
        CommandPalette palette({&one, &two});
        QCOMPARE(palette.shown().size(), 2);
        palette.setSearch(QStringLiteral("pau"));
        QCOMPARE(palette.shown(), QStringList(QStringLiteral("Pause")));
        QTest::keyClick(palette.findChild<QLineEdit*>(), Qt::Key_Return);
        QCOMPARE(ran.size(), 1);
    }

private:
    static void show(EvenRowTable& table, ManyRows& model)
    {
        table.setSelectionBehavior(QAbstractItemView::SelectRows);
        table.setModel(&model);
        table.setEvenHeight(20);
        table.resize(400, 300);
        table.show();
    }

    std::unique_ptr<Appearance> m_appearance;
};

QTEST_MAIN(tst_Widgets)
#include "tst_widgets.moc"
