# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies on the disk changes between two runs: bits that turn, pages that are torn, empty or another's. The backend starts, says what
it set aside and how many hits are missing, and keeps the rest."""
import errno
import re

from clock_faults import exported
from disk_faults import Disk
from world import Backend, Traffic, holds, status_of, until

PAGE = 4096


def clicked(backend, prefix, count):
    traffic = Traffic(backend, prefix, connections=4)
    until(lambda: len(traffic.answered) >= count, "clicks are answered", 60)
    traffic.stop()
    holds(traffic.broken == 0, f"{traffic.broken} clicks were not redirected")
    return traffic.answered


def ended(backend):
    backend.process.terminate()
    holds(status_of(backend.process) == 0, "the backend did not end with 0")


def killed(backend):
    backend.process.kill()
    status_of(backend.process)


def damaged(random, path):
    """The file as a disk may give it back; what was done to it."""
    before = path.read_bytes()
    holds(before, f"{path} holds something")
    at = random.randrange(len(before))
    page = at - at % PAGE
    end = min(len(before), page + PAGE)
    kind = random.choice(("bit", "bit", "page of zeros", "page of garbage", "half a page", "another page", "cut"))
    bytes_now = bytearray(before)
    if kind == "bit":
        bytes_now[at] ^= 1 << random.randrange(8)
    elif kind == "page of zeros":
        bytes_now[page:end] = bytes(end - page)
    elif kind == "page of garbage":
        bytes_now[page:end] = random.randbytes(end - page)
    elif kind == "half a page":  # the old or the new half, as far as a disk can tell: here neither
        bytes_now[page + (end - page) // 2:end] = bytes(end - page - (end - page) // 2)
    elif kind == "another page":  # written to the wrong place
        other = random.randrange(len(before)) // PAGE * PAGE
        bytes_now[page:end] = before[other:other + end - page].ljust(end - page, b"\0")
    else:
        del bytes_now[at:]
    path.write_bytes(bytes_now)
    return f"{path.name} of {len(before)}: {kind} at {at}", bytes(bytes_now) != before, kind


def three_runs(campaign, number):
    """A folder of three runs, of which two are sealed blocks and one is a piece; and what was answered by which. The last may be killed."""
    backend = Backend(campaign.preset, "--rollup-interval", "100ms", "--durability", campaign.random.choice(("process", "power")))
    answered, clean = [], True
    for run in "abc":
        backend.begin()
        if run != "a":  # what the run before left is sealed now
            until(lambda: len(list(backend.data.glob("hits/*/*.log"))) == 0, "the run's piece before is sealed", 60)
        answered += clicked(backend, f"{run}{number}", campaign.random.randrange(400, 3000))
        clean = run != "c" or campaign.random.random() < 0.5
        ended(backend) if clean else killed(backend)
    return backend, answered, clean


def spilled_run(campaign, number):
    """A folder whose hits all wait in the spill file, left so by SIGTERM or SIGKILL."""
    disk = Disk()
    backend = Backend(campaign.preset, "--rollup-interval", "100ms", environment=disk.environment())
    backend.begin()
    disk.plan(path=f"{backend.data}/hits/", write=errno.EIO)
    answered = clicked(backend, f"s{number}", campaign.random.randrange(20, 400))
    clean = campaign.random.random() < 0.5
    ended(backend) if clean else killed(backend)
    disk.plan()
    backend.before = ()
    return backend, answered, clean


def said_missing(backend, check, first_seq):
    """How many hits the backend and `check` say may be missing; those before the first that is left are for everyone to see."""
    log = backend.log_text()
    between = sum(map(int, re.findall(r"at most (\d+) more could not", log)))
    at_the_end = sum(map(int, re.findall(r"(\d+) at the end are missing", log)))
    # `check` counts the sequences that are not there, also those that were leapt over.
    leapt = 1_000_000 * log.count("sequences go on after")
    return max(between + at_the_end + check["damagedHits"], check["gaps"] - leapt) + first_seq - 1


def bit_flips(campaign):
    """A bit or a page of a log piece, a sealed file, the spill file or the rollups is damaged between two runs: what is whole is there,
    once; what is not is set aside, said and counted."""
    rounds, sums, seen = campaign.rounds or 8, {"answered": 0, "gone_with_the_damage": 0, "said_missing": 0, "set_aside": 0}, []
    for number in range(rounds):
        pattern = ("hits/*/*.log", "hits/*/sealed", "spill/hits.spill", "rollups.db")[number % 4]
        backend, answered, clean = (spilled_run if pattern.startswith("spill") else three_runs)(campaign, number)
        try:
            what, changed, kind = damaged(campaign.random, campaign.random.choice(sorted(backend.data.glob(pattern))))
            where = f"round {number}, {what}"
            backend.begin()
            after = clicked(backend, f"z{number}", 100)
            until(lambda: backend.metrics()["clickroom_hits_pending"] == 0, f"{where}: what was spilled is taken in", 60)
            ended(backend)
            aside = [file for file in backend.data.rglob("*.damaged-*") if not file.name.endswith("-wal")]
            stored, check = backend.placements(), backend.check()
            said = said_missing(backend, check, min(int(row["seq"]) for row in exported(backend, "hits")))
            missing = [mark for mark in answered if mark not in stored]
            holds(not any(count > 1 for count in stored.values()), f"{where}: clicks are stored twice")
            holds(all(mark in stored for mark in after), f"{where}: clicks after the damage are missing")
            holds(pattern != "rollups.db" or not missing, f"{where}: {len(missing)} clicks are gone with the rollups")
            # A torn end after a crash is what a crash leaves: it is cut, and said in bytes. Nobody can know what stood there.
            torn = not clean and ("ended in a torn record" in backend.log_text() or kind == "cut" or pattern.endswith(".log"))
            holds(torn or len(missing) <= said, f"{where}: {len(missing)} clicks are gone, {said} are said to be: {backend.log_text()} {check}")
            holds(torn or not missing or aside or check["damagedHits"], f"{where}: {len(missing)} clicks are gone and nothing is set aside or found")
            holds(changed or not aside, f"{where}: nothing was damaged, and {aside} set aside")
            for name, value in zip(sums, (len(answered) + len(after), len(missing), said, len(aside))):
                sums[name] += value
            seen.append(f"{what}: {len(missing)} of {len(answered)} gone")
        finally:
            backend.end()
    return {"rounds": rounds, **sums, "seen": seen}
