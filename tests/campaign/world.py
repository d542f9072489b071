# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenarios share: a real backend with clients around it that count, and the marks by which clicks are found again."""
import base64
import csv
import http.client
import io
import json
import os
import pathlib
import re
import resource
import socket
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
from backend import ROOT, Backend as BenchBackend  # noqa: E402

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


class Broken(Exception):
    """What a scenario found: it did not hold."""


def holds(condition, what):
    if not condition:
        raise Broken(what)


def until(condition, what, seconds=30.0):
    """Waits for a condition; its value, or Broken. It is asked so many times at least: a machine that stood still proves nothing."""
    end, asked = time.monotonic() + seconds, 0
    while time.monotonic() < end or asked < seconds * 10:
        if value := condition():
            return value
        asked += 1
        time.sleep(0.02)
    raise Broken(f"not within {seconds} s: {what}")


class Stalls:
    """How long the machine stood still, as this process saw it: what took longer than it may is no finding if all did."""

    def __init__(self):
        self.seen = []  # when, and how long
        threading.Thread(target=self.go, daemon=True).start()

    def go(self):
        last = time.monotonic()
        while True:
            time.sleep(0.02)
            now = time.monotonic()
            if now - last > 0.1:
                self.seen.append((now, now - last))
            last = now

    def since(self, begun):
        return sum(spent for when, spent in self.seen if when >= begun)


STALLS = Stalls()


def status_of(process, seconds=30.0):
    """How a process ended, within so many seconds in which the machine did not stand still."""
    begun = time.monotonic()
    while process.poll() is None:
        spent = time.monotonic() - begun
        if spent > seconds and spent - STALLS.since(begun) > seconds:
            raise Broken(f"the process did not end within {seconds} s")
        time.sleep(0.002)
    return process.returncode


def open_files(count):
    """Lets this process have so many descriptors."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    holds(hard == resource.RLIM_INFINITY or hard >= count, f"this needs {count} file descriptors, and {hard} are allowed (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))


def request(path, *headers):
    return ("\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", f"User-Agent: {AGENT}", *headers]) + "\r\n\r\n").encode()


class Backend(BenchBackend):
    """One link, "k0"; alive for a `with`. `environment` is added to what it has."""

    def __init__(self, preset, *options, environment=None, descriptors=None):
        super().__init__(preset, 1, "--log-level", "warning", *options)
        # Within what with-qt runs: a shim is made for the libc there.
        self.before = ("env", *(f"{name}={value}" for name, value in environment.items())) if environment else ()
        self.descriptors = descriptors

    def __enter__(self):
        self.begin()
        return self

    def __exit__(self, *_):
        self.end()

    def begin(self):
        self.start()
        if self.descriptors:  # it raises its own limit as far as it may, so it is lowered once it runs
            resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (self.descriptors, self.descriptors))

    def where(self, door="redirect"):
        host, port = self.addresses[door].rsplit(":", 1)
        return host, int(port)

    def token(self):
        return (self.data / "admin.token").read_text().strip()

    def ask(self, path, method="GET", body=None):
        connection = http.client.HTTPConnection(*self.where("api"), timeout=30)
        connection.request(method, path, body and json.dumps(body), {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/json"})
        answer = connection.getresponse().read()
        connection.close()
        return answer

    def metrics(self):
        return {name: float(value) for name, value in re.findall(r"^(clickroom_\w+) (\S+)$", self.ask("/metrics").decode(), re.M)}

    def placements(self):
        """How often each mark is stored; by command, so also of a backend that is gone."""
        rows = csv.DictReader(io.StringIO(self.run("export", "hits", "--data", self.data)))
        count = {}
        for row in rows:
            if row["placement"]:
                count[row["placement"]] = count.get(row["placement"], 0) + 1
        return count

    def check(self):
        """What `clickroomd check` says, well or not."""
        done = subprocess.run([ROOT / "packaging/with-qt", self.program, "check", "--data", self.data, "--json"], capture_output=True, text=True)
        holds(done.returncode in (0, 1) and done.stdout, f"check ended with {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def log_text(self):
        return (self.folder / "log").read_text(errors="replace")


class Traffic:
    """Marked clicks on keep-alive connections, one a thread; what was answered by a redirect is known by its mark."""

    def __init__(self, backend, prefix, connections=4, pause=0.0):
        self.backend, self.prefix, self.pause = backend, prefix, pause
        self.answered, self.broken, self.delays, self.answered_at = [], 0, [], {}
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self.go, args=(i,), daemon=True) for i in range(connections)]
        for thread in self.threads:
            thread.start()

    def go(self, which):
        number, connection = 0, None
        while not self.stopped.is_set():
            mark = f"{self.prefix}-{which}-{number}"
            number += 1
            begun = time.monotonic()
            try:
                if not connection:
                    connection = socket.create_connection(self.backend.where(), timeout=20)
                connection.sendall(request(f"/k0?qr={mark}"))
                answer = b""
                while b"\r\n\r\n" not in answer:
                    piece = connection.recv(4096)
                    if not piece:
                        raise OSError("closed")
                    answer += piece
                if answer.startswith(b"HTTP/1.1 302"):
                    self.answered_at[mark] = time.monotonic()
                    self.answered.append(mark)
                    self.delays.append(time.monotonic() - begun)
                else:
                    self.broken += 1
                if b"connection: close" in answer.lower():
                    raise OSError("told to close")
            except OSError as problem:
                if str(problem) != "told to close":
                    self.broken += 1
                if connection:
                    connection.close()
                connection = None
                if self.stopped.wait(0.01):
                    break
            if self.pause and self.stopped.wait(self.pause):
                break
        if connection:
            connection.close()

    def stop(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join(30)
        return self


class Beside:
    """An ordinary visitor beside a fault: each of its requests must be answered. Gives the slowest and the count."""

    def __init__(self, backend, prefix, pause=0.02):
        self.backend, self.prefix, self.pause = backend, prefix, pause

    def __enter__(self):
        self.traffic = Traffic(self.backend, self.prefix, connections=1, pause=self.pause)
        until(lambda: self.traffic.answered, "the first ordinary request is answered")
        return self

    def __exit__(self, kind, *_):
        self.traffic.stop()
        if kind:
            return
        holds(self.traffic.broken == 0, f"{self.traffic.broken} ordinary requests beside were not redirected")

    def facts(self):
        slowest = sorted(self.traffic.delays)
        return {"beside": len(slowest), "beside_p99_ms": round(slowest[int(len(slowest) * 0.99)] * 1000, 1),
                "beside_max_ms": round(slowest[-1] * 1000, 1)}


def nothing_lost(backend, answered):
    """Every answered mark is stored once. Ends the backend."""
    if backend.process.poll() is None:
        backend.process.terminate()
        holds(status_of(backend.process) == 0, "the backend did not end with 0")
    stored = backend.placements()
    lost = [mark for mark in answered if mark not in stored]
    twice = [mark for mark, count in stored.items() if count > 1]
    holds(not lost, f"{len(lost)} answered clicks are not stored: {lost[:3]}")
    holds(not twice, f"{len(twice)} clicks are stored twice: {twice[:3]}")
    return {"answered": len(answered), "stored": len(stored), "lost": 0}


def counters_add_up(backend):
    """Every request is a hit or counted beside."""
    def good():
        now = backend.metrics()
        hits = now["clickroom_hits_stored_total"] + now["clickroom_queue_hits"] + now["clickroom_hits_lost_total"]
        beside = sum(now[f"clickroom_redirect_{name}_total"] for name in ("reserved", "refused", "queue_full"))
        return now if now["clickroom_redirect_requests_total"] == hits + beside else None
    return until(good, "requests = hits + reserved + refused + queue full", 15)


def rollups_are_raw(backend, days=5):
    """The backend's own report of raw beside rolled up says equal, with nothing to come; gives the hits."""
    def moment(offset):
        return time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() + offset * 86_400))
    seen = {}

    def equal():
        seen.update(json.loads(backend.ask(f"/v1/reports/reconciliation?from={moment(-days)}&to={moment(days)}")))
        return seen.get("totals", {}).get("state") == "equal"
    try:
        until(equal, "rollups = raw", 30)
    except Broken:
        raise Broken(f"rollups are not raw: {seen}") from None
    return seen["totals"]["rolled"]["hits"]


class Console:
    """A WebSocket client in the test's own hands: it can say anything, and need not listen."""

    def __init__(self, backend, encoding="json", receive_bytes=None):
        self.socket = socket.socket()
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.settimeout(30)
        self.socket.connect(backend.where("stream"))
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: clickroom.v1.{encoding}\r\n"
                             f"Authorization: Bearer {backend.token()}\r\n\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            piece = self.socket.recv(65536)
            if not piece:
                raise OSError("closed in the handshake")
            self.buffer += piece
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        self.status = int(head.split()[1])
        self.closed = None

    def frame(self, payload, opcode=1):
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else bytes([0xFE]) + struct.pack(">H", size) if size < 65536 else bytes([0xFF]) + struct.pack(">Q", size)
        mask = b"\x13\x57\x9b\xdf"
        body = bytes(b ^ mask[i & 3] for i, b in enumerate(payload))
        self.socket.sendall(bytes([0x80 | opcode]) + length + mask + body)

    def send(self, **message):
        self.frame(json.dumps(message).encode())

    def take(self, count):
        while len(self.buffer) < count:
            piece = self.socket.recv(262144)
            if not piece:
                raise OSError("closed")
            self.buffer += piece
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def message(self):
        """The next message; None once the backend has closed the session (`closed` has the code)."""
        text = b""
        while True:
            try:
                first, second = self.take(2)
                size = second & 127
                if size == 126:
                    size = struct.unpack(">H", self.take(2))[0]
                elif size == 127:
                    size = struct.unpack(">Q", self.take(8))[0]
                payload = self.take(size)
            except OSError:
                self.closed = self.closed or 1006
                return None
            opcode = first & 15
            if opcode == 8:
                self.closed = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
                return None
            if opcode == 9:
                self.frame(payload, 10)
            elif opcode in (0, 1, 2):
                text += payload
                if first & 0x80:
                    return json.loads(text)

    def wait_for(self, kind):
        while message := self.message():
            if message["type"] == kind:
                return message
        return None

    def subscribe(self, **more):
        self.send(type="subscribe", id=1, filter={}, **more)
        return self.wait_for("subscribed")

    def close(self):
        self.socket.close()
