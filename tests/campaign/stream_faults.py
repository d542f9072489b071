# SPDX-License-Identifier: GPL-3.0-or-later
"""The live stream: consoles that do not listen, lie, storm and shout. Beside each an honest console misses nothing."""
import json
import threading
import time

from world import Backend, Console, Traffic, holds, nothing_lost, open_files, until


class Honest:
    """Subscribes from the beginning, works its frames off and sees that every sequence is covered once."""

    def __init__(self, backend):
        self.console, self.violations, self.marks, self.dropped = Console(backend), [], set(), 0
        self.console.wait_for("hello")
        self.cursor = self.console.subscribe(cursor=0)["from"]
        self.thread = threading.Thread(target=self.go, daemon=True)
        self.thread.start()

    def go(self):
        while message := self.console.message():
            if message["type"] != "frame":
                continue
            if message["first"] != self.cursor + 1:
                self.violations.append(f"frame begins at {message['first']} after {self.cursor}")
            self.cursor = message["last"]
            self.dropped += message.get("dropped", 0)
            self.marks.update(hit["placement"] for hit in message.get("hits", []))
            try:
                self.console.send(type="credit", frames=1)
            except OSError:
                return


def fault(campaign, act, memory_mib=200):
    open_files(4000)
    with Backend(campaign.preset) as backend:
        honest = Honest(backend)
        traffic = Traffic(backend, "s", connections=2, pause=0.002)
        until(lambda: len(honest.marks) > 50, "the honest console gets hits")
        before = backend.memory_mib()
        facts = act(backend) or {}
        mark = len(honest.marks)
        until(lambda: len(honest.marks) > mark + 50, "the honest console goes on getting hits")
        traffic.stop()
        until(lambda: set(traffic.answered) <= honest.marks, "the honest console got every answered click")
        grown = backend.memory_mib("VmHWM") - before
        holds(not honest.violations and honest.dropped == 0, f"{honest.violations[:3]} dropped {honest.dropped}")
        holds(grown < memory_mib, f"memory grew by {grown:.0f} MiB, at most {memory_mib}")
        honest.console.close()
        until(lambda: backend.metrics()["clickroom_stream_sessions"] == 0, "sessions are let go", 60)

        def left():  # but for the hits that are held for others, a KiB each at most
            return backend.memory_mib() - before - len(honest.marks) / 1024
        until(lambda: left() < 60, f"what a crowd took is given back, and {left():.0f} MiB more than before are taken", 60)
        return {**facts, "hits_streamed": len(honest.marks), "grown_mib": round(grown, 1), "left_mib": round(left(), 1), **nothing_lost(backend, traffic.answered)}


def deaf_consoles(campaign):
    """Consoles that subscribe to everything and read no more."""
    def act(backend):
        deaf = []
        for _ in range(100):
            one = Console(backend, receive_bytes=4096)
            one.send(type="subscribe", id=1, filter={}, cursor=0)
            # Credit without end, so that only the line holds it back.
            for _ in range(20):
                one.send(type="credit", frames=64)
            deaf.append(one)
        frames = backend.metrics()["clickroom_stream_frames_total"]
        until(lambda: backend.metrics()["clickroom_stream_frames_total"] > frames + 500, "frames go on", 60)
        for one in deaf:
            one.close()
        return {"deaf": len(deaf)}
    return fault(campaign, act)


def storm(campaign):
    """500 consoles at once, again and again, each with an old cursor."""
    def act(backend):
        refused, again = [], []
        rounds = campaign.rounds or 3

        def one(cursor, pause):
            for _ in range(8):  # a console that is turned away comes again, later each time
                try:
                    console = Console(backend)
                    served = console.status == 101 and console.wait_for("hello") and console.subscribe(cursor=cursor)
                    console.close()
                    if served:
                        return
                except OSError as problem:
                    again.append(str(problem))
                time.sleep(pause := pause * 2)
            refused.append(cursor)
        slowest = 0.0
        for _ in range(rounds):
            begun = time.monotonic()
            threads = [threading.Thread(target=one, args=(campaign.random.randrange(50), campaign.random.random() / 5)) for _ in range(500)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
            slowest = max(slowest, time.monotonic() - begun)
        holds(not refused, f"{len(refused)} of {rounds * 500} were not served: {refused[:3]}")
        return {"consoles": rounds * 500, "came_again": len(again), "slowest_round_s": round(slowest, 2)}
    # A session that catches up may have 1 MiB unsent.
    return fault(campaign, act, memory_mib=600)


def liars(campaign):
    """Cursors that never were, garbage, other encodings, giant messages, floods: each ends with its reason, or is put right."""
    def act(backend):
        def session():
            console = Console(backend)
            hello = console.wait_for("hello")
            return console, hello
        said = {}

        console, hello = session()
        ahead = console.subscribe(cursor=hello["lastSeq"] + 10**12)
        holds(ahead and ahead["from"] < hello["lastSeq"] + 10**12, f"a cursor from the future is put right: {ahead}")
        console.close()

        def ends(name, act, reasons):
            console, _ = session()
            try:
                act(console)
            except OSError:
                pass
            bye = console.wait_for("bye")
            console.close()
            said[name] = (bye or {}).get("reason", f"closed {console.closed}")
            holds(said[name] in reasons, f"{name} ended with {said[name]} ({bye}), not one of {reasons}")

        ends("garbage", lambda c: c.frame(campaign.random.randbytes(2000), 2), {"bad_message", "closed 1003", "closed 1007"})
        ends("not_json", lambda c: c.frame(b"{]"), {"bad_message"})
        ends("deep", lambda c: c.frame(b"[" * 50_000), {"bad_message"})
        ends("not_utf8", lambda c: c.frame(b"\xff\xfe\xfd"), {"bad_message", "closed 1007"})
        ends("giant", lambda c: c.frame(b"x" * 2_000_000), {"bad_message", "closed 1009", "closed 1006"})
        ends("negative_cursor", lambda c: c.send(type="subscribe", id=1, cursor=-1), {"bad_message"})
        ends("credit", lambda c: c.send(type="credit", frames=10**9), {"bad_message"})
        ends("messages", lambda c: [c.send(type="ping", echo=1) for _ in range(5000)], {"bad_message", "too_fast", "flood", "rate_limit", "limit"})
        ends("subscriptions", lambda c: [c.send(type="subscribe", id=i, filter={}) for i in range(100)], {"bad_message", "too_fast", "flood", "rate_limit", "limit"})
        return {"said": json.dumps(said)}
    return fault(campaign, act)
