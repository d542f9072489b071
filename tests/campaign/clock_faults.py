# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock, by a shim under the real process: jumps forward and back, and midnight."""
import csv
import io
import json
import os
import pathlib
import struct
import subprocess
import tempfile

from world import ROOT, Backend, Traffic, holds, nothing_lost, rollups_are_raw, until

SHIM = pathlib.Path(__file__).resolve().parent / "shim"


def built(name):
    out = ROOT / "build/campaign" / f"{name}.so"
    out.parent.mkdir(parents=True, exist_ok=True)
    source = SHIM / f"{name}.c"
    if not out.exists() or out.stat().st_mtime < source.stat().st_mtime:
        subprocess.run([ROOT / "packaging/with-qt", "cc", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", out, source, "-ldl", "-lpthread"], check=True)
    return out


def clock(campaign):
    """Hours forward, a day back, over midnight, at random: clicks are answered, stored once, and sequences go on."""
    with tempfile.TemporaryDirectory() as folder:
        control = pathlib.Path(folder) / "offset"
        control.write_bytes(struct.pack("q", 0))

        def shift(seconds):
            # In place, and in one write: the shim has the file mapped.
            with open(control, "r+b") as file:
                os.pwrite(file.fileno(), struct.pack("q", int(seconds * 1e9)), 0)
        with Backend(campaign.preset, "--rollup-interval", "100ms",
                     environment={"LD_PRELOAD": str(built("clock")), "SHIM_CLOCK": str(control)}) as backend:
            traffic = Traffic(backend, "c", connections=2, pause=0.002)
            jumps = [3600, -86_400, 86_400 * 2, 0, *(campaign.random.randrange(-3 * 86_400, 3 * 86_400) for _ in range(campaign.rounds or 6)), 0]
            for seconds in jumps:
                before = len(traffic.answered)
                shift(seconds)
                until(lambda: len(traffic.answered) > before + 100, f"clicks are answered after a jump to {seconds} s")
            traffic.stop()
            holds(traffic.broken == 0, f"{traffic.broken} clicks were not redirected")
            rolled = rollups_are_raw(backend)
            found = {"rolled": rolled, **nothing_lost(backend, traffic.answered), "jumps": len(jumps)}
            check = json.loads(backend.run("check", "--data", backend.data, "--json"))
            holds(check["well"], f"the folder is well: {check}")
            rows = csv.DictReader(io.StringIO(backend.run("export", "hits", "--data", backend.data)))
            found["days"] = len({row["time"][:10] for row in rows})
            holds(found["days"] >= 3, f"hits of {found['days']} days: the clock did jump")
            return found
