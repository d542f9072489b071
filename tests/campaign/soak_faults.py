# SPDX-License-Identifier: GPL-3.0-or-later
"""Time: half of the load that this client can make, consoles coming and going; nothing grows but what is stored."""
import pathlib
import statistics
import threading
import time

from world import Backend, Console, Traffic, holds, nothing_lost, rollups_are_raw

CONNECTIONS = 4


def half_of_full(backend):
    """The pause between a connection's clicks that halves its rate; the clicks by which it was found."""
    traffic = Traffic(backend, "full", connections=CONNECTIONS)
    time.sleep(2)
    traffic.stop()
    holds(traffic.delays, "clicks are answered")
    return sum(traffic.delays) / len(traffic.delays), traffic


def sizes(backend):
    files = [file.stat().st_size for file in backend.data.glob("*-wal")]
    return {"rss_mib": backend.memory_mib(), "descriptors": len(list(pathlib.Path(f"/proc/{backend.process.pid}/fd").iterdir())),
            "wal_mib": sum(files) / 1048576}


def come_and_go(backend, random, stopped, count):
    while not stopped.is_set():
        console = Console(backend)
        console.wait_for("hello")
        console.subscribe(cursor=0)
        for _ in range(random.randrange(1, 20)):
            if stopped.is_set() or not console.message():
                break
            console.send(type="credit", frames=1)
        console.close()
        count.append(1)


def soak(campaign):
    """--seconds of load: memory, descriptors and write-ahead logs stay flat, what was answered is stored once, rollups = raw."""
    with Backend(campaign.preset, "--rollup-interval", "1s") as backend:
        pause, first = half_of_full(backend)
        stopped, consoles, taken = threading.Event(), [], []
        traffic = Traffic(backend, "s", connections=CONNECTIONS, pause=pause)
        visitors = [threading.Thread(target=come_and_go, args=(backend, campaign.random, stopped, consoles), daemon=True) for _ in range(3)]
        for thread in visitors:
            thread.start()
        begun = time.monotonic()
        while time.monotonic() < begun + campaign.seconds:
            time.sleep(campaign.seconds / 40)
            taken.append(sizes(backend))
        stopped.set()
        traffic.stop()
        for thread in visitors:
            thread.join(35)
        answered = first.answered + traffic.answered
        holds(traffic.broken == 0, f"{traffic.broken} clicks were not redirected")
        holds(consoles, "consoles came and went")
        early, late = taken[len(taken) // 4:len(taken) // 2], taken[-len(taken) // 4:]
        facts = {"clicks_per_s": round(len(traffic.answered) / campaign.seconds), "consoles": len(consoles)}
        for key, room in (("rss_mib", 24), ("descriptors", 12), ("wal_mib", 16)):
            before, after = (statistics.median(one[key] for one in part) for part in (early, late))
            facts[key] = f"{before:.1f} -> {after:.1f}"
            holds(after <= before * 1.1 + room, f"{key} grows: {facts[key]}")

        facts["rolled"] = rollups_are_raw(backend)
        return {**facts, **nothing_lost(backend, answered)}
