// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/backend/links/dead_rules.h"

// The linter's promise, with ten million requests.
class TestLinterLong : public QObject {
    Q_OBJECT

private slots:
    void deadRulesAreNeverHit()
    {
        samples::Tally tally;
        QVERIFY(samples::neverHits(7, 10'000'000, tally));
        QVERIFY(tally.dead * 5 > tally.rules);
    }
};

QTEST_GUILESS_MAIN(TestLinterLong)
#include "tst_linter_long.moc"
