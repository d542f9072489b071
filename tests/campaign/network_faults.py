# SPDX-License-Identifier: GPL-3.0-or-later
"""The network: clients that are slow, rude, many or silent. Beside each an ordinary visitor is answered throughout."""
import socket
import struct
import time

from world import Backend, Beside, counters_add_up, holds, nothing_lost, open_files, request, until

# Every answer is a hit, and the newest are held for the stream (200,000, 256 MiB at most) and for the live window.
MEMORY_OF_HITS = 400


def connections_to(backend, count):
    open_files(count + 1000)
    return [socket.create_connection(backend.where(), timeout=30) for _ in range(count)]


def ended(connections, within):
    """Which of these the server ended, by the time all have ended or the time is over; their last words beside."""
    words, left = {}, set(connections)
    for one in connections:
        one.setblocking(False)
    stop = time.monotonic() + within
    while left and time.monotonic() < stop:
        for one in list(left):
            try:
                piece = one.recv(4096)
            except BlockingIOError:
                continue
            except OSError:
                piece = b""
            words[one] = words.get(one, b"") + piece
            if not piece:
                left.discard(one)
        time.sleep(0.05)
    return len(connections) - len(left), words


def closed(connections):
    for one in connections:
        one.close()


def fault(campaign, act, *options, memory_mib=150, **more):
    """Runs `act` on a fresh backend with a visitor beside it; then counters, memory and store are looked at."""
    with Backend(campaign.preset, *options, **more) as backend:
        with Beside(backend, "beside") as beside:
            before = backend.memory_mib()
            facts = act(backend) or {}
            grown = backend.memory_mib("VmHWM") - before
            until(lambda n=len(beside.traffic.answered): len(beside.traffic.answered) >= n + 20, "ordinary requests are answered afterwards")
        holds(grown < memory_mib, f"memory grew by {grown:.0f} MiB, at most {memory_mib}")
        counters_add_up(backend)
        # What the rude clients left is let go.
        until(lambda: backend.metrics()["clickroom_redirect_connections"] <= 1, "connections are let go", 90)
        return {**facts, **beside.facts(), "grown_mib": round(grown, 1), **nothing_lost(backend, beside.traffic.answered)}


def slowloris(campaign):
    """5,000 connections that send their request a byte at a time: each gets 408 or is ended after the header time."""
    def act(backend):
        slow = connections_to(backend, 5000)
        head, begun = request("/k0"), time.monotonic()
        for at in range(8):
            for one in slow:
                try:
                    one.send(head[at:at + 1])
                except OSError:
                    pass
        count, words = ended(slow, 40)
        closed(slow)
        holds(count == len(slow), f"{len(slow) - count} slow connections were never ended")
        timed_out = sum(word.startswith(b"HTTP/1.1 408") for word in words.values())
        holds(backend.metrics()["clickroom_redirect_timed_out_total"] >= timed_out, "each 408 is counted")
        return {"connections": count, "told_408": timed_out, "ended_after_s": round(time.monotonic() - begun, 1)}
    return fault(campaign, act)


def idle(campaign):
    """10,000 idle keep-alive connections, each of which has had one answer."""
    def act(backend):
        before = backend.memory_mib()
        quiet = connections_to(backend, 10_000)
        for one in quiet:
            one.sendall(request("/k0"))
        for one in quiet:
            holds(one.recv(4096).startswith(b"HTTP/1.1 302"), "each idle connection was answered before")
        each = (backend.memory_mib() - before) * 1024 / len(quiet)
        open_now = backend.metrics()["clickroom_redirect_connections"]
        holds(open_now >= len(quiet), f"{open_now} connections are open")
        closed(quiet)
        return {"connections": len(quiet), "kib_each": round(each, 2)}
    return fault(campaign, act, memory_mib=300)


def half_open(campaign):
    """Connections that never speak, end their half, or vanish by a reset at any point of a request."""
    def act(backend):
        resets = 0
        for _ in range((campaign.rounds or 10) * 200):
            one = socket.create_connection(backend.where(), timeout=10)
            head = request("/k0")
            part = campaign.random.randrange(len(head) + 1)
            try:
                one.sendall(head[:part])
                kind = campaign.random.randrange(3)
                if kind == 0:
                    one.shutdown(socket.SHUT_WR)
                    while one.recv(4096):
                        pass
                elif kind == 1:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    resets += 1
            except OSError:
                pass
            one.close()
        silent = connections_to(backend, 500)
        closed(silent)
        return {"connections": (campaign.rounds or 10) * 200, "resets": resets}
    return fault(campaign, act)


def flood(campaign):
    """Connections as fast as they can be made, each with one request and closed without looking."""
    def act(backend):
        begun, count = time.monotonic(), 0
        while time.monotonic() - begun < 10:
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(backend.where())
            one.setblocking(True)
            try:
                one.sendall(request("/nothing-there"))
            except OSError:
                pass
            one.close()
            count += 1
        return {"connections": count}
    return fault(campaign, act, memory_mib=MEMORY_OF_HITS)


def pipelining(campaign):
    """Thousands of requests in one go, read late or never: answered in order, or the connection ends; memory is bounded."""
    def act(backend):
        many = 5000
        one = socket.create_connection(backend.where(), timeout=30)
        one.setblocking(False)
        todo, got, asked = request("/k0") * many, b"", 0
        stop = time.monotonic() + 60
        while got.count(b"HTTP/1.1 302") < many and time.monotonic() < stop:
            try:
                asked += one.send(todo[asked:asked + 65536]) if asked < len(todo) else 0
            except BlockingIOError:
                pass
            try:
                got += one.recv(65536)
            except BlockingIOError:
                time.sleep(0.001)
        one.close()
        holds(got.count(b"HTTP/1.1 302") == many, f"{got.count(b'HTTP/1.1 302')} of {many} pipelined requests were answered")
        deaf = connections_to(backend, 50)
        sent = 0
        for each in deaf:  # until its line takes no more
            each.settimeout(1)
            try:
                for _ in range(100):
                    each.sendall(request("/k0") * 50)
                    sent += 50
            except OSError:
                pass
        closed(deaf)
        return {"in_order": many, "unread": sent}
    return fault(campaign, act, memory_mib=MEMORY_OF_HITS)


def giants(campaign):
    """Giant targets, giant and endless headers, and bytes at random: refused with their status, and cut off."""
    def act(backend):
        sizes = [9_000, 100_000, 5_000_000]
        refusals = {}
        for size in sizes:
            for what in (b"GET /" + b"a" * size + b" HTTP/1.1\r\nHost: h\r\n\r\n", request("/k0", "X-A: " + "b" * size),
                         request("/k0", *(f"X-{i}: c" for i in range(size // 10))), b"\0" * size,
                         campaign.random.randbytes(min(size, 100_000)), b"GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"):
                one = socket.create_connection(backend.where(), timeout=15)
                answer = b""
                try:
                    one.sendall(what)
                except OSError:
                    pass
                try:
                    one.shutdown(socket.SHUT_WR)
                    while piece := one.recv(4096):
                        answer += piece
                except OSError:
                    pass
                one.close()
                status = answer[9:12].decode(errors="replace") or "cut"
                refusals[status] = refusals.get(status, 0) + 1
        holds(not any(status.startswith("5") for status in refusals), f"no failure of the server's: {refusals}")
        endless = socket.create_connection(backend.where(), timeout=15)
        sent = 0
        try:
            endless.sendall(b"GET / HTTP/1.1\r\n")
            while sent < 50_000_000:
                endless.sendall(b"X-More: and more\r\n" * 100)
                sent += 1800
        except OSError:
            pass
        endless.close()
        holds(sent < 50_000_000, "an endless sender is cut off")
        return {"answers": refusals, "endless_cut_after": sent}
    return fault(campaign, act)


def descriptors(campaign):
    """No file descriptor left: those connected are served, those waiting once there is room again."""
    def act(backend):
        crowd = connections_to(backend, 400)
        for one in crowd:
            one.sendall(request("/k0"))
        answered, _ = ended(crowd, 2)
        closed(crowd)
        late = socket.create_connection(backend.where(), timeout=20)
        late.sendall(request("/k0"))
        holds(late.recv(4096).startswith(b"HTTP/1.1 302"), "who waited is answered once there is room")
        late.close()
        # The API shares the descriptors, so it is asked now.
        failures = int(backend.metrics()["clickroom_redirect_accept_failures_total"])
        holds(failures > 0, "the lack is counted")
        return {"accept_failures": failures, "ended_meanwhile": answered}
    return fault(campaign, act, descriptors=160)
