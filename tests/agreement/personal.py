"""Personal data that chatmill finds in presidio-research's made-up texts, against what they say is there.

    python3 tests/agreement/personal.py target/release/chatmill synth_dataset_v2.json

The texts are https://github.com/microsoft/presidio-research data/synth_dataset_v2.json (MIT). Each becomes one chat of one
message; `check --select PII` names one place of each kind a row, so every place that was found is taken out of the text and the
rest is asked again. A find is right where it covers more than half of what both cover (intersection over union) and is of the
same type. It prints precision and recall for each type, and what was missed and found in vain with `--show`.
"""

import json
import subprocess
import sys
import tempfile

KINDS = {
    "card": "CREDIT_CARD",
    "email": "EMAIL_ADDRESS",
    "iban": "IBAN_CODE",
    "ip-address": "IP_ADDRESS",
    "phone": "PHONE_NUMBER",
    "us-ssn": "US_SSN",
}


def rows(texts):
    for text in texts:
        content = [{"role": "user", "content": text}, {"role": "assistant", "content": "Ok."}]
        yield json.dumps({"messages": content}, ensure_ascii=False) + "\n"


def ask(program, texts):
    """The places of each text, in characters, as (kind, start, end)."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        lines = list(rows(texts))
        file.writelines(lines)
        file.flush()
        arguments = [program, "check", file.name, "--select", "PII", "--format", "json"]
        answer = subprocess.run(arguments, capture_output=True, text=True, check=False)
    found = [[] for _ in texts]
    for one in json.loads(answer.stdout)["findings"]:
        if one["code"] not in ("PII001", "PII002"):
            continue
        kind = one["message"].rsplit("(", 1)[1].rstrip(")")
        number = one["line"] - 1
        found[number].append((kind, *in_text(lines[number], texts[number], one["column"] - 1, one["end_column"] - 1)))
    return found


def in_text(line, text, start, end):
    """Columns of a line as places in the text that its first content holds."""
    first = line.index('"content": "') + len('"content": "')
    at, places = first, {}
    for index, character in enumerate(text):
        places[at] = index
        at += len(json.dumps(character, ensure_ascii=False)) - 2
    places[at] = len(text)
    return places[start], places[end]


def all_places(program, texts):
    texts = list(texts)
    places = [[] for _ in texts]
    for _ in range(20):
        found = ask(program, texts)
        if not any(found):
            break
        for index, new in enumerate(found):
            for kind, start, end in new:
                places[index].append((kind, start, end))
                # As long as before, so that all places stay, and the words around the others, too.
                texts[index] = texts[index][:start] + "~" * (end - start) + texts[index][end:]
    return places


def overlap(one, other):
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / (max(one[1], other[1]) - min(one[0], other[0])) if shared > 0 else 0


def main():
    program, path = sys.argv[1:3]
    show = "--show" in sys.argv
    with open(path, encoding="utf-8") as file:
        samples = json.load(file)
    places = all_places(program, [sample["full_text"] for sample in samples])
    counts = {kind: [0, 0, 0] for kind in KINDS.values()}
    others = {}
    for sample, found in zip(samples, places):
        text = sample["full_text"]
        wanted = [(one["entity_type"], one["start_position"], one["end_position"]) for one in sample["spans"]]
        open_ones = [one for one in wanted if one[0] in counts]
        for kind, start, end in found:
            entity = KINDS.get(kind)
            if entity is None:
                others[kind] = others.get(kind, 0) + 1
                if show:
                    print("other  ", kind, repr(text[max(0, start - 30) : end + 10]))
                continue
            match = [one for one in open_ones if one[0] == entity and overlap(one[1:], (start, end)) > 0.5]
            if match:
                open_ones.remove(match[0])
                counts[entity][0] += 1
            else:
                counts[entity][1] += 1
                if show:
                    print("in vain", entity, repr(text[max(0, start - 40) : start]), repr(text[start:end]))
        for entity, start, end in open_ones:
            counts[entity][2] += 1
            if show:
                print("missed ", entity, repr(text[max(0, start - 40) : start]), repr(text[start:end]), repr(text[end : end + 10]))
    print(f"{'type':<16}{'right':>7}{'vain':>7}{'missed':>7}{'precision':>11}{'recall':>8}")
    sums = [sum(column) for column in zip(*counts.values())]
    for name, (right, vain, missed) in [*sorted(counts.items()), ("all", sums)]:
        precision, recall = right / max(1, right + vain), right / max(1, right + missed)
        print(f"{name:<16}{right:>7}{vain:>7}{missed:>7}{precision:>11.3f}{recall:>8.3f}")
    precision, recall = sums[0] / max(1, sums[0] + sums[1]), sums[0] / max(1, sums[0] + sums[2])
    print(f"F1 {2 * precision * recall / max(1e-9, precision + recall):.3f}; of other kinds: {others or 'none'}")


if __name__ == "__main__":
    main()
