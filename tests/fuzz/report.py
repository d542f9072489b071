# SPDX-License-Identifier: GPL-3.0-or-later
"""The page tests/fuzz/REPORT.md: a line for each fuzzer's last run and one for each plant's, all of one machine."""
import os
import pathlib
import platform
import re
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
REPORT = ROOT / "tests/fuzz/REPORT.md"
TABLES = {
    "fuzz": ("## Runs\n", "| fuzzer | clean | seconds | inputs | features | edges | date, commit | again by |\n|---|---|---:|---:|---:|---:|---|---|"),
    "prove": ("## Plants\n", "| fuzzer | its plant found | seconds | inputs | planted in | seen | date, commit | again by |\n|---|---|---:|---:|---|---|---|---|"),
}


def commit():
    """What runs; with a mark where the tree holds something else that matters here."""
    def git(*words):
        return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True).stdout.strip()
    changed = git("status", "--porcelain", "--", ".", ":!tests/fuzz/REPORT.md", ":!tests/fuzz/corpus")
    return git("rev-parse", "--short", "HEAD") + (" and changes" if changed else "")


def machine():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    model = next((line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} cores of {model}, Linux {platform.release().split('-')[0]}"


def line_of(table, name, facts, commit, options):
    when = f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime())}, {commit}"
    again = f"`{'--prove ' if table == 'prove' else ''}{name} --seconds {options.seconds} --seed {options.seed}`"
    spent = [f"{facts['processor']} ({facts['seconds']})", f"{facts['inputs']:,}"]
    if table == "fuzz":
        cells = ["yes" if facts["clean"] else "**no**", *spent, f"{facts['features']:,}", f"{facts['edges']:,}"]
    else:
        cells = ["yes" if facts["found"] else "**no**", *spent, facts["planted"],
                 re.sub(r" (on|to) .*0x.*", "", facts["seen"]).replace(f"{ROOT}/", "").replace("|", "/").replace("\n", " ")[:200]]
    return "| " + " | ".join(map(str, [name, *cells, when, again])) + " |"


def lines_before(on, every):
    """Of the page as it is: the lines of each table by their fuzzer, if they are of this machine."""
    lines = {table: {} for table in TABLES}
    if not REPORT.exists() or f"Machine: {on}." not in REPORT.read_text():
        return lines
    table = None
    for line in REPORT.read_text().splitlines():
        if line.startswith("## "):
            table = next((key for key, (title, _) in TABLES.items() if title.strip() == line), None)
        elif table and line.startswith("| ") and line.split("|")[1].strip() in every:
            lines[table][line.split("|")[1].strip()] = line
    return lines


def write(table, name, facts, every, commit, options):
    """Takes in what one fuzzer's run (`fuzz`) or one plant's (`prove`) showed; the other lines stay."""
    on = machine()
    lines = lines_before(on, every)
    lines[table][name] = line_of(table, name, facts, commit, options)
    runs, plants = lines["fuzz"].values(), lines["prove"].values()

    def good(some):
        return sum(line.split("|")[2].strip() == "yes" for line in some)
    page = ["# What the fuzzers saw\n",
            f"Clean under the address and undefined-behaviour sanitizers: {good(runs)} of {len(runs)} run; plants found: {good(plants)} of {len(plants)} tried; "
            f"fuzzers: {len(every)}. Machine: {on}. Each line is of the run that it names, played again by `tests/fuzz/run` and what stands under \"again by\" "
            "(what a run had learnt before, in build/fuzz, helps it along). Seconds are a processor's, and in brackets a clock's, whatever else the machine did meanwhile; inputs are those that libFuzzer "
            "tried, features and edges what they reached in all. A plant is a mistake put into a copy of one source, which the seeds alone do not find; looked for without what was learnt before.\n"]
    for key, (title, head) in TABLES.items():
        page += [title, head, *(lines[key][one] for one in every if one in lines[key]), ""]
    REPORT.write_text("\n".join(page).rstrip("\n") + "\n")
