"""`count`, `cost` and `plan` against the same sums done by hand with tiktoken, in one page of Python.

`costs.py CHATMILL FILE...`: each FILE is a JSONL file of chats for OpenAI. Needs tiktoken. Rows with tools, calls, names or
content in parts are left out, since what those cost is not published. Ends with 1 on any difference.
"""

import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import tiktoken

ENCODING = tiktoken.get_encoding("o200k_base")
MODEL = "gpt-4o-2024-08-06"
# Dollars for a million tokens of training; the launch note of fine-tuning for this model.
PRICE = 25.0
# `<|im_start|>`, the role, `<|im_sep|>` and `<|im_end|>`; what primes the answer is not published and may be 3 a row.
FRAME, PRIMING = 4, 3
BATCH = 4


def tokens(text):
    return len(ENCODING.encode_ordinary(text))


def is_plain(row):
    keys = {"role", "content", "weight"}
    return not row.get("tools") and all(set(one) <= keys and isinstance(one["content"], str) for one in row["messages"])


def epochs(rows):
    """The rule of OpenAI's cookbook: three, more for few rows, fewer for many, one to 25."""
    if rows * 3 < 100:
        return min(25, 100 // rows)
    if rows * 3 > 25_000:
        return max(1, 25_000 // rows)
    return 3


def run(chatmill, *arguments):
    done = subprocess.run([chatmill, *arguments], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout


class Row:
    """One chat: how many tokens, and where its answers stand among them."""

    def __init__(self, row):
        self.content = self.trained = at = 0
        self.ends = []
        for message in row["messages"]:
            said = tokens(message["content"])
            self.content += said
            at += said + FRAME
            if message["role"] == "assistant":
                self.ends.append(at)
                # The answer and the mark that ends it.
                self.trained += (said + 1) * (message.get("weight", 1) != 0)
        self.total = at


def planned(rows, length):
    """What a trainer makes of the rows that cuts at the end and learns every token (TRL's default for `messages`)."""
    kept = [min(row.total, length) for row in rows]
    batches = [kept[at : at + BATCH] for at in range(0, len(kept), BATCH)]
    return {
        "rows_cut": sum(row.total > length for row in rows),
        "answers_cut": sum(end > length for row in rows for end in row.ends),
        "trained_lost": sum(max(0, row.total - length) for row in rows),
        "kept": sum(kept),
        "padding": sum(max(batch) * len(batch) - sum(batch) for batch in batches),
        "steps": math.ceil(len(rows) / BATCH),
        "billed": sum(kept),
        "billed_by_length": len(rows) * length,
    }


def compare(chatmill, path):
    """The differences found in one file."""
    lines = [line for line in Path(path).read_text().splitlines() if line.strip()]
    rows = [json.loads(line) for line in lines]
    wrong = []

    def same(what, ours, theirs):
        if ours != theirs:
            wrong.append(f"{what}: chatmill {ours}, by hand {theirs}")

    plain = [line for line, row in zip(lines, rows) if is_plain(row)]
    by_hand = [Row(json.loads(line)) for line in plain]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("".join(line + "\n" for line in plain))
        file.flush()
        given = [file.name, "--from", "openai-chat", "--model", MODEL]
        for counted, row in zip(run(chatmill, "count", *given, "--per-row").splitlines(), by_hand, strict=True):
            counted = json.loads(counted)
            same(f"row {counted['record']} content", counted["content_tokens"], row.content)
            same(f"row {counted['record']} tokens", counted["tokens"], row.total)
            same(f"row {counted['record']} trained", counted["trained"], row.trained)
        cost = json.loads(run(chatmill, "cost", *given, "--target", "openai-chat", "--json"))
        times = epochs(len(by_hand))
        low = sum(row.total for row in by_hand) * times
        high = low + PRIMING * len(by_hand) * times
        same("epochs", cost["epochs"], times)
        same("tokens at least", cost["tokens"]["low"], low)
        same("tokens at most", cost["tokens"]["high"], high)
        for end, billed in (("low", low), ("high", high)):
            same(f"dollars, {end}", round(cost["total"][end], 6), round(billed * PRICE / 1e6, 6))
        plan = json.loads(run(chatmill, "plan", *given, "--target", "trl-chat", "--batch-size", str(BATCH), "--json"))
        for candidate in plan["candidates"]:
            for what, is_so in planned(by_hand, candidate["length"]).items():
                same(f"plan at {candidate['length']}, {what}", candidate[what], is_so)
        # Sequences that are packed: not fewer than would hold all, not more than rows; what is left over is padding.
        for candidate in plan["candidates"]:
            length, sequences = candidate["length"], candidate["packed_sequences"]
            same(f"plan at {length}, packed padding", candidate["packed_padding"], sequences * length - candidate["kept"])
            if not math.ceil(candidate["kept"] / length) <= sequences <= len(by_hand):
                wrong.append(f"plan at {length}: {sequences} packed sequences")
    print(
        f"{Path(path).name}: {len(plain)} of {len(lines)} rows, {sum(row.total for row in by_hand):,} tokens, "
        f"{sum(row.trained for row in by_hand):,} trained, {times} epochs, ${low * PRICE / 1e6:.4f} to ${high * PRICE / 1e6:.4f}, "
        f"{len(plan['candidates'])} lengths planned: {len(wrong)} differences"
    )
    return wrong


def main():
    chatmill, *paths = sys.argv[1:]
    wrong = [says for path in paths for says in compare(chatmill, path)]
    print("\n".join(wrong[:40]))
    sys.exit(bool(wrong))


main()
