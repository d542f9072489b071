# SPDX-License-Identifier: GPL-3.0-or-later
"""Time: half of the load that the machine bears, consoles coming and going; nothing grows but what is stored."""
import csv
import io
import multiprocessing
import pathlib
import random
import signal
import socket
import statistics
import subprocess
import threading
import time

from world import ROOT, STALLS, Backend, Console, holds, request, status_of, until

CONNECTIONS, DEEP, MARKED_EVERY = 8, 2, 128  # requests under way on each; and every so many-th batch holds a mark


class Load:
    """Clicks on keep-alive connections, DEEP at a time on each; `rate` over all of them a second, or as fast as they are answered."""

    def __init__(self, backend, prefix, rate=None):
        self.backend, self.prefix = backend, prefix
        self.pause = DEEP * CONNECTIONS / rate if rate else 0.0
        self.answered, self.marks, self.broken = [0] * CONNECTIONS, [[] for _ in range(CONNECTIONS)], []
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self.go, args=(i,), daemon=True) for i in range(CONNECTIONS)]
        for thread in self.threads:
            thread.start()

    def go(self, which):
        plain, number, due = request("/k0") * (DEEP - 1), 0, time.monotonic()
        connection = socket.create_connection(self.backend.where(), timeout=120)
        try:
            while not self.stopped.is_set():
                mark = f"{self.prefix}-{which}-{number}" if number % MARKED_EVERY == 0 else None
                connection.sendall(plain + request(f"/k0?qr={mark}" if mark else "/k0"))
                number, answers = number + 1, b""
                while answers.count(b"\r\n\r\n") < DEEP:
                    piece = connection.recv(65536)
                    if not piece:
                        raise OSError("closed")
                    answers += piece
                if answers.count(b"HTTP/1.1 302") != DEEP:
                    raise OSError(f"not a redirect: {answers[:200]}")
                self.answered[which] += DEEP
                if mark:
                    self.marks[which].append(mark)
                # What a stall held back is not made up for: the rate is never more than asked for.
                due = max(due + self.pause, time.monotonic() - self.pause)
                self.stopped.wait(max(0.0, due - time.monotonic()))
        except OSError as problem:
            self.broken.append(str(problem))
        connection.close()

    def stop(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join(150)
        holds(not self.broken, f"connections broke: {self.broken[:3]}")
        return self

    def total(self):
        return sum(self.answered)


def full_rate(backend, seconds=5):
    load, begun = Load(backend, "full"), time.monotonic()
    time.sleep(seconds)
    load.stop()
    return load.total() / (time.monotonic() - begun - STALLS.since(begun)), load


def sizes(backend):
    def mib(*patterns):
        total = 0
        for pattern in patterns:
            for file in backend.data.glob(pattern):
                try:
                    total += file.stat().st_size
                except FileNotFoundError:
                    pass  # sealed meanwhile
        return total / 1048576
    opened = []
    for one in pathlib.Path(f"/proc/{backend.process.pid}/fd").iterdir():
        try:
            opened.append(str(one.readlink()))
        except FileNotFoundError:
            pass  # closed meanwhile
    pieces = sum("/hits/" in path and path.removesuffix(" (deleted)").endswith(".log") for path in opened)
    return {"rss_mib": backend.memory_mib(), "descriptors": len(opened) - pieces, "open_pieces": pieces,
            "wal_mib": mib("*-wal"), "log_mib": mib("hits/*/*.log"), "spill_mib": mib("spill/*")}


def come_and_go(backend, seed, stopped, count):
    """In a process of its own: sessions that live for a few frames, some from an old cursor, one after the other."""
    chance = random.Random(seed)
    while not stopped.is_set():
        try:
            console = Console(backend)
            hello = console.wait_for("hello")
            console.subscribe(**({"cursor": max(0, hello["lastSeq"] - chance.randrange(50_000))} if chance.random() < 0.5 else {}))
            for _ in range(chance.randrange(1, 40)):
                if stopped.is_set() or not console.message():
                    break
                console.send(type="credit", frames=1)
            console.close()
            with count.get_lock():
                count.value += 1
        except OSError:
            time.sleep(0.1)


def stay(backend, stopped, told):
    """In a process of its own: a console from the first hit to the last, which resumes where its session ends. Counts hits, and those
    that it was told it did not get: dropped, or to be fetched because it came back too late."""
    cursor, got, dropped, beyond, sessions, wrong = 0, 0, 0, 0, 0, ""
    while not stopped.is_set() and not wrong:
        try:
            console = Console(backend)
            console.wait_for("hello")
            begins, sessions = console.subscribe(cursor=cursor)["from"], sessions + 1
            wrong = f"resumed at {begins} before {cursor}" if begins < cursor else ""
            beyond, cursor = beyond + begins - cursor, begins
            while not stopped.is_set() and not wrong and (frame := console.wait_for("frame")):
                if frame["first"] != cursor + 1:
                    wrong = f"frame begins at {frame['first']} after {cursor}"
                cursor, got, dropped = frame["last"], got + len(frame.get("hits", [])), dropped + frame.get("dropped", 0)
                told.put((cursor, got, dropped, beyond, sessions, wrong))
                console.send(type="credit", frames=1)
        except OSError:
            time.sleep(0.1)
    told.put((cursor, got, dropped, beyond, sessions, wrong))


def stored(backend, marks):
    """The stored hits, counted one by one; each mark is there once. By command, of a backend that is gone."""
    export = subprocess.Popen([ROOT / "packaging/with-qt", backend.program, "export", "hits", "--data", backend.data], stdout=subprocess.PIPE)
    names = export.stdout.readline().decode().strip().split(",")
    place, count, seen = names.index("placement"), 0, {}
    for line in export.stdout:
        count += 1
        if b"soak-" in line or b"full-" in line:
            mark = next(csv.reader([line.decode()]))[place]
            seen[mark] = seen.get(mark, 0) + 1
    holds(export.wait() == 0, "export failed")
    missing = [mark for mark in marks if mark not in seen]
    twice = [mark for mark, times in seen.items() if times > 1]
    holds(not missing and not twice, f"{len(missing)} marked clicks are not stored, {len(twice)} twice: {missing[:3]} {twice[:3]}")
    return count


def flat(taken):
    facts = {}
    early, late = taken[len(taken) // 4:len(taken) // 2], taken[-len(taken) // 4:]
    # While more than 10,000 hits a second come, finished pieces (of 32 MiB) wait up to 1 GiB before they are sealed, each held open.
    for key, room in (("rss_mib", 24), ("descriptors", 6), ("open_pieces", 40), ("wal_mib", 16), ("log_mib", 1100), ("spill_mib", 16)):
        before, after = (statistics.median(one[key] for one in part) for part in (early, late))
        facts[key] = f"{before:.1f} -> {after:.1f}, at most {max(one[key] for one in taken):.1f}"
        holds(after <= before * 1.1 + room, f"{key} grows: {facts[key]}")
    return facts


def soak(campaign):
    """--seconds of half the load that the machine bears then: memory, descriptors, logs and write-ahead logs stay flat, what was answered
    is stored once, a console that stays gets all of it, rollups = raw."""
    with Backend(campaign.preset, "--rollup-interval", "5s") as backend:
        fork = multiprocessing.get_context("fork")
        stopped, count, told = fork.Event(), fork.Value("q", 0), fork.Queue()
        processes = [fork.Process(target=come_and_go, args=(backend, campaign.random.random(), stopped, count), daemon=True) for _ in range(3)]
        processes.append(fork.Process(target=stay, args=(backend, stopped, told), daemon=True))
        for process in processes:
            process.start()
        rate, first = full_rate(backend)  # with the consoles there
        cpu, begun, taken, last = backend.cpu_seconds(), time.monotonic(), [], (0, 0, 0, 0, 0, "")
        load = Load(backend, "soak", rate / 2)

        def active():
            return time.monotonic() - begun - STALLS.since(begun)
        enough = threading.Event()  # SIGINT ends it earlier, and what there was by then is looked at
        signal.signal(signal.SIGINT, lambda *_: enough.set())
        while active() < campaign.seconds and not enough.wait(campaign.seconds / 60):
            taken.append(sizes(backend))
            while not told.empty():
                last = told.get()
        seconds, cpu = active(), backend.cpu_seconds() - cpu
        load.stop()
        answered = first.total() + load.total()

        def all_received():
            nonlocal last
            while not told.empty():
                last = told.get()
            return last[0] >= answered or last[5]
        until(all_received, "the console that stayed got the last hit", 120)
        stopped.set()
        metrics = backend.metrics()
        for process in processes:  # one may wait for a frame that does not come any more
            process.join(2)
            process.terminate()
        _, got, dropped, beyond, sessions, wrong = last
        holds(not wrong, wrong)
        holds(count.value > 0, "no console came and went")
        facts = {"half_of_full_per_s": round(rate / 2), "clicks_per_s": round(load.total() / seconds), "seconds_of_load": round(seconds),
                 "stood_still_s": round(STALLS.since(begun)), "cpu_us_a_click": round(cpu / load.total() * 1e6, 1), "consoles": count.value,
                 "late": int(metrics["clickroom_hits_late_total"]), "console_got": got, "console_told_dropped": dropped, "console_told_to_fetch": beyond,
                 "console_sessions": sessions, **flat(taken)}
        holds(got + dropped + beyond == answered, f"the console got {got} and was told of {dropped} dropped and {beyond} to fetch, of {answered}")
        until(lambda: backend.metrics()["clickroom_watermark_seq"] >= answered, "all is rolled up", 120)
        backend.process.terminate()
        holds(status_of(backend.process, 60) == 0, "the backend did not end with 0")
        facts.update(answered=answered, stored=stored(backend, [mark for one in (first, load) for marks in one.marks for mark in marks]))
        rolled = csv.DictReader(io.StringIO(backend.run("export", "rollups", "--granularity", "day", "--data", backend.data)))
        facts["rolled"] = sum(int(row["clicks"]) for row in rolled)
        holds(facts["stored"] == answered == facts["rolled"], f"answered, stored and rolled up are not one: {facts}")
        holds(metrics["clickroom_hits_lost_total"] == 0, "hits are counted as lost")
        facts["bytes_a_hit"] = round(sum(file.stat().st_size for file in backend.data.glob("hits/*/*")) / answered, 1)
        return {**facts, "lost": 0}
