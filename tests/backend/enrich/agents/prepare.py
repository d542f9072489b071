#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes agents.tsv from four npm packages that carry agents with what they are (README.md names them and their licences):
set, bot or person, device or empty, how often it was seen, agent. Run it by hand for a newer edition."""
import collections
import json
import pathlib
import re
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = {"user-agents": "2.1.198", "random-useragent": "0.5.0", "woothee": "1.11.1", "ua-parser-js": "0.7.20"}

# Labelled "browser" by what they imitate, but a program's own request by our words; what cannot be called either is left out.
LEFT_OUT = ("HeadlessChrome", "PhantomJS", "VocusBot", "CFNetwork", "Instapaper", "RSS Version")


def user_agents(folder):
    seen = collections.defaultdict(collections.Counter)
    for entry in json.loads((folder / "dist/user-agents.json").read_text()):
        seen[entry["userAgent"]][entry["deviceCategory"]] += 1
    return [("person", devices.most_common(1)[0][0], sum(devices.values()), agent) for agent, devices in seen.items()]


def random_useragent(folder):
    bots = ("/Spiders - Search", "/Miscellaneous/Bots - Spiders", "/Miscellaneous/Downloaders", "/Miscellaneous/Validators",
            "/Miscellaneous/Feed Readers", "/Miscellaneous/Libraries")
    mixed = ("Amazon (Kindle)", "Barnes and Noble", "HP", "Acer", "Zune (Microsoft)", "Google (Nexus etc.)")  # both kinds of device
    for entry in json.loads((folder / "useragent-data.json").read_text()):
        where, agent = entry["folder"], entry["userAgent"]
        apple_tablet = "ipad" in entry["description"].lower()
        if where in bots:
            yield "bot", "", 1, agent
        elif "Console Browsers" in where:
            yield "person", "", 1, agent
        elif where.startswith("/Browsers") or "/Browsers - " in where:
            yield "person", "desktop", 1, agent
        elif "Tablets" in where:
            yield "person", "tablet", 1, agent
        elif where.startswith("/Mobile Devices/Devices"):
            device = "tablet" if apple_tablet else "" if where.split("/")[-1] in mixed else "mobile"
            yield "person", device, 1, agent
        elif "Game Consoles" in where:
            yield "person", "other", 1, agent
        elif where.startswith("/Mobile Devices") and "Services" not in where:
            yield "person", "tablet" if apple_tablet else "", 1, agent


def woothee(folder):
    kinds = {"crawler": ("bot", ""), "pc": ("person", "desktop"), "smartphone": ("person", ""), "mobilephone": ("person", "mobile"),
             "appliance": ("person", "other")}
    for path in sorted((folder / "woothee/testsets").glob("*.yaml")):
        agent = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            found = re.match(r"-?\s*(target|category): *(['\"]?)(.*)\2$", line.strip())
            if found and found.group(1) == "target":
                agent = found.group(3)
            elif found and found.group(3) in kinds:
                yield *kinds[found.group(3)], 1, agent


def ua_parser_js(folder):
    devices = {"mobile": "mobile", "tablet": "tablet", "smarttv": "other", "console": "other", "wearable": "other"}
    for name in ("device", "browser", "os"):
        for entry in json.loads((folder / f"test/{name}-test.json").read_text()):
            yield "person", devices.get(entry["expect"].get("type"), "") if name == "device" else "", 1, entry["ua"]


def main():
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, version in PACKAGES.items():
            archive = subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True,
                                     capture_output=True, text=True).stdout.split()[-1]
            target = pathlib.Path(folder) / name
            target.mkdir()
            subprocess.run(["tar", "xzf", archive, "-C", target], cwd=folder, check=True)
            for kind, device, seen, agent in globals()[name.replace("-", "_")](target / "package"):
                agent = re.sub(r"[\t\r\n]+", " ", agent).strip()
                if agent and not any(word in agent for word in LEFT_OUT):
                    rows.setdefault((name, agent), (kind, device, seen))
    with (HERE / "agents.tsv").open("w", encoding="utf-8") as out:
        for (name, agent), (kind, device, seen) in rows.items():
            out.write(f"{name}\t{kind}\t{device}\t{seen}\t{agent}\n")


main()
