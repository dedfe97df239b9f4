"""Near twins found by chatmill beside datasketch, rensa and semhash on the same file, and beside exact truth.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install datasketch rensa semhash
    cargo build --release --example near_twins
    /tmp/venv/bin/python tests/agreement/near.py [--rows N] [--threshold T] [FILE]

FILE is a chat JSONL; without it N made-up texts are used, one in ten a copy of an earlier one with some words changed. Each row
becomes one text of words, so that all who take shingles take the same: runs of two words, within the text.

The task is the usual one: go through the rows, keep a row unless a kept one is alike at the threshold. The truth is found
here, in plain Python, by an inverted index over all shingles (every pair that shares anything is looked at). A row counts as found
when both call it a twin of something. Each program runs as a process of its own: seconds of processor time and of the clock, with
starting and reading, and the peak of its memory. Ends with 1 when the exact method of chatmill and the truth differ.
"""

import argparse
import json
import os
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import time

PROGRAM = os.environ.get("NEAR_TWINS", "target/release/examples/near_twins")
WORD = re.compile(r"[a-z0-9]+")


def shingles(text):
    words = text.split()
    return {" ".join(words[at:at + 2]) for at in range(max(1, len(words) - 1))} if words else set()


def texts_of(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line)["messages"][0]["content"] for line in lines]


def from_chats(path):
    """The words of each row's messages."""
    for line in open(path, encoding="utf-8"):
        said = " ".join(m["content"] for m in json.loads(line)["messages"] if isinstance(m.get("content"), str))
        yield " ".join(WORD.findall(said.lower()))


def made_up(rows):
    """Texts of 20 to 120 words, of which few are frequent; one in ten a copy with up to one word in 20 changed."""
    random.seed(6)
    number = lambda: int(50_000 ** random.random()) - 1
    texts = []
    for _ in range(rows):
        if texts and random.random() < 0.1:
            words = random.choice(texts).split()
            for _ in range(random.randint(1, 1 + len(words) // 20)):
                words[random.randrange(len(words))] = f"w{number()}"
        else:
            words = [f"w{number()}" for _ in range(random.randint(20, 120))]
        texts.append(" ".join(words))
    return texts


def truth(texts, threshold):
    """Row to its most similar kept row, exactly."""
    kept, having, twins = {}, {}, {}
    for row, text in enumerate(texts):
        mine, shared = shingles(text), {}
        for shingle in mine:
            for other in having.get(shingle, ()):
                shared[other] = shared.get(other, 0) + 1
        best = None
        for other, both in shared.items():
            union = len(mine) + kept[other] - both
            # In whole numbers, as 0.8 is not 4/5 to a machine.
            if both * 1000 >= round(threshold * 1000) * union and (
                best is None or (both * best[2], -other) > (best[1] * union, -best[0])
            ):
                best = (other, both, union)
        if best:
            twins[row] = best
        else:
            kept[row] = len(mine)
            for shingle in mine:
                having.setdefault(shingle, []).append(row)
    return twins


def by_datasketch(texts, threshold):
    """As its documentation shows: an LSH of 128 permutations, and what it gives is taken for a twin."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=128)
    for row, text in enumerate(texts):
        signature = MinHash(num_perm=128)
        signature.update_batch([shingle.encode() for shingle in shingles(text)])
        if index.query(signature):
            yield row
        else:
            index.insert(str(row), signature)


def by_datasketch_checked(texts, threshold):
    """Tuned to miss little, and every candidate is checked exactly."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=128, weights=(0.02, 0.98))
    sets = {}
    for row, text in enumerate(texts):
        signature, mine = MinHash(num_perm=128), shingles(text)
        signature.update_batch([shingle.encode() for shingle in mine])
        if alike(mine, (sets[other] for other in index.query(signature)), threshold):
            yield row
        else:
            index.insert(str(row), signature)
            sets[str(row)] = mine


def by_rensa_checked(texts, threshold):
    """With 25 bands of 5, which find 0.9999 at 0.8, and every candidate checked exactly."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=threshold, num_perm=125, num_bands=25)
    sets = {}
    for row, text in enumerate(texts):
        signature, mine = RMinHash(num_perm=125, seed=42), shingles(text)
        signature.update(list(mine))
        if alike(mine, (sets[other] for other in index.query(signature)), threshold):
            yield row
        else:
            index.insert(row, signature)
            sets[row] = mine


def alike(mine, others, threshold):
    return any(len(mine & other) * 1000 >= round(threshold * 1000) * len(mine | other) for other in others)


def by_rensa(texts, threshold, bands):
    """As its documentation shows: an LSH of 128 permutations in bands, candidates kept when the signatures agree enough."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=threshold, num_perm=128, num_bands=bands)
    kept = {}
    for row, text in enumerate(texts):
        signature = RMinHash(num_perm=128, seed=42)
        signature.update(list(shingles(text)))
        if any(kept[other].jaccard(signature) >= threshold for other in index.query(signature)):
            yield row
        else:
            index.insert(row, signature)
            kept[row] = signature


def by_semhash(texts, threshold):
    """With its own model, by meaning instead of words; needs the model to be at hand."""
    from semhash import SemHash

    found = SemHash.from_records(records=texts).self_deduplicate(threshold=threshold)
    rows = {}
    for row, text in enumerate(texts):
        rows.setdefault(text, []).append(row)
    for twin in found.filtered:
        yield rows[twin.record].pop()


PEERS = {
    "datasketch": by_datasketch,
    "datasketch, tuned and checked": by_datasketch_checked,
    "rensa, 25 bands of 5, checked": by_rensa_checked,
    "rensa, 16 bands of 8": lambda texts, threshold: by_rensa(texts, threshold, 16),
    "rensa, 8 bands of 16": lambda texts, threshold: by_rensa(texts, threshold, 8),
    "semhash": by_semhash,
}


def run(command):
    """What a process writes, seconds of processor and clock, megabytes at the peak; or why it failed."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as told:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=told)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        out.seek(0), told.seek(0)
        failed = (told.read().strip().splitlines() or ["failed"])[-1][:120] if status else None
        return out.read(), used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file", nargs="?")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.peer:
        for row in PEERS[told.peer](texts_of(told.file), told.threshold):
            print(row)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "rows.jsonl"
        texts = list(from_chats(told.file)) if told.file else made_up(told.rows)
        with open(path, "w", encoding="utf-8") as out:
            for text in texts:
                out.write(json.dumps({"messages": [{"role": "user", "content": text}]}) + "\n")
        size, rows = path.stat().st_size / 1e6, len(texts)
        ours = {f"chatmill, {method}": [PROGRAM, path, str(told.threshold), method, "words:2"] for method in ("exact", "minhash")}
        peers = {peer: [sys.executable, __file__, path, "--threshold", str(told.threshold), "--peer", peer] for peer in PEERS}
        # The peak of a process counts that of the one it was started from, so that the truth waits.
        del texts
        ran = {name: run(command) for name, command in (ours | peers).items()}
        wanted = truth(texts_of(path), told.threshold)
    print(f"{rows} rows, {size:.1f} MB, threshold {told.threshold}: {len(wanted)} twins\n")
    print("| program | twins | recall | precision | CPU s | s | peak MB |\n|---|--:|--:|--:|--:|--:|--:|")
    agrees = True
    for name, (lines, cpu, wall, memory, failed) in ran.items():
        if failed:
            print(f"| {name} | {failed} |||||")
            continue
        found = {int(line.split()[0]): tuple(map(int, line.split()[1:])) for line in lines.splitlines()}
        both = len(found.keys() & wanted.keys())
        recall, precision = both / max(1, len(wanted)), both / max(1, len(found))
        print(f"| {name} | {len(found)} | {recall:.4f} | {precision:.4f} | {cpu:.2f} | {wall:.2f} | {memory:.0f} |")
        agrees &= name != "chatmill, exact" or found == wanted
    print("\nchatmill's exact method and the truth " + ("agree, row by row" if agrees else "DIFFER"))
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
