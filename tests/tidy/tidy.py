#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The house rules as a test: who may include whom, sizes, words, format. Prints file:line and the rule; exit status 1 on any breach.

The tables below are where a rule is changed; an exception stands in EXCEPTIONS with its reason.
"""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()

# room: rooms whose headers it may include (beside its own)
ROOMS = {
    "backend/protocol": [],
    "backend/runtime": [],
    "backend/enrich": ["backend/protocol"],
    "backend/links": ["backend/protocol"],
    "backend/imports": ["backend/protocol", "backend/links"],
    "backend/rollups": ["backend/protocol"],
    "backend/insight": ["backend/protocol"],
    "backend/storage": ["backend/protocol", "backend/runtime", "backend/links", "backend/rollups"],
    "backend/pipeline": ["backend/protocol", "backend/runtime", "backend/links", "backend/imports", "backend/rollups", "backend/storage"],
    "backend/redirect": ["backend/protocol", "backend/runtime", "backend/enrich", "backend/links"],
    "backend/stream": ["backend/protocol", "backend/runtime", "backend/insight"],
    "backend/api": ["backend/protocol", "backend/runtime", "backend/links", "backend/imports", "backend/storage", "backend/pipeline"],
    "backend/cli": ["backend/protocol", "backend/runtime", "backend/enrich", "backend/links", "backend/imports", "backend/storage", "backend/pipeline",
                    "backend/api"],  # api: the JSON forms only
    "backend": None,  # main composes: everything of the backend
    "app/state": ["backend/protocol"],
    "app/archive": ["backend/protocol", "app/state"],
    "app/connection": ["backend/protocol", "app/state"],  # state: its plain words only
    "app/models": ["backend/protocol", "app/state"],
    "app/widgets": [],
    "app/qr": [],
    "app/pages/qr_codes": ["app/qr", "app/widgets"],
    "app/pages/imports": ["backend/protocol", "app/state", "app/widgets"],
    "app/pages/exports": ["app/state", "app/widgets"],
    "app/pages/live": ["backend/protocol", "app/models", "app/state", "app/widgets"],
    "app/pages/links": ["backend/protocol", "app/models", "app/state", "app/widgets"],
    "app/pages/report_parts": ["backend/protocol", "app/models", "app/state", "app/widgets"],
    "app/pages/reports": ["backend/protocol", "app/pages/report_parts", "app/models", "app/state", "app/widgets"],
    "app/pages/qr_performance": ["backend/protocol", "app/pages/report_parts", "app/models", "app/state", "app/widgets"],
    "app/pages/settings": ["backend/protocol", "app/models", "app/state", "app/widgets"],
    "app/shell": ["backend/protocol", "app/pages/live", "app/pages/links", "app/pages/settings", "app/pages/qr_codes", "app/pages/imports", "app/pages/exports",
                  "app/pages/report_parts", "app/pages/reports", "app/pages/qr_performance", "app/archive", "app/connection", "app/models", "app/state", "app/widgets"],
    "app": None,
    "packaging/demo": ["backend/protocol", "backend/runtime"],
}

# What a room must never see, as a pattern over the text of its includes.
BANNED_INCLUDES = {
    "backend/protocol": r"<(Q(?!Json|ByteArray|String|Cbor|DateTime|TimeZone)\w+|boost/|sqlite3)",
    "backend/runtime": r"<(Q\w+|sqlite3|maxminddb)",
    "backend/links": r"<(Q\w+|boost/|sqlite3|fstream|mutex|thread)",
    "backend/imports": r"<(Q\w+|boost/|sqlite3|fstream|mutex|thread)",
    "backend/rollups": r"<(Q\w+|boost/|sqlite3|fstream|mutex|thread)",
    "backend/insight": r"<(Q\w+|boost/|sqlite3|fstream|mutex|thread)",
    "backend/enrich": r"<(boost/|sqlite3|thread|QNetwork|QTcp)",
    "backend/storage": r"<(Q\w+|boost/asio|boost/beast|thread>)",
    "backend/pipeline": r"<(Q\w+|boost/asio|boost/beast|thread>|sqlite3)",
    "backend/redirect": r"<(Q\w+|sqlite3|fstream|thread>)",
    "backend/stream": r"<(boost/|sqlite3|QThread>)",
    "backend/api": r"<(QThread>|thread>|sqlite3)",
    "app/state": r"<(QWidget|QNetwork|QWebSocket|QTcp|QApplication)",
    "app/archive": r"<(QWidget|QNetwork|QWebSocket|QTcp|QApplication|QThread>)",
    "app/connection": r"<(QWidget|QApplication|QAbstractItemModel|QThread>)",
    "app/models": r"<(QWidget|QNetwork|QWebSocket|QApplication)",
    "app/widgets": r"<(QNetwork|QWebSocket|QSettings)",
    "app/qr": r"<(QWidget|QNetwork|QWebSocket|QFile)",
    "app/pages/qr_codes": r"<(QNetwork|QWebSocket|QTcp)",
    "app/pages/imports": r"<(QNetwork|QWebSocket|QTcp)",
    "app/pages/exports": r"<(QNetwork|QWebSocket|QTcp)",
    "app/pages/live": r"<(QNetwork|QWebSocket|QTcp)",
    "app/pages/links": r"<(QNetwork|QWebSocket|QTcp)",
    "app/pages/report_parts": r"<(QNetwork|QWebSocket|QTcp)",
    "app/pages/reports": r"<(QNetwork|QWebSocket|QTcp)",
    "app/pages/qr_performance": r"<(QNetwork|QWebSocket|QTcp)",
    "app/pages/settings": r"<(QNetwork|QWebSocket|QTcp)",
}

SIZES = {".cpp": 400, ".h": 150}
FUNCTION_LINES = 60
ROOM_FILES = 40  # .cpp and .h together: twenty subjects

BANNED_WORDS = [
    (r"\bTODO\b|\bFIXME\b|\bXXX\b", "an unowned reminder: do it, or file it"),
    (r"\bqWait\s*\(|\bQThread::m?sleep\(|\bstd::this_thread::sleep_for|(?<![\w.:>])u?sleep\s*\(", "a fixed sleep: wait for the condition"),
    (r"\bQSKIP\s*\(|QEXPECT_FAIL", "a test that does not count"),
    (r"\bSettings::instance\(", "no singletons"),
    (r"setTextFormat\(Qt::(RichText|AutoText)\)", "text from outside must stay plain"),
    (r"deb\.debian\.org|registry\.npmjs|snapshot\.debian", "no registry's host"),
]
BANNED_NAMES = r"(^|/)(utils?|helpers?|misc|common|core|managers?)(/|[._])"

# (path, rule): reason
EXCEPTIONS = {
}

problems = []


def report(path, line, rule, text):
    name = path.relative_to(ROOT).as_posix()
    if (name, rule) not in EXCEPTIONS:
        problems.append(f"{name}:{line}: {rule}: {text}")


def room_of(name):
    best = ""
    for room in ROOMS:
        if name.startswith(room + "/") and len(room) > len(best):
            best = room
    return best


def tracked(*endings):
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
    if listed.returncode == 0:
        names = [n for n in listed.stdout.splitlines() if (ROOT / n).is_file()]
    else:
        names = [p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*") if p.is_file() and "build" not in p.relative_to(ROOT).parts]
    return [n for n in names if n.endswith(endings)]


def check_includes(name, path, lines):
    room = room_of(name)
    if not room:
        return
    allowed = ROOMS[room]
    banned = BANNED_INCLUDES.get(room)
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line)
        if not match:
            continue
        if match.group(1) == "<":
            if banned and re.match(banned, "<" + match.group(2) + ">"):
                report(path, number, "border", f"{room} must not include <{match.group(2)}>")
            continue
        target = match.group(2)
        if target.endswith(".moc"):
            continue
        if not (ROOT / target).is_file():
            report(path, number, "include", f'"{target}" is not written from the root')
            continue
        other = room_of(target)
        if other == room:
            continue
        if allowed is None:
            if not other.startswith(room):
                report(path, number, "border", f"{room} must not include {other or target}")
        elif other not in allowed:
            report(path, number, "border", f"{room} must not include {other or target}")


def check_functions(name, path, lines):
    """A function starts at a line that ends in ')' (or const, noexcept, override, an initialiser) before a lone '{' in column one."""
    start = None
    for number, line in enumerate(lines, 1):
        if line.rstrip() == "{":
            start = number
        elif line.rstrip() in ("}", "};") and start is not None:
            length = number - start - 1
            if length > FUNCTION_LINES:
                report(path, start, "function", f"{length} lines, at most {FUNCTION_LINES}")
            start = None


def check_file(name):
    path = ROOT / name
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = text.splitlines()
    source = path.suffix in SIZES
    if source:
        limit = SIZES[path.suffix]
        # A test reads as a list; it may be longer than what it tests.
        if name.startswith("tests/"):
            limit = 700
        if len(lines) > limit:
            report(path, 1, "size", f"{len(lines)} lines, at most {limit}")
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in "\n".join(lines[:3]):
            report(path, 1, "licence", "no SPDX line on top")
        if path.suffix == ".h" and "#pragma once" not in text:
            report(path, 1, "header", "no #pragma once")
        if path.suffix == ".h" and sum(1 for l in lines if l.startswith('#include "')) > 12:
            report(path, 1, "header", "more than 12 includes of ours")
        check_includes(name, path, lines)
        if path.suffix == ".cpp" and not name.startswith("tests/"):
            check_functions(name, path, lines)
    for number, line in enumerate(lines, 1):
        for pattern, why in BANNED_WORDS:
            if re.search(pattern, line):
                report(path, number, "word", f"{line.strip()[:80]}: {why}")


def check_rooms():
    for room in ROOMS:
        folder = ROOT / room
        cmake = folder / "CMakeLists.txt"
        if not cmake.is_file():
            report(cmake, 1, "room", "no CMakeLists.txt") if folder.is_dir() else None
            continue
        if ROOMS[room] is None:
            continue
        first = cmake.read_text(encoding="utf-8").splitlines()[0]
        if not first.startswith("#"):
            report(cmake, 1, "room", "the first line must say what the room is")
        count = sum(1 for p in folder.iterdir() if p.suffix in SIZES)
        if count > ROOM_FILES:
            report(cmake, 1, "room", f"{count} files, at most {ROOM_FILES}: split by subject")


def check_format(names):
    tool = shutil.which("clang-format")
    if not tool:
        problems.append("clang-format is not installed: the format cannot be checked")
        return
    files = [str(ROOT / n) for n in names]
    result = subprocess.run([tool, "--dry-run", "--ferror-limit=1", *files], capture_output=True, text=True)
    for line in result.stderr.splitlines():
        match = re.match(r"(.+?):(\d+):\d+: (?:warning|error): code should be clang-formatted", line)
        if match:
            report(pathlib.Path(match.group(1)), int(match.group(2)), "format", "run clang-format -i on it")


def main():
    names = tracked(".cpp", ".h", ".py", ".txt", ".cmake", ".qml", ".md", ".json") + [
        n for n in tracked("run", "test", "with-qt") if n.startswith(("packaging/", ".ci/"))]
    for name in names:
        if re.search(BANNED_NAMES, name):
            report(ROOT / name, 1, "name", "says nothing about what it is")
        if name.startswith(("resources/", "tests/tidy/", "tests/golden/")):
            continue
        check_file(name)
    check_rooms()
    check_format([n for n in names if n.endswith((".cpp", ".h"))])
    for problem in problems:
        print(problem)
    print(f"{len(names)} files, {len(problems)} breaches")
    sys.exit(1 if problems else 0)


main()
