# SPDX-License-Identifier: GPL-3.0-or-later
"""A backend of its own for a measurement: made, filled, started, watched through /proc, and gone at the end."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

from options import ROOT


def destination(i):
    return f"https://shop.example/landing/{i}?from=launch"


class Backend:
    scheme = "http"
    before = ()  # what starts the program: env with its settings

    def __init__(self, preset, links, *options):
        self.program = ROOT / "build" / preset / "bin" / "clickroomd"
        if not self.program.exists():
            sys.exit(f"{self.program} is not built: packaging/with-qt cmake --preset {preset}, and --build")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clickroom-bench-"))
        self.links = links
        self.options = options
        self.data = self.folder / "data"
        self.run("init", "--data", self.data)
        self.make_links()

    def run(self, *words):
        done = subprocess.run([ROOT / "packaging/with-qt", self.program, *map(str, words)], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"clickroomd {words[0]}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def make_links(self):
        table = self.folder / "links.csv"
        piece = 100_000  # an import is one commit
        for first in range(0, self.links, piece):
            with table.open("w") as out:
                out.write("domain,slug,destination\n")
                for i in range(first, min(first + piece, self.links)):
                    out.write(f"localhost,k{i},{destination(i)}\n")
            self.run("import", table, "--format", "csv", "--data", self.data)
        table.unlink(missing_ok=True)

    def call(self, method, path, body):
        """The API, while it runs, as the admin that `init` made."""
        request = urllib.request.Request(f"http://{self.addresses['api']}{path}", json.dumps(body).encode(), method=method, headers={
            "Authorization": "Bearer " + (self.data / "admin.token").read_text().strip(), "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def start(self):
        begun = time.monotonic()
        self.log = open(self.folder / "log", "w+")
        self.process = subprocess.Popen(
            [ROOT / "packaging/with-qt", *self.before, self.program, "serve", "--data", self.data, "--redirect", "127.0.0.1:0",
             "--api", "127.0.0.1:0", "--stream", "127.0.0.1:0", "--json", *self.options],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            sys.exit("the backend did not start: " + self.log.read())
        self.start_seconds = time.monotonic() - begun
        self.addresses = json.loads(line)

    @property
    def address(self):
        return self.addresses["redirect"]

    def memory_mib(self, key="VmRSS"):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(key + ":"):
                return int(line.split()[1]) / 1024
        return 0.0

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        if getattr(self, "process", None) and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                print(f"the backend did not stop within 60 s of SIGTERM; killed: {self.data}", file=sys.stderr)
                self.process.kill()

    def end(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
