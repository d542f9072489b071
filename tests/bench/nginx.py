# SPDX-License-Identifier: GPL-3.0-or-later
"""The peer: nginx with a map of the same links, a 302 from it, and a line in its access log for each request."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

CONFIGURATION = """
worker_processes 2;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 16384; }}
http {{
  map_hash_max_size 1048576;
  map_hash_bucket_size 128;
  map $uri $destination {{ include {folder}/map; }}
  access_log {folder}/access.log combined;
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{ if ($destination = "") {{ return 404; }} return 302 $destination; }}
  }}
}}
"""


class Nginx:
    name, scheme = "nginx", "http"

    def __init__(self, links, destination):
        self.links = links
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clickroom-bench-nginx-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"127.0.0.1:{port}"
        with (self.folder / "map").open("w") as out:
            out.writelines(f"/k{i} {destination(i)};\n" for i in range(links))
        (self.folder / "nginx.conf").write_text(CONFIGURATION.format(folder=self.folder, port=port))

    def start(self):
        self.process = subprocess.Popen(["nginx", "-c", self.folder / "nginx.conf", "-g", "daemon off; user root;"
                                         if os.getuid() == 0 else "daemon off;", "-p", self.folder],
                                        stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        host, port = self.address.split(":")
        while time.monotonic() < deadline:
            try:
                socket.create_connection((host, int(port)), 1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit("nginx did not start: " + (self.folder / "error.log").read_text())
                time.sleep(0.05)
        raise SystemExit("nginx does not answer")

    def cpu_seconds(self):
        ticks = 0
        workers = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in [str(self.process.pid), *workers]:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def end(self):
        if getattr(self, "process", None) and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
