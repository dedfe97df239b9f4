"""Times `chatmill check` beside the `check_file` of the `together` SDK on the same file, in turn.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install together==1.5.35
    cargo build --release
    TOGETHER_NO_BANNER=1 /tmp/venv/bin/python tests/agreement/check_speed.py FILE [ROUNDS]

FILE is a chat JSONL that both accept, or one stops early: `check_file` ends at the first fault. Best of ROUNDS each.
"""

import contextlib
import os
import pathlib
import resource
import subprocess
import sys
import time

from together.utils.files import check_file

PROGRAM = os.environ.get("CHATMILL", "target/release/chatmill")


def of_chatmill(path):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command = [PROGRAM, "check", "--quiet", "--threads", "2", "--target", "together-chat", str(path)]
    run = subprocess.run(command, capture_output=True, text=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, processor, f"exit {run.returncode}"


def of_together(path):
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
        begun, start = time.process_time(), time.perf_counter()
        report = check_file(path)
        wall, processor = time.perf_counter() - start, time.process_time() - begun
    return wall, processor, "passed" if report["is_check_passed"] else report["message"]


def main():
    path = pathlib.Path(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    size = path.stat().st_size / 1e6
    best = {}
    for _ in range(rounds):
        for name, run in (("chatmill check", of_chatmill), ("together check_file", of_together)):
            wall, processor, said = run(path)
            known = best.get(name, (wall, processor, said))
            best[name] = (min(wall, known[0]), min(processor, known[1]), said)
    for name, (wall, processor, said) in best.items():
        print(f"{name}: {size / wall:.0f} MB/s wall, {size / processor:.0f} MB/s of processor time, {said}")
    ours, theirs = best["chatmill check"], best["together check_file"]
    print(f"ratio: {theirs[0] / ours[0]:.1f} wall, {theirs[1] / ours[1]:.1f} processor time")


if __name__ == "__main__":
    main()
