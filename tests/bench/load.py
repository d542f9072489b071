# SPDX-License-Identifier: GPL-3.0-or-later
"""Load by wrk: browser's headers, slugs at random, one thread (the other core is the server's)."""
import re
import subprocess
import tempfile

BROWSER_HEADERS = {  # about what a browser sends with a navigation: 650 bytes
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language": "de-DE,de;q=0.9,en;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
    "Referer": "https://news.example/launch",
    "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site",
    "Upgrade-Insecure-Requests": "1",
}
# Requests are made once: what wrk spends on each is taken from the server's two cores.
SCRIPT = """
local asked, step, made, headers, requests = %d, %d, math.min(%d, 20000), { %s }, {}
function init(args)
  math.randomseed(os.time() + tonumber(tostring(requests):match("0x(%%x+)"), 16) %% 1000000)
  for i = 1, made do
    local n = asked == made and i - 1 or math.random(0, asked - 1)
    requests[i] = wrk.format("GET", "/k" .. n * step, headers)
  end
end
function request() return requests[math.random(made)] end
"""
UNITS = {"us": 1.0, "ms": 1e3, "s": 1e6}


def microseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * UNITS[unit]


def load(server, seconds, connections, asked, closing=False, pause_ms=0):
    """`server` has an address, a scheme, a count of links, and cpu_seconds(). Each connection rests for `pause_ms` between an answer and its
    next request, which its latency does not count."""
    headers = {**BROWSER_HEADERS, "Host": "localhost", "Connection": "close" if closing else "keep-alive"}
    table = ", ".join(f'["{name}"]="{value}"' for name, value in headers.items())
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % (asked, server.links // asked, asked, table))
        if pause_ms:
            script.write(f"function delay() return {pause_ms} end\n")
        script.flush()
        cpu = server.cpu_seconds()
        told = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script.name,
                               f"{server.scheme}://{server.address}/"], capture_output=True, text=True, check=True).stdout
        cpu = server.cpu_seconds() - cpu
    if "Non-2xx" in told or "Socket errors" in told and not closing:
        raise SystemExit("not every request was answered by a redirect:\n" + told)
    requests = int(re.search(r"(\d+) requests in", told).group(1))
    percentile = dict(re.findall(r"^\s+(50|99)%\s+(\S+)", told, re.M))
    return {"rate": float(re.search(r"Requests/sec:\s+([\d.]+)", told).group(1)), "cpu_us": cpu / requests * 1e6,
            "p50_us": microseconds(percentile["50"]), "p99_us": microseconds(percentile["99"])}
