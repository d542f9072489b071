# SPDX-License-Identifier: GPL-3.0-or-later
"""The process: killed, told to end, started twice."""
import os
import re
import subprocess
import time

from world import ROOT, STALLS, Backend, Broken, Traffic, holds, nothing_lost, status_of, until


def kill(campaign):
    """SIGKILL at random moments under load, one round after another on a folder, a new one each 50; a console resumes through all of them."""
    program = ROOT / "build/dev/tests/tst_backend_kill"
    holds(program.exists(), f"{program} is not built: packaging/with-qt cmake --build --preset dev --target tst_backend_kill")
    sums, again, left, piece = {"kills": 0, "answered": 0, "stored": 0}, 0, campaign.rounds or 100, 0
    while left > 0:
        environment = {**os.environ, "CLICKROOM_KILL_ROUNDS": str(min(left, 50)), "CLICKROOM_KILL_SEED": str((campaign.seed + piece) % (1 << 31)),
                       "QTEST_FUNCTION_TIMEOUT": str(3600 * 1000)}
        begun = time.monotonic()
        done = subprocess.run([ROOT / "packaging/with-qt", program], env=environment, capture_output=True, text=True)
        told = re.search(r"(\d+) kills, (\d+) clicks answered, (\d+) stored", done.stdout + done.stderr)
        if done.returncode or not told:
            # Where the machine stood still for seconds the test's own time limits say nothing; and its backend keeps its ports, which
            # another process may have taken between two rounds. Played again, and said.
            failure = re.sub(r"time=\S+ level=info .*\n", "", done.stdout + done.stderr)[-2000:]
            holds((STALLS.since(begun) > 3 or "Address already in use" in failure) and again < 20, f"seed {environment['CLICKROOM_KILL_SEED']}: {failure}")
            again += 1
            continue
        for name, number in zip(sums, told.groups()):
            sums[name] += int(number)
        left, piece = left - min(left, 50), piece + 1
    return {**sums, "folders": piece, "played_again": again, "lost": 0}


def kill_both(campaign):
    """SIGKILL at random moments, durability process and power in turn, on one folder: every answered click is there, once."""
    answered, rounds, begun = [], campaign.rounds or 20, time.monotonic()
    backend = Backend(campaign.preset, "--rollup-interval", "100ms")
    options = backend.options
    try:
        for number in range(rounds):
            backend.options = (*options, "--durability", ("process", "power")[number % 2])
            backend.begin()
            traffic = Traffic(backend, f"k{number}", connections=8)
            enough = campaign.random.randrange(1, 600)
            until(lambda: len(traffic.answered) >= enough, "clicks are answered", 60)
            backend.process.kill()
            status_of(backend.process)
            traffic.stop()
            answered += traffic.answered
        spent = (time.monotonic() - begun) / rounds
        backend.begin()
        facts = nothing_lost(backend, answered)
        holds((check := backend.check())["well"], f"the folder is not well: {check}")
        return {"rounds": rounds, "seconds_a_round": round(spent, 2), **facts}
    finally:
        backend.end()


def terminate(campaign):
    """SIGTERM at random moments under load: it ends with 0 within five seconds, and no answered click is lost."""
    answered, slowest = [], 0.0
    rounds = campaign.rounds or 10
    backend = Backend(campaign.preset, "--rollup-interval", "100ms")
    try:
        for number in range(rounds):
            backend.begin()
            traffic = Traffic(backend, f"t{number}", connections=8)
            enough = campaign.random.randrange(50, 1500)
            until(lambda: len(traffic.answered) >= enough, "clicks are answered")
            begun = time.monotonic()
            backend.process.terminate()
            status = status_of(backend.process)
            spent = time.monotonic() - begun - STALLS.since(begun)
            traffic.stop()
            slowest = max(slowest, spent)
            holds(status == 0 and spent < 5, f"round {number}: ended with {status} after {spent:.1f} s")
            answered += traffic.answered
        return {"rounds": rounds, "slowest_s": round(slowest, 2), **nothing_lost(backend, answered)}
    finally:
        backend.end()


def two_backends(campaign):
    """A second backend on one folder is refused with a sentence, and the first goes on."""
    with Backend(campaign.preset) as backend:
        traffic = Traffic(backend, "two", connections=2)
        until(lambda: len(traffic.answered) > 20, "clicks are answered")
        second = subprocess.run([ROOT / "packaging/with-qt", backend.program, "serve", "--data", backend.data, "--redirect", "127.0.0.1:0",
                                 "--api", "127.0.0.1:0", "--stream", "127.0.0.1:0"], capture_output=True, text=True, timeout=30)
        holds(second.returncode == 1 and "in use" in second.stderr, f"status {second.returncode}: {second.stderr}")
        before = len(traffic.answered)
        until(lambda: len(traffic.answered) > before + 20, "the first goes on")
        traffic.stop()
        holds(traffic.broken == 0, "the first answered every click")
        return {"said": second.stderr[second.stderr.index("is in use"):].strip(), **nothing_lost(backend, traffic.answered)}


def memcheck(campaign):
    """The spine of the system under valgrind: not one error of memory in the backend."""
    folder = ROOT / "build/dev/valgrind"
    (folder / "bin").mkdir(parents=True, exist_ok=True)
    for old in folder.glob("log.*"):
        old.unlink()
    # Every clickroomd that the test starts runs under it, whatever starts it.
    real = ROOT / "build/dev/bin/clickroomd"
    test = ROOT / "build/dev/tests/tst_spine"
    holds(test.exists(), f"{test} is not built")
    wrapper = folder / "bin/clickroomd"
    wrapper.write_text(f'#!/bin/sh\nexec valgrind --quiet --error-exitcode=99 --child-silent-after-fork=yes --leak-check=no '
                       f'--suppressions="{ROOT}/tests/campaign/valgrind.supp" '
                       f'--log-file="{folder}/log.%p" "{real}" "$@"\n')
    wrapper.chmod(0o755)
    if subprocess.run([ROOT / "packaging/with-qt", "sh", "-c", "command -v valgrind"], capture_output=True).returncode:
        raise Broken("valgrind is not installed: packaging/with-qt apt-get install valgrind")
    # Without PCRE's compiled patterns, which read sixteen bytes where the text has fewer and look at what belongs to it.
    done = subprocess.run([ROOT / "packaging/with-qt", test, "aLinkIsEditedByCommandsBesideTheBackend", "domainIsReadyAfterItsFirstRequest",
                           "secondBackendOnTheFolderIsRefusedClearly", "rolesHoldOnTheApiAndTheStream"],
                          env={**os.environ, "CLICKROOM_TEST_PROGRAM": str(wrapper), "QTEST_FUNCTION_TIMEOUT": "1800000", "BACKEND_START_MS": "300000",
                               "QT_ENABLE_REGEXP_JIT": "0"}, capture_output=True, text=True)
    errors = [line for log in folder.glob("log.*") for line in log.read_text().splitlines() if line.strip()]
    holds(not errors, "\n".join(errors[:30]))
    holds(done.returncode == 0, (done.stdout + done.stderr)[-3000:])
    logs = len(list(folder.glob("log.*")))
    holds(logs > 0, "nothing ran under valgrind")
    return {"processes": logs, "errors": 0}
