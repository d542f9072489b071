# SPDX-License-Identifier: GPL-3.0-or-later
"""Bits that turn between two runs: the backend starts, says what it set aside, and keeps the rest."""
from world import Backend, Traffic, holds, until


def clicked(backend, prefix, count):
    traffic = Traffic(backend, prefix, connections=4)
    until(lambda: len(traffic.answered) >= count, "clicks are answered", 60)
    traffic.stop()
    holds(traffic.broken == 0, f"{traffic.broken} clicks were not redirected")
    return traffic.answered


def ended(backend):
    backend.process.terminate()
    holds(backend.process.wait(30) == 0, "the backend did not end with 0")


def flip(campaign, path):
    """One bit of the file, anywhere."""
    with open(path, "r+b") as file:
        at = campaign.random.randrange(path.stat().st_size)
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1 << campaign.random.randrange(8)]))
    return at


def bit_flips(campaign):
    """One bit turned in a log piece, a sealed file or the rollups, after a clean stop: what is lost is said, the rest is there, once."""
    rounds, missing_in_all, answered_in_all, said, seen = campaign.rounds or 6, 0, 0, 0, []
    for number in range(rounds):
        pattern = ("hits/*/*.log", "hits/*/sealed", "rollups.db")[number % 3]
        with Backend(campaign.preset, "--rollup-interval", "100ms") as backend:
            answered = clicked(backend, f"a{number}", 200)
            ended(backend)
            backend.begin()  # what the first run left is sealed now
            until(lambda: list(backend.data.glob("hits/*/sealed")), "the first run's piece is sealed", 60)
            answered += clicked(backend, f"b{number}", 200)
            ended(backend)
            files = sorted(backend.data.glob(pattern))
            holds(files, f"there is a {pattern}")
            path = campaign.random.choice(files)
            at = flip(campaign, path)
            where = f"round {number}: {path.relative_to(backend.data)} at {at}"
            backend.begin()
            answered += clicked(backend, f"c{number}", 100)
            ended(backend)
            aside = [str(file.relative_to(backend.data)) for file in backend.data.rglob("*.damaged-*")]
            stored = backend.placements()
            missing = [mark for mark in answered if mark not in stored]
            holds(not any(count > 1 for count in stored.values()), f"{where}: clicks are stored twice")
            holds(all(mark in stored for mark in answered if mark.startswith("c")), f"{where}: clicks after the damage are missing")
            holds(not missing or "damaged" in backend.log_text() and aside, f"{where}: {len(missing)} clicks are gone and nothing is said")
            holds(pattern != "rollups.db" or not missing, f"{where}: {len(missing)} clicks are gone with the rollups")
            # A bit costs a frame of one of the two runs before it, never both.
            holds(not missing or len({mark[0] for mark in missing}) == 1, f"{where}: one bit took clicks of both runs")
            missing_in_all, answered_in_all, said = missing_in_all + len(missing), answered_in_all + len(answered), said + bool(aside)
            seen.append(f"{path.name}@{at}: {len(missing)} gone{', set aside' if aside else ''}")
    return {"rounds": rounds, "answered": answered_in_all, "gone_with_the_bit": missing_in_all, "set_aside": said, "seen": seen}
