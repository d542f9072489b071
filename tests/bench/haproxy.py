# SPDX-License-Identifier: GPL-3.0-or-later
"""The peer with rules and TLS: HAProxy (Debian's) ends the TLS, tries ten rules on the request's headers in their order, takes the
destination of the first that holds from that rule's map of all links, and writes a line for each request to a file (its standard output)."""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

CONFIGURATION = """
global
  nbthread 2
  maxconn 4000
  log stdout format raw local0
  ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384
defaults
  mode http
  log global
  option httplog
  timeout client 600s
  timeout http-keep-alive 600s
frontend links
  bind 127.0.0.1:{port} ssl crt {folder}/both.pem alpn http/1.1
{rules}
  http-request deny deny_status 404
"""


class Haproxy:
    scheme = "https"

    def __init__(self, links, rules, destination, certificate, key):
        """`rules`: (ACL expressions, all of which must hold) of each; `destination(link, rule)`."""
        self.links = links
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clickroom-bench-haproxy-"))
        told = subprocess.run(["haproxy", "-v"], capture_output=True, text=True).stdout
        self.name = "HAProxy " + re.search(r"\d+(\.\d+)+", told).group(0)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"127.0.0.1:{port}"
        (self.folder / "both.pem").write_text(certificate.read_text() + key.read_text())
        lines = []
        for rule, expressions in enumerate(rules):
            with (self.folder / f"rule{rule}.map").open("w") as out:
                out.writelines(f"/k{link} {destination(link, rule)}\n" for link in range(links))
            conditions = " ".join("{ " + expression + " }" for expression in expressions)
            lines.append(f"  http-request redirect code 302 location %[path,map_str({self.folder}/rule{rule}.map)] if {conditions}")
        (self.folder / "haproxy.cfg").write_text(CONFIGURATION.format(port=port, folder=self.folder, rules="\n".join(lines)))

    def start(self):
        self.log = (self.folder / "access.log").open("w")
        self.process = subprocess.Popen(["haproxy", "-db", "-f", self.folder / "haproxy.cfg"], stdout=self.log, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 30
        host, port = self.address.split(":")
        while time.monotonic() < deadline:
            try:
                socket.create_connection((host, int(port)), 1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit("HAProxy did not start: " + self.process.stderr.read().decode()) from None
                time.sleep(0.05)
        raise SystemExit("HAProxy does not answer")

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        if getattr(self, "process", None) and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
