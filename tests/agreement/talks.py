#!/usr/bin/env python3
"""Compares the talks that chatmill finds in channels with people's reply links; see README.md beside this file.

The data is that of https://github.com/jkkummerfeld/irc-disentanglement (CC BY 4.0): `NAME.annotation.txt` links lines
of `NAME.raw.txt` or `NAME.ascii.txt`, counted from 0, each to what it answers. Only annotated lines are compared.
"""

import argparse
import collections
import json
import math
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What chatmill's numbers were chosen by; the others are what is reported.
TUNED = ("2004-11-15_03", "2009-02-23_10", "2011-11-13_02")
MARK = " \u00a7{}\u00a7"
SPEECH = re.compile(r"^(\S+ \S+ )?\[[^\]]*\] <")


def read_case(annotation):
    """Name, lines of the log, gold links of the annotated lines."""
    stem = annotation.name.removesuffix(".annotation.txt")
    log = next(path for end in (".raw.txt", ".ascii.txt") if (path := annotation.with_name(stem + end)).exists())
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    links = collections.defaultdict(set)
    for row in annotation.read_text().splitlines():
        one, other, *_ = row.split()
        links[max(int(one), int(other))].add(min(int(one), int(other)))
    return stem, lines, links


def clusters_of(pairs, lines):
    """Sets of `lines` that `pairs` join, directly or over others."""
    parent = {}

    def root(line):
        while parent.setdefault(line, line) != line:
            parent[line] = parent[parent[line]]
            line = parent[line]
        return line

    for one, other in pairs:
        parent[root(one)] = root(other)
    found = collections.defaultdict(set)
    for line in lines:
        found[root(line)].add(line)
    return list(found.values())


def one_to_one(gold, found):
    """Largest share of lines in common when each cluster is matched with one at most (Hungarian algorithm)."""
    size = max(len(gold), len(found))
    cost = [[0.0] * (size + 1) for _ in range(size + 1)]
    for i, one in enumerate(gold, 1):
        for j, other in enumerate(found, 1):
            cost[i][j] = -len(one & other)
    u, v = [0.0] * (size + 1), [0.0] * (size + 1)
    match, way = [0] * (size + 1), [0] * (size + 1)
    for i in range(1, size + 1):
        match[0], column = i, 0
        least, used = [math.inf] * (size + 1), [False] * (size + 1)
        while True:
            used[column] = True
            row, delta, best = match[column], math.inf, 0
            for j in range(1, size + 1):
                if not used[j]:
                    now = cost[row][j] - u[row] - v[j]
                    if now < least[j]:
                        least[j], way[j] = now, column
                    if least[j] < delta:
                        delta, best = least[j], j
            for j in range(size + 1):
                if used[j]:
                    u[match[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            column = best
            if match[column] == 0:
                break
        while column:
            match[column] = match[way[column]]
            column = way[column]
    lines = sum(map(len, gold))
    return sum(-cost[match[j]][j] for j in range(1, size + 1)) / lines


def scores(gold_links, found_clusters, found_links):
    """The measures of one log: sums that can be added up over logs, and those that are averaged."""
    lines = sorted(gold_links)
    pairs = [(line, other) for line, others in gold_links.items() for other in others]
    gold = clusters_of(pairs, lines)
    links = set(pairs)
    sums = collections.Counter()
    sums["link hit"], sums["link gold"], sums["link found"] = len(links & found_links), len(links), len(found_links)
    big = lambda clusters: {frozenset(one) for one in clusters if len(one) > 1}
    sums["exact hit"] = len(big(gold) & big(found_clusters))
    sums["exact gold"], sums["exact found"] = len(big(gold)), len(big(found_clusters))
    two = lambda clusters: sum(len(one) * (len(one) - 1) // 2 for one in clusters)
    shared = sum(math.comb(len(one & other), 2) for one in gold for other in found_clusters)
    sums["pair hit"], sums["pair gold"], sums["pair found"] = shared, two(gold), two(found_clusters)
    total = len(lines)
    entropy = 0.0
    for one in gold:
        for other in found_clusters:
            if both := len(one & other):
                entropy -= both / total * (math.log(both / len(one)) + math.log(both / len(other)))
    means = {"1-1": 100 * one_to_one(gold, found_clusters), "VI": 100 * (1 - entropy / math.log(total))}
    return sums, means


def links_of(clusters, earlier):
    """Each line answers the line before it in its talk, the first itself; `earlier` gives lines before the annotated."""
    links = set()
    for cluster in clusters:
        whole = sorted(cluster | earlier(cluster))
        for line in cluster:
            before = whole[whole.index(line) - 1] if whole.index(line) else line
            links.add((line, before))
    return links


def judged(cases, finder):
    """Sums and means of `finder` (lines of a log -> sets of lines that are talks) over `cases`."""
    sums, means = collections.Counter(), collections.Counter()
    for stem, lines, gold in cases:
        talks = finder(stem, lines)
        talk_of = {line: number for number, talk in enumerate(talks) for line in talk}
        # What nobody said belongs to no talk.
        clusters = collections.defaultdict(set)
        for line in gold:
            clusters[talk_of.get(line, ("alone", line))].add(line)
        whole = lambda cluster: set(talks[talk_of[min(cluster)]]) if min(cluster) in talk_of else set()
        found = list(clusters.values())
        more, other = scores(gold, found, links_of(found, whole))
        sums += more
        for key, value in other.items():
            means[key] += value / len(cases)
    row = {}
    for kind in ("link", "exact", "pair"):
        precision = sums[f"{kind} hit"] / max(1, sums[f"{kind} found"])
        recall = sums[f"{kind} hit"] / max(1, sums[f"{kind} gold"])
        row[kind] = (100 * precision, 100 * recall, 200 * precision * recall / max(1e-9, precision + recall))
    return row, means


def is_speech(line):
    return bool(SPEECH.match(line))


def by_chatmill(program):
    def find(stem, lines):
        """Each line gets a mark; rows that are refused (here: all, as only users speak) are kept as they stood."""
        with tempfile.TemporaryDirectory() as folder:
            log, out = Path(folder, f"{stem}.txt"), Path(folder, "out")
            marked = (line + MARK.format(number) for number, line in enumerate(lines) if line)
            log.write_text("\n".join(marked), encoding="utf-8")
            command = [program, "prepare", log, "-o", out, "--from", "irc", "--user", "*", "--no-tokens", "--quiet"]
            ran = subprocess.run(command, stderr=subprocess.PIPE, text=True)
            if ran.returncode > 1:
                sys.exit(ran.stderr)
            talks = []
            for row in (out / "rejected.jsonl").read_text(encoding="utf-8").splitlines():
                numbers = {int(number) for number in re.findall(r"\u00a7(\d+)\u00a7", json.dumps(json.loads(row), ensure_ascii=False))}
                talks.append({number for number in numbers if is_speech(lines[number])})
            return [talk for talk in talks if talk]

    return find


def all_as_one(_, lines):
    """No log here has a pause, so one talk for each pause is one talk."""
    return [{number for number, line in enumerate(lines) if is_speech(line)}]


def speakers_alone(_, lines):
    """Each speaker talks to himself."""
    talks = collections.defaultdict(set)
    for number, line in enumerate(lines):
        if is_speech(line):
            talks[line.split("<", 1)[1].split(">")[0]].add(number)
    return list(talks.values())


def show(title, cases, finders):
    print(f"\n{title}: {', '.join(case[0] for case in cases)}")
    print(f"{'':42}{'links P R F1':>18}{'pairs P R F1':>20}{'exact P R F1':>20}{'1-1':>7}{'VI':>7}")
    for name, finder in finders:
        row, means = judged(cases, finder)
        cell = lambda kind: " ".join(f"{value:5.1f}" for value in row[kind])
        print(f"{name:42}{cell('link'):>18}{cell('pair'):>20}{cell('exact'):>20}{means['1-1']:7.1f}{means['VI']:7.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder of the corpus (holds data/)")
    parser.add_argument("--program", default=str(ROOT / "target/release/chatmill"))
    options = parser.parse_args()
    cases = [read_case(path) for path in sorted(options.data.glob("**/*.annotation.txt"))]
    if not cases:
        sys.exit(f"no NAME.annotation.txt below {options.data}: give the folder of the data")
    finders = [
        ("chatmill", by_chatmill(options.program)),
        ("all one talk, each line answers the last", all_as_one),
        ("each speaker alone", speakers_alone),
    ]
    show("tuned on", [case for case in cases if case[0] in TUNED], finders)
    show("reported", [case for case in cases if case[0] not in TUNED], finders)


if __name__ == "__main__":
    main()
