# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock, by a shim under the real process: jumps forward and back, midnight, daylight saving, and two machines that disagree."""
import csv
import datetime
import io
import json
import os
import pathlib
import struct
import tempfile
import time
import zoneinfo

from shims import built
from world import Backend, Console, Traffic, holds, nothing_lost, rollups_are_raw, status_of, until


class Clock:
    """The clock of one process: so many seconds from the machine's."""

    def __init__(self, seconds=0.0):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name) / "offset"
        self.path.write_bytes(struct.pack("q", 0))
        self.shift(seconds)

    def shift(self, seconds):
        # In place, and in one write: the shim has the file mapped.
        with open(self.path, "r+b") as file:
            os.pwrite(file.fileno(), struct.pack("q", int(seconds * 1e9)), 0)

    def environment(self):
        return {"LD_PRELOAD": str(built("clock")), "SHIM_CLOCK": str(self.path)}


def exported(backend, *what):
    return list(csv.DictReader(io.StringIO(backend.run("export", *what, "--data", backend.data))))


def well(backend):
    holds((check := backend.check())["well"], f"the folder is not well: {check}")


def clock(campaign):
    """Hours forward, a day back, over midnight, at random: clicks are answered, stored once, and sequences go on."""
    clock = Clock()
    with Backend(campaign.preset, "--rollup-interval", "100ms", environment=clock.environment()) as backend:
        traffic = Traffic(backend, "c", connections=2, pause=0.002)
        jumps = [3600, -86_400, 86_400 * 2, 0, *(campaign.random.randrange(-3 * 86_400, 3 * 86_400) for _ in range(campaign.rounds or 6)), 0]
        for seconds in jumps:
            before = len(traffic.answered)
            clock.shift(seconds)
            until(lambda: len(traffic.answered) > before + 100, f"clicks are answered after a jump to {seconds} s")
        traffic.stop()
        holds(traffic.broken == 0, f"{traffic.broken} clicks were not redirected")
        found = {"rolled": rollups_are_raw(backend), **nothing_lost(backend, traffic.answered), "jumps": len(jumps)}
        well(backend)
        found["days"] = len({row["time"][:10] for row in exported(backend, "hits")})
        holds(found["days"] >= 3, f"hits of {found['days']} days: the clock did jump")
        return found


ZONE = "Europe/Berlin"
# By the zone's clock midnight lies an hour or two before the UTC day's; on the last Sundays of October and March an hour comes twice and never.
CROSSINGS = {"october, the hour that comes twice": "2026-10-25T01:00:00", "midnight in UTC": "2026-11-10T00:00:00",
             "midnight of the zone": "2026-11-10T23:00:00", "new year of the zone": "2026-12-31T23:00:00",
             "march, the hour that never comes": "2027-03-28T01:00:00"}


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=datetime.timezone.utc)


def bucket_of(text, step):
    """The UTC moment at which the hour or day of the zone begins that holds a hit's time: worked out here, by Python's zones."""
    local = moment(text).astimezone(zoneinfo.ZoneInfo(ZONE))
    if step == "day":
        start = datetime.datetime(local.year, local.month, local.day, tzinfo=zoneinfo.ZoneInfo(ZONE))
        return start.astimezone(datetime.timezone.utc)
    return moment(text).replace(minute=0, second=0, microsecond=0)  # the zone is set by whole hours


def rolled_by(backend, step):
    return {moment(row["bucket"]): int(row["clicks"]) for row in exported(backend, "rollups", "--granularity", step) if row["slug"] == "k0"}


def days_change(campaign):
    """Under load over midnight, of UTC and of the workspace's zone, and over both changes of daylight saving: each hour and day of the
    rollups is what Python's zones make of the raw hits, and a console misses nothing."""
    clock = Clock()
    with Backend(campaign.preset, "--rollup-interval", "100ms", environment=clock.environment()) as backend:
        backend.ask("/v1/workspaces/1", "PATCH", {"zone": ZONE})
        holds(json.loads(backend.ask("/v1/session"))["zone"] == ZONE, "the workspace has its zone")
        from stream_faults import Honest
        answered, honest = [], Honest(backend)
        for number, (name, at) in enumerate(CROSSINGS.items()):
            clock.shift(moment(at).timestamp() - time.time() - 1)
            traffic = Traffic(backend, f"d{number}", connections=2, pause=0.002)
            crossed = time.monotonic() + 1
            until(lambda: traffic.answered_at and max(list(traffic.answered_at.values())[-5:]) > crossed + 0.7, f"clicks are answered over {name}")
            traffic.stop()
            holds(traffic.broken == 0, f"{traffic.broken} clicks were not redirected over {name}")
            before = sum(when < crossed for when in traffic.answered_at.values())
            holds(0 < before < len(traffic.answered), f"{before} of {len(traffic.answered)} clicks came before {name}")
            answered += traffic.answered
        until(lambda: set(answered) <= honest.marks, "the console got every click")
        holds(not honest.violations and honest.dropped == 0, f"{honest.violations[:3]} dropped {honest.dropped}")
        until(lambda: (now := backend.metrics())["clickroom_watermark_seq"] == now["clickroom_last_seq"], "all is rolled up")
        honest.console.close()
        found = {"crossings": len(CROSSINGS), **nothing_lost(backend, answered)}
        times = [row["time"] for row in exported(backend, "hits")]
        for step in ("hour", "day"):
            raw = {}
            for one in times:
                raw[bucket_of(one, step)] = raw.get(bucket_of(one, step), 0) + 1
            rolled = rolled_by(backend, step)
            holds(rolled == raw, f"by {step}: rolled up {rolled}, raw {raw}")
            found[f"{step}s"] = len(raw)
        well(backend)
        return found


def nodes_apart(campaign):
    """One data folder carried to and fro between two machines whose clocks are 26 hours apart, a console going along; and two backends
    at once, three hours before and forty minutes behind: each tells the console its own time, and counts its own."""
    clocks, answered, rounds = (Clock(26 * 3600), Clock(0)), [], campaign.rounds or 6
    backend = Backend(campaign.preset, "--rollup-interval", "100ms")
    cursor, seen = 0, {}
    try:
        for number in range(rounds):
            backend.before = ("env", *(f"{name}={value}" for name, value in clocks[number % 2].environment().items()))
            backend.begin()
            console = Console(backend)
            console.wait_for("hello")
            holds(console.subscribe(cursor=cursor)["from"] == cursor, "the cursor holds on the other machine")
            traffic = Traffic(backend, f"n{number}", connections=2)
            until(lambda: len(traffic.answered) > 100, "clicks are answered")
            traffic.stop()
            answered += traffic.answered
            while not set(traffic.answered) <= seen.keys():
                frame = console.wait_for("frame")
                holds(frame["first"] == cursor + 1 and not frame.get("dropped"), f"frame begins at {frame['first']} after {cursor}")
                cursor = frame["last"]
                for hit in frame.get("hits", []):
                    holds(hit["placement"] not in seen, f"{hit['placement']} came twice")
                    seen[hit["placement"]] = hit["seq"]
                console.send(type="credit", frames=1)
            console.close()
            rolled = rollups_are_raw(backend)
            backend.process.terminate()
            holds(status_of(backend.process) == 0, "the backend did not end with 0")
        found = {"moves": rounds, "rolled": rolled, **nothing_lost(backend, answered)}
        well(backend)
    finally:
        backend.end()
    found["skew_s"] = [two_at_once(campaign, seconds) for seconds in (3 * 3600, -40 * 60)]
    return found


def two_at_once(campaign, seconds):
    """A backend whose clock is that far off, beside one that is right. What a console sees of the clock."""
    clock = Clock(seconds)
    with Backend(campaign.preset, environment=clock.environment()) as wrong, Backend(campaign.preset) as right:
        traffics = [Traffic(wrong, "w", connections=1), Traffic(right, "r", connections=1)]
        until(lambda: all(len(one.answered) > 100 for one in traffics), "both answer")
        console = Console(wrong)
        console.wait_for("hello")
        begun = time.time()
        console.send(type="ping", echo=1)
        told = console.wait_for("status")
        skew = told["time"] / 1000 - (begun + time.time()) / 2
        holds(abs(skew - seconds) < 2, f"told {told['time']}: {skew} s")
        console.close()
        for one, backend in zip(traffics, (wrong, right)):
            one.stop()
            stored = nothing_lost(backend, one.answered)["stored"]
            holds(stored == len(one.answered), f"{stored} stored of {len(one.answered)}: nothing of the other's")
        return round(skew)
