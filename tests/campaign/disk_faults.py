# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk, by a shim under the real process: full, failing, slow, and without what was never synced."""
import errno
import os
import pathlib
import signal
import subprocess
import tempfile
import time

from shims import built
from world import STALLS, Backend, Traffic, holds, nothing_lost, status_of, until


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
    """Power is cut at random moments with durability `power`: what was answered is there, though nothing unsynced is.

    Redirects wait for their commit here: one that leaves late is only in the spill file, which is synced every 100 ms."""
    disk, answered, rounds = Disk(), [], campaign.rounds or 5
    backend = Backend(campaign.preset, "--durability", "power", "--late-after", "10s", environment=disk.environment())
    disk.plan(path=backend.data, forget=1)
    try:
        for number in range(rounds):
            backend.begin()
            traffic = Traffic(backend, f"p{number}", connections=8)
            enough = campaign.random.randrange(50, 800)
            until(lambda: len(traffic.answered) >= enough, "clicks are answered", 60)
            backend.process.send_signal(signal.SIGUSR2)
            holds(status_of(backend.process) == -signal.SIGKILL, "the power was cut")
            traffic.stop()
            answered += traffic.answered
        disk.plan()
        return {"rounds": rounds, **lost_with_process(campaign), **nothing_lost(backend, answered)}
    finally:
        backend.end()


def lost_with_process(campaign):
    """The counterproof: with durability `process`, which does not wait for the disk, the same cut does take clicks: the youngest."""
    disk = Disk()
    with Backend(campaign.preset, environment=disk.environment()) as backend:
        disk.plan(path=backend.data, forget=1)
        traffic = Traffic(backend, "q", connections=8)
        until(lambda: len(traffic.answered) > 300, "clicks are answered", 60)
        cut = time.monotonic()
        backend.process.send_signal(signal.SIGUSR2)
        status_of(backend.process)
        traffic.stop()
        disk.plan()
        stored = backend.placements()
        missing = [mark for mark in traffic.answered if mark not in stored]
        holds(missing, "the shim takes back what was not synced")
        oldest = max(cut - traffic.answered_at[mark] - STALLS.since(traffic.answered_at[mark]) for mark in missing)
        # Synced every 100 ms; the rest is for the sync itself and for a busy machine.
        holds(oldest < 1, f"durability process lost a click {oldest * 1000:.0f} ms old")
        return {"lost_with_process": len(missing), "oldest_lost_with_process_ms": round(oldest * 1000)}


def power_cut_late(campaign):
    """Durability `power` on a disk whose syncs take longer than redirects wait: those leave by way of the spill file, which is synced
    every 100 ms. A cut takes the youngest of them, no more than were counted as late, and nothing else."""
    disk, rounds, missing_in_all, late_in_all, oldest = Disk(), campaign.rounds or 5, 0, 0, 0.0
    delay_ms, answered = 80, 0
    for number in range(rounds):
        with Backend(campaign.preset, "--durability", "power", "--late-after", "20ms", environment=disk.environment()) as backend:
            disk.plan(path=backend.data, forget=1)
            traffic = Traffic(backend, f"l{number}", connections=8)
            until(lambda: len(traffic.answered) > 100, "clicks are answered", 60)
            disk.plan(path=backend.data, forget=1, delay=delay_ms)
            enough = len(traffic.answered) + campaign.random.randrange(200, 2000)
            until(lambda: len(traffic.answered) >= enough and backend.metrics()["clickroom_hits_late_total"] > 0, "clicks leave late", 60)
            counted = len(traffic.answered)
            late = backend.metrics()["clickroom_hits_late_total"]
            cut = time.monotonic()
            backend.process.send_signal(signal.SIGUSR2)
            status_of(backend.process)
            traffic.stop()
            disk.plan()
            late += len(traffic.answered) - counted  # those answered since it was asked may be late, all of them
            backend.begin()  # takes in what the spill file holds
            until(lambda: backend.metrics()["clickroom_hits_pending"] == 0, "what was spilled is taken in", 60)
            backend.process.terminate()
            holds(status_of(backend.process) == 0, "the backend did not end with 0")
            stored = backend.placements()
            holds(all(count == 1 for count in stored.values()), "clicks are stored twice")
            missing = [mark for mark in traffic.answered if mark not in stored]
            holds(len(missing) <= late, f"{len(missing)} answered clicks are gone, {late:.0f} left late")
            ages = [cut - traffic.answered_at[mark] - STALLS.since(traffic.answered_at[mark]) for mark in missing]
            oldest = max([oldest, *ages])
            # At most 100 ms till the next sync, the one under way, its own; the rest is for a busy machine.
            holds(oldest < 1, f"a late click {oldest * 1000:.0f} ms old is gone")
            missing_in_all, late_in_all, answered = missing_in_all + len(missing), late_in_all + int(late), answered + len(traffic.answered)
    holds(late_in_all > 0, "no click left late")
    return {"rounds": rounds, "answered": answered, "late": late_in_all, "gone_with_the_power": missing_in_all,
            "oldest_gone_ms": round(oldest * 1000), "sync_takes_ms": delay_ms}


def broken_disk(campaign, slowest_ms=None, **orders):
    """Under both durabilities: clicks before, during and after; all are redirected, all are stored once in the end; it recovers by itself."""
    return {f"{durability}_{key}" if key != "lost" else key: value for durability in ("process", "power")
            for key, value in broken_disk_under(campaign, durability, slowest_ms, orders).items()}


def broken_disk_under(campaign, durability, slowest_ms, orders):
    disk, begun = Disk(), time.monotonic()
    with Backend(campaign.preset, "--durability", durability, environment=disk.environment()) as backend:
        traffic = Traffic(backend, "d", connections=4, pause=0.005)
        until(lambda: len(traffic.answered) > 100, "clicks are answered before")
        disk.plan(path=backend.data, **orders)
        before = len(traffic.answered)
        until(lambda: len(traffic.answered) > before + 300, "clicks are answered meanwhile", 90)
        meanwhile = backend.metrics()
        disk.plan()
        until(lambda: backend.metrics()["clickroom_hits_pending"] == 0, "it recovers by itself", 60)
        pending = len(traffic.answered)
        until(lambda: len(traffic.answered) > pending + 50, "clicks are answered afterwards")
        traffic.stop()
        lost = backend.metrics()["clickroom_hits_lost_total"]
        slowest = max(traffic.delays)
        holds(traffic.broken == 0, f"{traffic.broken} clicks were not redirected")
        holds(lost == 0 or orders.keys() & {"write", "room", "torn"}, f"{lost} hits are counted as lost")
        stalled = STALLS.since(begun)
        holds(not slowest_ms or (slowest - stalled) * 1000 < slowest_ms, f"a redirect waited {slowest * 1000:.0f} ms, the machine {stalled * 1000:.0f}")
        late = meanwhile["clickroom_hits_late_total"]
        # Under `process` a sync holds no redirect back; under `power` one that takes about as long as redirects wait may make them late.
        holds_back = orders.keys() & {"write", "room", "torn"} or durability == "power"
        holds(orders.get("delay") == 50 or (late > 0) == bool(holds_back), f"{late:.0f} are late")
        facts = accounted(backend, traffic, int(lost), meanwhile) if lost else nothing_lost(backend, traffic.answered)
        facts.update({"stalled_ms": round(stalled * 1000)} if stalled else {})
        return {**facts, "late": int(late), "slowest_ms": round(slowest * 1000)}


def accounted(backend, traffic, lost, meanwhile):
    """Neither store nor spill took some: redirected all the same, and said, one for one."""
    holds(meanwhile["clickroom_commit_failures_total"] > 0, "the failures are counted")
    backend.process.terminate()
    status_of(backend.process)
    stored = backend.placements()
    missing = [mark for mark in traffic.answered if mark not in stored]
    holds(all(count == 1 for count in stored.values()), "clicks are stored twice")
    holds(len(missing) <= lost, f"{len(missing)} clicks are missing, {lost} were counted as lost")
    return {"answered": len(traffic.answered), "stored": len(stored), "counted_lost": lost, "missing": len(missing)}


def disk_slow(campaign):
    """Each sync takes two seconds: redirects leave all the same, within a second."""
    return broken_disk(campaign, slowest_ms=1000, delay=2000)


def disk_slow_50ms(campaign):
    """Each sync takes 50 ms: the same."""
    return broken_disk(campaign, slowest_ms=1000, delay=50)


def disk_full(campaign):
    """No byte more: clicks are redirected, and what can neither be stored nor spilled is counted, one for one."""
    return broken_disk(campaign, room=0)


def disk_failing(campaign):
    """Every write fails with an I/O error: the same."""
    return broken_disk(campaign, write=errno.EIO)


def disk_unsynced(campaign):
    """Every sync fails with an I/O error, after which the kernel may have forgotten what was written: under `power` such commits are
    taken back and made again."""
    return broken_disk(campaign, sync=errno.EIO)


def disk_read_only(campaign):
    """The file system has become read-only: the same."""
    return broken_disk(campaign, write=errno.EROFS)


def disk_torn(campaign):
    """Half of each write goes through, then an I/O error: the same, and nothing is stored twice."""
    return broken_disk(campaign, torn=1)


def disk_restart(campaign):
    """The days' folder takes no write, so that all waits in the spill file; then the process ends or is killed, and starts again on a
    sound disk, under load at once: all is stored, once, whatever empty files the faults left."""
    disk, answered, rounds, killed = Disk(), [], campaign.rounds or 5, 0
    backend = Backend(campaign.preset, "--rollup-interval", "100ms", environment=disk.environment())
    options = backend.options
    try:
        for number in range(rounds):
            backend.options = (*options, "--durability", campaign.random.choice(("process", "power")))
            disk.plan(path=f"{backend.data}/hits/", write=errno.EIO)
            backend.begin()
            traffic = Traffic(backend, f"x{number}", connections=4)
            until(lambda: len(traffic.answered) > 100, "clicks are answered on the failing disk")
            if campaign.random.random() < 0.5:
                backend.process.kill()
                status_of(backend.process)
                killed += 1
            else:
                backend.process.terminate()
                holds(status_of(backend.process) == 0, "the backend did not end with 0")
            answered += traffic.stop().answered
            disk.plan()
            backend.begin()
            traffic = Traffic(backend, f"y{number}", connections=4)
            enough = campaign.random.randrange(20, 2000)
            until(lambda: len(traffic.answered) > enough, "clicks are answered on the sound disk")
            until(lambda: backend.metrics()["clickroom_hits_pending"] == 0, "what was spilled is taken in", 60)
            traffic.stop()
            holds(traffic.broken == 0, f"{traffic.broken} clicks were not redirected")
            holds(backend.metrics()["clickroom_hits_lost_total"] == 0, "hits are counted as lost")
            answered += traffic.answered
            backend.process.terminate()
            holds(status_of(backend.process) == 0, "the backend did not end with 0")
        return {"rounds": rounds, "killed": killed, **nothing_lost(backend, answered)}
    finally:
        backend.end()


def disk_tmpfs(campaign):
    """A real small file system, filled to its last byte and relieved: as disk_full, without a shim. Needs root."""
    holds(os.geteuid() == 0, "mounting a tmpfs needs root")
    before = tempfile.gettempdir()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "clickroom-campaign", folder], check=True)
        tempfile.tempdir = folder
        try:
            with Backend(campaign.preset) as backend:
                return filled(backend, pathlib.Path(folder) / "filler")
        finally:
            tempfile.tempdir = before
            subprocess.run(["umount", "-l", folder], check=True)


def filled(backend, filler):
    traffic = Traffic(backend, "f", connections=4, pause=0.005)
    until(lambda: len(traffic.answered) > 100, "clicks are answered before")
    with filler.open("wb", buffering=0) as out:
        for size in (1 << 20, 4096):
            try:
                while True:
                    out.write(bytes(size))
            except OSError as problem:
                holds(problem.errno == errno.ENOSPC, str(problem))
    before = len(traffic.answered)
    until(lambda: backend.metrics()["clickroom_commit_failures_total"] > 0, "commits fail on the full disk", 60)
    until(lambda: len(traffic.answered) > before + 300, "clicks are answered meanwhile", 60)
    failures = backend.metrics()["clickroom_commit_failures_total"]
    filler.unlink()
    until(lambda: backend.metrics()["clickroom_hits_pending"] == 0, "it recovers by itself", 60)
    traffic.stop()
    now = backend.metrics()
    lost = int(now["clickroom_hits_lost_total"])
    holds(traffic.broken == 0, f"{traffic.broken} clicks were not redirected")
    facts = accounted(backend, traffic, lost, now) if lost else nothing_lost(backend, traffic.answered)
    return {**facts, "commit_failures": int(failures)}
