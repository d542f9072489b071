# SPDX-License-Identifier: GPL-3.0-or-later
"""Our redirect edge beside nginx: the same links, the same requests, alternating rounds in one run. Ours decides, enriches
and commits each click before its answer; nginx looks it up in a map and writes a line to its access log."""
import argparse
import json
import os
import pathlib
import resource
import socket
import statistics
import time

from backend import Backend, destination, need
from load import load
from nginx import Nginx


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


def compare(name, to_reach, options=(), idle=0, closing=False):
    parse = argparse.ArgumentParser(prog=f"tests/bench/{name}", description=__doc__)
    parse.add_argument("--links", type=int, default=100_000)
    parse.add_argument("--rounds", type=int, default=5)
    parse.add_argument("--seconds", type=int, default=5)
    parse.add_argument("--connections", type=int, default=64)
    parse.add_argument("--preset", default="release")
    parse.add_argument("--json", action="store_true")
    asked = parse.parse_args()
    need("wrk", "wrk")
    need("nginx", "nginx-light")
    servers, rounds, held = [], [], []
    try:
        servers.append(Backend(asked.preset, asked.links, "--trust", "127.0.0.0/8", *options))
        servers.append(Nginx(asked.links, destination))
        for server in servers:
            server.start()
            load(server, 1, asked.connections, asked.links, closing)  # warm
        for _ in range(asked.rounds):
            measured = []
            for server in servers:
                held = hold_idle(server.address, idle) if idle else []
                measured.append(load(server, asked.seconds, asked.connections, asked.links, closing))
                for one in held:
                    one.close()
            rounds.append(measured)

        def median(which, key):
            return statistics.median(r[which][key] for r in rounds)

        ours, peer = ({"requests_per_second": round(median(i, "rate")), "cpu_us": round(median(i, "cpu_us"), 2),
                       "p50_us": round(median(i, "p50_us")), "p99_us": round(median(i, "p99_us"))} for i in (0, 1))
        result = {"bench": name, "links": asked.links, "ours": ours, "peer": {"name": "nginx", **peer},
                  "ratio": round(statistics.median(r[0]["rate"] / r[1]["rate"] for r in rounds), 3),
                  "ratios": [round(r[0]["rate"] / r[1]["rate"], 3) for r in rounds],
                  "p99_ratio": round(ours["p99_us"] / peer["p99_us"], 2), "to_reach": to_reach,
                  "load_average": round(os.getloadavg()[2], 2)}
        if idle:
            result["idle_connections"] = idle
        if "power" in options:
            result["disk_syncs_per_second"] = syncs_per_second(servers[0].folder)
        late = json.loads(servers[0].run("stats", "--data", servers[0].data, "--json"))
        result["ours"]["late"], result["ours"]["lost"] = late["late"], late["lost"]
    finally:
        for one in held:
            one.close()
        for server in servers:
            server.end()
    if asked.json:
        print(json.dumps(result))
    else:
        for key, value in result.items():
            print(f"{key:24}{value}")
