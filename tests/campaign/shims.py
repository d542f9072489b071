# SPDX-License-Identifier: GPL-3.0-or-later
"""The shims under a real process, built where packaging/with-qt runs it: for the libc there."""
import pathlib
import subprocess

FOLDER = pathlib.Path(__file__).resolve().parent / "shim"
ROOT = FOLDER.parents[2]


def built(name):
    out = ROOT / "build/campaign" / f"{name}.so"
    out.parent.mkdir(parents=True, exist_ok=True)
    source = FOLDER / f"{name}.c"
    if not out.exists() or out.stat().st_mtime < source.stat().st_mtime:
        subprocess.run([ROOT / "packaging/with-qt", "cc", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", out, source, "-ldl", "-lpthread"], check=True)
    return out
