#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each half builds without the other: configured alone (the backend with Qt Gui hidden from it), it would run only commands that the
whole build runs too, and that build has passed. So the proof costs seconds, not a second build.

    halves.py SOURCE BUILD      BUILD: the whole build, as configured with all of it
"""
import pathlib
import re
import subprocess
import sys

SOURCE, BUILD = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
HALVES = {
    "backend-only": ("bin/clickroomd", r"Qt6?Gui|Qt6?Widgets|libQt6(Gui|Widgets)"),
    "app-only": ("bin/clickroom", r"libre2|maxminddb|boost"),
}


def commands(folder, target):
    listed = subprocess.run(["ninja", "-C", folder, "-t", "commands", target], capture_output=True, text=True, check=True)
    # cmake's own steps (autogen, cache tools) carry the list of all targets; compilers, archivers and linkers are what is compared.
    # A half is configured without the tests, of which the thread sanitizer's preset links something into the programs.
    lines = [re.sub(r"tests/tsan/\S+\s*", "", line.replace(str(folder), "BUILD")) for line in listed.stdout.splitlines()]
    return {line for line in lines if re.search(r"/(\w*c\+\+|\w*g\+\+|clang\+\+|ar) .*(-c|-o|qc) ", line)}


def main():
    failures = 0
    cache = (BUILD / "CMakeCache.txt").read_text()
    kept = [f"-D{line}" for line in cache.splitlines() if re.match(r"(CMAKE_BUILD_TYPE|CMAKE_CXX_FLAGS_\w+|CLICKROOM_\w+|CMAKE_DISABLE_PRECOMPILE_HEADERS):", line)]
    for preset, (target, foreign) in HALVES.items():
        folder = BUILD / "halves" / preset
        configured = subprocess.run(["cmake", "--preset", preset, "-B", folder, "-DBUILD_TESTS=OFF", *kept], cwd=SOURCE, capture_output=True, text=True)
        if configured.returncode:
            print(f"{preset} does not configure:\n{configured.stdout}{configured.stderr}")
            failures += 1
            continue
        half, whole = commands(folder, target), commands(BUILD, target)
        for line in sorted(half - whole):
            print(f"{preset} would run what the whole build does not: {line}")
            failures += 1
        for line in sorted(half):
            if re.search(foreign, line):
                print(f"{preset} sees the other half's libraries: {line}")
                failures += 1
        if not any(line for line in half if "-o " + target in line):
            print(f"{preset} does not link {target}")
            failures += 1
        print(f"{preset}: {len(half)} commands, {len(half & whole)} of them the whole build's")
    sys.exit(1 if failures else 0)


main()
