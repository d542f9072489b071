# SPDX-License-Identifier: GPL-3.0-or-later
"""Our redirect edge beside nginx: the same links, the same requests, alternating rounds in one run. Ours decides, enriches
and commits each click before its answer; nginx looks it up in a map and writes a line to its access log."""
import http.client
import json
import os
import pathlib
import resource
import socket
import ssl
import statistics
import time

from backend import Backend, destination
from load import BROWSER_HEADERS, load
from nginx import Nginx
from options import need, parse, tell

SMOKE = {"links": 1000, "rounds": 1, "seconds": 1, "connections": 8}


def hold_idle(address, count):
    """Connections that asked once and then stay open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, count + 256)), hard))
    host, port = address.split(":")
    held = []
    for _ in range(count):
        one = socket.create_connection((host, int(port)), 10)
        one.sendall(b"GET /k0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        if not one.recv(4096).startswith(b"HTTP/1.1 302"):
            raise SystemExit("an idle connection was not answered")
        held.append(one)
    return held


def location(server, path):
    """Where the server sends a browser."""
    host, port = server.address.split(":")
    if server.scheme == "https":
        line = http.client.HTTPSConnection(host, int(port), timeout=10, context=ssl._create_unverified_context())
    else:
        line = http.client.HTTPConnection(host, int(port), timeout=10)
    line.request("GET", path, headers={**BROWSER_HEADERS, "Host": "localhost"})
    answer = line.getresponse()
    line.close()
    return answer.status, answer.getheader("Location")


def settle(servers, quiet=0.02, step=0.25, patience=60):
    """What a server put off while it was loaded (ours seals its log) must not burden the other's round: waits until all use less than
    `quiet` of a core. What each spent meanwhile, in seconds of processor time."""
    began = before = [server.cpu_seconds() for server in servers]
    for _ in range(int(patience / step)):
        time.sleep(step)
        now = [server.cpu_seconds() for server in servers]
        if max(b - a for a, b in zip(before, now)) <= quiet * step:
            return [b - a for a, b in zip(began, now)]
        before = now
    raise SystemExit(f"after {patience} s without load a server is still busy")


def syncs_per_second(folder, seconds=1.0):
    """What the disk does by itself: a small write and fdatasync, over and over."""
    path = pathlib.Path(folder) / "syncs"
    done, begun = 0, time.monotonic()
    with open(path, "wb", buffering=0) as out:
        while time.monotonic() - begun < seconds:
            out.write(b"x" * 4096)
            os.fdatasync(out.fileno())
            done += 1
    path.unlink()
    return round(done / seconds)


def sizes(links, connections=64):
    return {"links": (links, "links on each side"), "rounds": (5, "alternations"), "seconds": (5, "of each round"),
            "connections": (connections, "connections of wrk")}


def compare(name, work, to_reach, options=(), idle=0, closing=False, p99_most=None, beside=None, also=None, connections=64, curve=()):
    asked = parse(name, f"{work}. {__doc__}", SMOKE, **sizes(100_000, connections))
    need("nginx", "nginx-light")
    idle = min(idle, 50) if asked.smoke else idle
    alternate(name, work, to_reach, asked, lambda: [Backend(asked.preset, asked.links, "--trust", "127.0.0.0/8", *options),
                                                    Nginx(asked.links, destination)], options, idle, closing, p99_most, beside, also, curve)


def in_turn(servers, rounds, measure):
    """What `measure` tells of each server, in so many rounds; all are calm before each."""
    told = []
    settle(servers)
    for _ in range(rounds):
        told.append([])
        for server in servers:
            told[-1].append(measure(server))
            settle(servers)
    return told


def with_connections(servers, asked, connections, closing):
    """Up to three alternations with so many connections: each side's throughput and its 99th percentile, and the ratio."""
    rounds = in_turn(servers, min(asked.rounds, 3), lambda server: load(server, asked.seconds, connections, asked.links, closing))
    ours, peer = ({"requests_per_second": round(statistics.median(r[i]["rate"] for r in rounds)),
                   "p99_us": round(statistics.median(r[i]["p99_us"] for r in rounds))} for i in (0, 1))
    return ours | {"ratio": round(statistics.median(r[0]["rate"] / r[1]["rate"] for r in rounds), 3)}, peer


def alternate(name, work, to_reach, asked, make, options=(), idle=0, closing=False, p99_most=None, beside=None, also=None, curve=()):
    """`make` makes ours and the peer, neither started. `p99_most`: times the peer's, where that is asked for. `beside`: more that is
    measured of ours alone, by name. `also`: what else is to be reached: its words, and whether a result does. `curve`: the alternations are
    repeated with so many connections each, which is told and not judged."""
    need("wrk", "wrk")
    servers, rounds, held, plain = [], [], [], []
    try:
        servers += make()
        for server in servers:
            server.start()
            load(server, 1, asked.connections, asked.links, closing)  # warm
        for path in ("/k0", f"/k{asked.links - 1}"):
            answers = {location(server, path) for server in servers}
            if len(answers) != 1 or next(iter(answers))[0] != 302:
                raise SystemExit(f"{path}: the two do not answer the same: {answers}")
        settle(servers)
        for _ in range(asked.rounds):
            measured = []
            if idle:
                plain.append(load(servers[0], asked.seconds, asked.connections, asked.links, closing)["cpu_us"])
                settle(servers)
            for at, server in enumerate(servers):
                held = hold_idle(server.address, idle) if idle else []
                measured.append(load(server, asked.seconds, asked.connections, asked.links, closing))
                for one in held:
                    one.close()
                put_off = settle(servers)[at]
                measured[-1]["put_off_us"] = put_off / (measured[-1]["rate"] * asked.seconds) * 1e6
            rounds.append(measured)
        others = {} if asked.smoke else {count: with_connections(servers, asked, count, closing) for count in curve}

        def median(which, key):
            return statistics.median(r[which][key] for r in rounds)

        ours, peer = ({"requests_per_second": round(median(i, "rate")), "cpu_us": round(median(i, "cpu_us"), 2),
                       "put_off_us": round(median(i, "put_off_us"), 2), "p50_us": round(median(i, "p50_us")), "p99_us": round(median(i, "p99_us"))} for i in (0, 1))
        result = {"bench": name, "work": work, "links": asked.links, "ours": ours, "peer": {"name": servers[1].name, **peer},
                  "ratio": round(statistics.median(r[0]["rate"] / r[1]["rate"] for r in rounds), 3),
                  "ratios": [round(r[0]["rate"] / r[1]["rate"], 3) for r in rounds],
                  "p99_ratio": round(ours["p99_us"] / peer["p99_us"], 2), "to_reach": f"≥ {to_reach} × its throughput"}
        result["reached"] = result["ratio"] >= to_reach
        if p99_most:
            result["to_reach"] += f", p99 ≤ {p99_most} ×"
            result["reached"] = result["reached"] and result["p99_ratio"] <= p99_most
        for count, sides in others.items():
            for side, told in zip((result["ours"], result["peer"]), sides):
                side[f"with_{count}_connections"] = told
        if idle:
            result["idle_connections"] = idle
            result["ours"]["cpu_us_without_idle"] = round(statistics.median(plain), 2)
        if "power" in options:
            result["disk_syncs_per_second"] = syncs_per_second(servers[0].folder)
        late = json.loads(servers[0].run("stats", "--data", servers[0].data, "--json"))
        result["ours"]["late"], result["ours"]["lost"] = late["late"], late["lost"]
    finally:
        for one in held:
            one.close()
        for server in servers:
            server.end()
    for key, measure in (beside or {}).items():
        result["ours"][key] = measure(asked)
    if also:
        result["to_reach"] += ", " + also[0]
        result["reached"] = result["reached"] and also[1](result)
    tell(asked, result)
