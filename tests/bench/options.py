# SPDX-License-Identifier: GPL-3.0-or-later
"""What every bench has in common: its options, where programs are, and how a result is told.

--smoke runs a second or two at tiny sizes: it proves that the bench works, its figures mean nothing. Every result is one object with `bench`,
`work`, `ours`, `peer`, `ratio`, `to_reach` and `reached`."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def parse(name, purpose, smoke=None, preset="bench", **sizes):
    """`sizes`: name=(value, help); `smoke`: their values with --smoke, where not given by hand."""
    options = argparse.ArgumentParser(prog=f"tests/bench/{name}", description=purpose,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    for key, (value, text) in sizes.items():
        options.add_argument("--" + key.replace("_", "-"), type=type(value), help=f"{text} (default {value})")
    options.add_argument("--preset", default=preset)
    options.add_argument("--smoke", action="store_true", help="a second or two at tiny sizes: whether it works, not how fast")
    options.add_argument("--json", action="store_true", help="one JSON object")
    asked = options.parse_args()
    for key, (value, _) in sizes.items():
        if getattr(asked, key) is None:
            setattr(asked, key, (smoke or {}).get(key, value) if asked.smoke else value)
    return asked


def need(program, package):
    if not shutil.which(program):
        sys.exit(f"{program} is needed: install the Debian package {package}")


def program(preset, *path):
    found = ROOT.joinpath("build", preset, *path)
    if not found.exists():
        sys.exit(f"{found} is not built: packaging/with-qt cmake --preset {preset}, and --build --preset {preset} --target {path[-1]}")
    return found


def run_json(preset, name, *words, timeout=900):
    """One of our bench programs (build/PRESET/tests), which prints one JSON object on its last line."""
    done = subprocess.run([ROOT / "packaging/with-qt", program(preset, "tests", name), *map(str, words)], capture_output=True, text=True,
                          timeout=timeout, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    if done.returncode:
        sys.exit(f"{name}: {done.stderr.strip() or done.stdout.strip()}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def tell(asked, result):
    """Prints the result; with --smoke it never fails for being slow."""
    result["load_average"] = round(os.getloadavg()[0], 2)
    if asked.smoke:
        result["smoke"] = True
    if asked.json:
        print(json.dumps(result))
    else:
        for key, value in result.items():
            print(f"{key:24}{value}")
