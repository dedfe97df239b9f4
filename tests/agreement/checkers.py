#!/usr/bin/env python3
"""Compares `chatmill check` with the checkers that providers publish; see README.md beside this file.

Damaged files come from mutations.py, answers of a provider from ask.py, which runs with the Python of an environment made
for that one version. What an older version refuses and a newer one rightly takes stands in SUPERSEDED below; where chatmill
is stricter than every checker stands in fixtures/conformance/stricter.toml, code by code, with the reason.
"""

import argparse
import base64
import collections
import concurrent.futures
import datetime
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

sys.dont_write_bytecode = True
import mutations  # only now: nothing is to be left beside the script

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CONFORMANCE = ROOT / "fixtures/conformance"

# Name of the checker in ask.py: package, version, what else decides its answers. All are under Apache-2.0.
# Looked at on 2026-11-21. together 1.6.0 differs from 1.5.35 in a blank line of this file; 2.14.0 is the last version with
# rules about rows, 2.15.0 leaves them to the server; mistral-common 1.13.1 is the newest.
CHECKERS = {
    "together-1": ("together", "1.5.35", ()),
    "together-2": ("together", "2.14.0", ()),
    "together-3": ("together", "3.1.1", ()),
    "mistral-v3": ("mistral-common", "1.13.1", ("pydantic==2.14.3", "jsonschema==4.26.0")),
    "mistral-v3-keys": ("mistral-common", "1.13.1", ("pydantic==2.14.3", "jsonschema==4.26.0")),
    "mistral-v7": ("mistral-common", "1.13.1", ("pydantic==2.14.3", "jsonschema==4.26.0")),
    "mistral-v13": ("mistral-common", "1.13.1", ("pydantic==2.14.3", "jsonschema==4.26.0")),
}
# Target: checkers whose refusal counts, the one whose sentence is quoted first; checkers asked to know the difference.
# mistral-finetune, the trainer, validates with v3 and leaves out keys that the models do not know.
TOGETHER = (("together-2", "together-1", "together-3"), ())
TARGETS = {
    "mistral": (("mistral-v3",), ("mistral-v3-keys", "mistral-v7", "mistral-v13")),
    "together-chat": TOGETHER,
    "together-instruction": TOGETHER,
    "together-preference": TOGETHER,
    "together-text": TOGETHER,
}
# Refusals of an old version that do not count: checker, sentence, what the file has to hold, why.
SUPERSEDED = [
    ("together-1", r"Found extra column \"tools\"", b'"messages"', "version 2 takes `tools` beside `messages`"),
    ("together-1", r"Invalid role `tool` in conversation", b"", "version 2 takes the role `tool`"),
    ("together-1", r"Missing required column `content`", b'"tool_calls"', "version 2 wants content or calls of an assistant"),
    ("together-1", r"Invalid content type .* found <class 'NoneType'>", b'"tool_calls"', "version 2 takes null beside calls"),
    ("together-1", r"must have a 'content' field", b'"tool_calls"', "version 2 wants content or calls of an answer"),
]
# What differs between two sentences that say the same.
MASKS = [
    (re.compile(r"Invalid role `.*` in", re.S), "Invalid role `…` in"),
    (re.compile(r'extra column ".*" in', re.S), 'extra column "…" in'),
    (re.compile(r"dict_keys\(.*\)", re.S), "dict_keys(…)"),
    (re.compile(r"Got .*(?= instead| \w+ images)", re.S), "Got …"),
    (re.compile(r"'image_url'\. Got .*", re.S), "'image_url'. Got …"),
    (re.compile(r"Error raised: .*", re.S), "Error raised: …"),
    (re.compile(r"(Function name|Tool call id) was .* but", re.S), r"\1 was … but"),
    (re.compile(r"(tool call id) .* in (tool results|assistant message)", re.S), r"\1 … in \2"),
    (re.compile(r"Invalid tool schema: .* (is|has|should|was) ", re.S), r"Invalid tool schema: … \1 "),
    (re.compile(r"Input tag '.*' found", re.S), "Input tag '…' found"),
    (re.compile(r"^JSONDecodeError: .*", re.S), "JSONDecodeError: …"),
    (re.compile(r"codec can't decode .*", re.S), "codec can't decode …"),
    (re.compile(r"\d+"), "N"),
]
# Kinds of which one file a sentence is enough on record; of any other kind one file is.
ALIKE = [
    (re.compile(r"^'.*' (twice|capitalized)"), r"a key \1"),
    (re.compile(r"^(row|message|inner) with '.*'"), r"\1 with a further key"),
    (re.compile(r"^(text|prompt|completion|input|name|type|url|description|strict|tools|function|non_preferred_output) = .*"), r"\1 = something else"),
    (re.compile(r".* (in a key|in place of a string)$"), r"\1"),
    (re.compile(r"^(last line|lines between|before and after a row) .*"), r"\1"),
    (re.compile(r".* (row before|row alone|keys too|turned round|in a list)$"), r"\1"),
]
# Findings about how many rows there are say nothing of files this small.
NOT_ASKED = ("SET",)


def label(checker):
    """Package and version, and for mistral-common the version of the validator and whether unknown keys are forbidden."""
    package, version, _ = CHECKERS[checker]
    return f"{package} {version}" + (f" {checker.removeprefix('mistral-')}" if package == "mistral-common" else "")


def masked(sentence):
    for pattern, instead in MASKS:
        sentence = pattern.sub(instead, sentence)
    return sentence[:300]


def install(home, checker):
    """The Python of an environment that holds the checker's package; made when it is not there."""
    package, version, pins = CHECKERS[checker]
    place = home / f"{package}-{version}"
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = place / "installed"
    if not done.exists():
        print(f"installing {package} {version}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
        quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([python, *quiet, f"{package}=={version}", *pins], check=True)
        done.touch()
    return python


def ask_provider(python, checker, paths):
    """What the checker says of each file: pairs of verdict and sentence."""
    with tempfile.NamedTemporaryFile("w", suffix=".list") as listed:
        listed.write("".join(f"{path}\n" for path in paths))
        listed.flush()
        command = [python, "-B", HERE / "ask.py", checker, listed.name]
        # Version 1 opens files in the locale's encoding; what a machine's locale is must not decide.
        run = subprocess.run(command, stdout=subprocess.PIPE, check=True, env={**os.environ, "PYTHONUTF8": "1"})
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if len(answers) != len(paths):
        sys.exit(f"{checker}: asked of {len(paths)} files, answered {len(answers)}")
    return [(answer["accepts"], answer["says"]) for answer in answers]


def check(program, target, folder, names):
    """Codes of severity error by file; None when the run itself failed."""
    command = [program, "check", "--target", target, "--format", "json", *names]
    run = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    if run.returncode not in (0, 1):
        return None, run.stderr.decode(errors="replace").strip()
    found = {name: set() for name in names}
    for finding in json.loads(run.stdout)["findings"]:
        if finding["severity"] == "error" and not finding["code"].startswith(NOT_ASKED):
            found[Path(finding["path"]).name].add(finding["code"])
    return found, ""


def ask_ours(program, target, folder, names):
    """Codes by file, many files a process; files of a run that failed are asked alone."""
    found, failed = check(program, target, folder, names[:1])
    if found is None and "target" in failed:
        sys.exit(failed)
    codes = {}
    for start in range(0, len(names), 1000):
        part = names[start : start + 1000]
        found, _ = check(program, target, folder, part)
        codes.update(found or {name: ask_alone(program, target, folder, name) for name in part})
    return [frozenset(codes[name]) for name in names]


def ask_alone(program, target, folder, name):
    found, _ = check(program, target, folder, [name])
    return found[name] if found else {"run failed"}


def refusal(checkers, answers, data):
    """The checker that refuses the file and its sentence, or None; `answers` by checker."""
    for checker in checkers:
        accepts, says = answers[checker]
        excused = any(
            checker == old and held in data and re.search(sentence, says) for old, sentence, held, _ in SUPERSEDED
        )
        if not accepts and not excused:
            return checker, says
    return None


def shown(data, longest=400):
    text = data.decode("utf-8", "backslashreplace")
    return text if len(text) <= longest else f"{text[: longest // 2]} … {text[-longest // 2 :]}"


def print_groups(title, groups):
    """Each group with its number and its smallest file, the largest group first."""
    if groups:
        print(f"  {title}:")
    for (reason, codes), entries in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        smallest = sorted(entries, key=lambda entry: (len(entry[0]), len(entry[1]), entry[1]))
        kinds = [*dict.fromkeys("; ".join(kinds) for kinds, _ in smallest)]
        print(f"    {len(entries):6,}  they: {reason or 'accept'}\n            we: {', '.join(codes) or 'accept'}")
        print(f"            by: {' | '.join(kinds[:8])}{' | …' if len(kinds) > 8 else ''}")
        print(f"            e.g. {ascii(shown(smallest[0][1]))}")


def print_table(name, cells):
    both, refused, only_they, only_we = (cells[key] for key in ((True, True), (False, False), (False, True), (True, False)))
    print(f"  {name:<44}{both:>12,}{refused:>12,}{only_they:>18,}{only_we:>16,}")


def unexplained(target, codes, data, stricter):
    """Codes that no entry of stricter.toml gives a reason for, in a file like this; the entries that do are marked."""
    left = set(codes)
    for entry in stricter:
        fits = entry["code"] in codes and target in entry.get("targets", [target])
        if fits and re.search(entry.get("where", "").encode(), data):
            entry["used"] = True
            left.discard(entry["code"])
    return frozenset(left)


def compare(target, files, answers, ours, stricter, everything):
    """Prints one target's tables; gives the number of files that need a mend on our side."""
    binding, informing = TARGETS[target]
    cells = collections.defaultdict(collections.Counter)
    they, we, explained, agreed = (collections.defaultdict(list) for _ in range(4))
    for number, (kinds, data) in enumerate(files):
        given = {checker: answers[checker][number] for checker in answers}
        refused, codes = refusal(binding, given, data), ours[number]
        cells[""][refused is None, not codes] += 1
        for checker, (accepts, _) in given.items():
            cells[checker][accepts, not codes] += 1
        entry = kinds, data
        if refused and codes:
            agreed[f"{label(refused[0])}: {masked(refused[1])}", tuple(sorted(codes))].append(entry)
        elif refused:
            they[f"{label(refused[0])}: {masked(refused[1])}", ()].append(entry)
        elif codes:
            unknown = unexplained(target, codes, data, stricter)
            (we if unknown else explained)["", tuple(sorted(unknown or codes))].append(entry)
    print(f"\n{target}: {len(files):,} files")
    print(f"  {'':<44}{'both accept':>12}{'both refuse':>12}{'only they refuse':>18}{'only we refuse':>16}")
    print_table("all that count, less what is superseded", cells[""])
    for checker in (*binding, *informing):
        print_table(label(checker) + (", not counted" if checker in informing else ""), cells[checker])
    print_groups("ONLY THEY REFUSE", they)
    print_groups("ONLY WE REFUSE, and no reason is written down", we)
    if everything:
        print_groups("only we refuse, for a reason written down", explained)
        print_groups("both refuse", agreed)
    else:
        total = collections.Counter(code for (_, codes), entries in explained.items() for code in codes for _ in entries)
        print("  only we refuse, for a reason written down: " + (", ".join(f"{code} {count:,}" for code, count in total.most_common()) or "none"))
    return sum(map(len, they.values())) + sum(map(len, we.values()))


def record(target, files, answers, covered):
    """Writes cases: the good files, every sentence of every checker, every kind of mutation; smallest files first.

    `covered` holds what is on record already, for other targets with the same checkers too: a kind is recorded for one.
    """
    binding, informing = TARGETS[target]
    cases = []
    smallest = sorted(enumerate(files), key=lambda entry: (len(entry[1][0]), len(entry[1][1]), entry[1][1]))
    for number, (kinds, data) in smallest:
        given = {checker: answers[checker][number] for checker in answers}
        refused = refusal(binding, given, data)
        keys = {(target, checker, masked(says)) for checker, (accepts, says) in given.items() if not accepts}
        # Of two mutations nobody could tell which one an answer is about.
        if len(kinds) == 1:
            alike = next((pattern.sub(instead, kinds[0]) for pattern, instead in ALIKE if pattern.search(kinds[0])), None)
            keys.add((alike, masked(refused[1]) if refused else "") if alike else (kinds[0], "kind"))
        if (keys <= covered and kinds != ("good",)) or len(data) > 12_000:
            continue
        covered |= keys
        package, version, _ = CHECKERS[refused[0] if refused else binding[0]]
        case = {"name": "; ".join(kinds), **as_text(data), "accepts": refused is None, "says": written(refused[1]) if refused else ""}
        case |= {"checker": package, "version": version, "date": datetime.date.today().isoformat()}
        case["answers"] = {label(checker): accepts for checker, (accepts, _) in given.items()}
        cases.append(case)
    names = collections.Counter()
    for case in cases:
        names[case["name"]] += 1
        if names[case["name"]] > 1:
            case["name"] += f" ({names[case['name']]})"
    place = CONFORMANCE / target
    place.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(case) + "\n" for case in cases)
    (place / "cases.jsonl").write_text(text)
    print(f"{target}: {len(cases)} cases recorded, {len(text):,} bytes", flush=True)


def written(sentence):
    """Half a surrogate pair, which a sentence may quote, has no place in UTF-8."""
    return sentence.encode("utf-8", "backslashreplace").decode()


def as_text(data):
    try:
        return {"file": data.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", default=sorted(TARGETS), help=f"of {', '.join(sorted(TARGETS))}; default all")
    parser.add_argument("--environments", type=Path, help="folder for the checkers' environments, kept; default a temporary one")
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/chatmill")
    parser.add_argument("--count", type=int, default=12_000, help="least number of files a target")
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--as-target", metavar="TARGET", help="ask chatmill about another of its targets, to try the script")
    parser.add_argument("--all", action="store_true", help="print the groups of files that agree or are explained, too")
    parser.add_argument("--record", action="store_true", help="write fixtures/conformance anew")
    parser.add_argument("--only-record", action="store_true", help="the same, and do not ask chatmill")
    arguments = parser.parse_args()
    if unknown := set(arguments.targets) - TARGETS.keys():
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    stricter = tomllib.loads((CONFORMANCE / "stricter.toml").read_text())["stricter"]
    wrong, covered = 0, collections.defaultdict(set)
    with tempfile.TemporaryDirectory() as temporary:
        home = (arguments.environments or Path(temporary, "environments")).resolve()
        asked = dict.fromkeys(checker for target in arguments.targets for part in TARGETS[target] for checker in part)
        pythons = {checker: install(home, checker) for checker in asked}
        for target in arguments.targets:
            files = mutations.files(target, arguments.count, arguments.seed)
            folder = Path(temporary, target)
            folder.mkdir()
            names = [f"{number:05}.jsonl" for number in range(len(files))]
            for name, (_, data) in zip(names, files):
                (folder / name).write_bytes(data)
            paths = [folder / name for name in names]
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                asking = {
                    checker: pool.submit(ask_provider, pythons[checker], checker, paths)
                    for checker in (*TARGETS[target][0], *TARGETS[target][1])
                }
                answers = {checker: future.result() for checker, future in asking.items()}
            for number, (kinds, data) in enumerate(files):
                given = {checker: answers[checker][number] for checker in answers}
                if kinds == ("good",) and (refused := refusal(TARGETS[target][0], given, data)):
                    sys.exit(f"a good file of {target} is refused: {refused[1]}")
            if arguments.record or arguments.only_record:
                record(target, files, answers, covered[TARGETS[target]])
            if arguments.only_record:
                continue
            wanted = arguments.as_target or target
            program = arguments.program.resolve()
            ours = ask_ours(program, wanted, folder, names)
            # Files of one run must not change each other's verdicts.
            for number in random.Random(arguments.seed).sample(range(len(names)), min(100, len(names))):
                if ours[number] != ask_alone(program, wanted, folder, names[number]):
                    sys.exit(f"asked alone, another answer: {ascii(shown(files[number][1]))}")
            wrong += compare(target, files, answers, ours, stricter, arguments.all)
    if not arguments.only_record and len(arguments.targets) == len(TARGETS):
        for entry in stricter:
            if "used" not in entry:
                print(f"\nstricter.toml explains {entry['code']} where nothing needs it: {entry['reason']}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
