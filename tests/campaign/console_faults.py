# SPDX-License-Identifier: GPL-3.0-or-later
"""The console before a backend that means it ill."""
import os
import re
import subprocess

from world import ROOT, holds


def hostile_backend(campaign):
    """A backend that lies, floods, goes back in sequence and sends a million countries: the console survives, bounded, and says what it saw."""
    test = ROOT / "build/dev/tests/tst_hostile_backend"
    holds(test.exists(), f"{test} is not built: packaging/with-qt cmake --build --preset dev --target tst_hostile_backend")
    environment = {**os.environ, "CLICKROOM_HOSTILE_HITS": str((campaign.rounds or 10) * 100_000), "CLICKROOM_HOSTILE_SEED": str(campaign.seed),
                   "QTEST_FUNCTION_TIMEOUT": str(3600 * 1000)}
    done = subprocess.run([ROOT / "packaging/with-qt", test], env=environment, capture_output=True, text=True)
    told = re.search(r"flood: (.*)", done.stdout + done.stderr)
    passed = re.search(r"Totals: (\d+) passed", done.stdout)
    holds(done.returncode == 0 and told and passed, (done.stdout + done.stderr)[-3000:])
    return {"lies": int(passed.group(1)), "flood": told.group(1)}
