# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk, by a shim under the real process: full, failing, slow, and without what was never synced."""
import pathlib
import signal
import tempfile

from clock_faults import built
from world import Backend, Traffic, holds, nothing_lost, until


class Disk:
    """The plan that the shim follows; an empty one is a sound disk."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name) / "plan"
        self.plan()

    def plan(self, **orders):
        new = self.path.with_suffix(".new")
        new.write_text("".join(f"{order} {value}\n" for order, value in orders.items()))
        new.replace(self.path)

    def environment(self):
        return {"LD_PRELOAD": str(built("disk")), "SHIM_DISK": str(self.path)}


def power_cut(campaign):
    """Power is cut at random moments with durability `power`: what was answered is there, though nothing unsynced is."""
    disk, answered, rounds = Disk(), [], campaign.rounds or 5
    backend = Backend(campaign.preset, "--durability", "power", environment=disk.environment())
    disk.plan(path=backend.data, forget=1)
    try:
        for number in range(rounds):
            backend.begin()
            traffic = Traffic(backend, f"p{number}", connections=8)
            enough = campaign.random.randrange(50, 800)
            until(lambda: len(traffic.answered) >= enough, "clicks are answered", 60)
            backend.process.send_signal(signal.SIGUSR2)
            holds(backend.process.wait(30) == -signal.SIGKILL, "the power was cut")
            traffic.stop()
            answered += traffic.answered
        disk.plan()
        return {"rounds": rounds, "lost_with_process": lost_with_process(campaign), **nothing_lost(backend, answered)}
    finally:
        backend.end()


def lost_with_process(campaign):
    """The counterproof: with durability `process`, which does not wait for the disk, the same cut does take clicks."""
    disk = Disk()
    with Backend(campaign.preset, environment=disk.environment()) as backend:
        disk.plan(path=backend.data, forget=1)
        traffic = Traffic(backend, "q", connections=8)
        until(lambda: len(traffic.answered) > 300, "clicks are answered", 60)
        backend.process.send_signal(signal.SIGUSR2)
        backend.process.wait(30)
        traffic.stop()
        disk.plan()
        stored = backend.placements()
        missing = sum(mark not in stored for mark in traffic.answered)
        holds(missing > 0, "the shim takes back what was not synced")
        return missing


def broken_disk(campaign, **orders):
    """Clicks before, during and after: all are redirected, all are stored once in the end; it recovers by itself."""
    disk = Disk()
    with Backend(campaign.preset, environment=disk.environment()) as backend:
        traffic = Traffic(backend, "d", connections=4, pause=0.005)
        until(lambda: len(traffic.answered) > 100, "clicks are answered before")
        disk.plan(path=backend.data, **orders)
        before = len(traffic.answered)
        until(lambda: len(traffic.answered) > before + 300, "clicks are answered meanwhile", 90)
        meanwhile = backend.metrics()
        disk.plan()
        until(lambda: backend.metrics()["clickroom_hits_pending"] == 0, "it recovers by itself", 60)
        traffic.stop()
        lost = backend.metrics()["clickroom_hits_lost_total"]
        slowest = max(traffic.delays)
        holds(traffic.broken == 0, f"{traffic.broken} clicks were not redirected")
        holds(lost == 0 or orders.get("write") or "room" in orders, f"{lost} hits are counted as lost")
        if lost:
            # Neither store nor spill took them: redirected all the same, and said.
            holds(meanwhile["clickroom_commit_failures_total"] > 0, "the failures are counted")
            backend.process.terminate()
            backend.process.wait(30)
            stored = backend.placements()
            missing = [mark for mark in traffic.answered if mark not in stored]
            holds(len(missing) <= lost, f"{len(missing)} clicks are missing, {lost:.0f} were counted as lost")
            facts = {"answered": len(traffic.answered), "stored": len(stored), "counted_lost": int(lost), "missing": len(missing)}
        else:
            facts = nothing_lost(backend, traffic.answered)
        return {**facts, "late": int(meanwhile["clickroom_hits_late_total"]), "slowest_ms": round(slowest * 1000)}


def disk_slow(campaign):
    """Each sync takes two seconds: redirects leave all the same."""
    return broken_disk(campaign, delay=2000)


def disk_full(campaign):
    """No byte more: clicks are redirected, and what can neither be stored nor spilled is counted, one for one."""
    return broken_disk(campaign, room=0)


def disk_failing(campaign):
    """Every write fails with an I/O error: the same."""
    return broken_disk(campaign, write=5)
