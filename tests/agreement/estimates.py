"""How far families of vocabularies are from o200k_base and cl100k_base: the ratios in src/tokens/families.rs.

`estimates.py --tokenizer FAMILY=FILE[,apart] ... TEXTS...`: FILE is a tokenizer.json, a SentencePiece model, a tekken.json or a
tiktoken file; `apart` where the family makes a token of every digit. TEXTS are text files, one collection each, cut into
paragraphs at blank lines. For each script the ratios of pieces of about 1,500 bytes are printed: the interval of 99 of
100 pieces with a hundredth on either side, against both vocabularies, and how many pieces lie within both. Where FAMILY
is one of families.rs, the share of pieces that lie within what chatmill would say follows, script by script.

Needs tiktoken, tokenizers, sentencepiece and numpy, and no network beyond what tiktoken's cache holds.
"""

import argparse
import base64
import json
import math
import re
from pathlib import Path

import numpy
import sentencepiece
import tiktoken
from tokenizers import Tokenizer

FAMILIES = Path(__file__).parents[2] / "src/tokens/families.rs"
SCRIPTS = ["ascii", "latin", "cyrillic", "cjk", "other"]
DIGITS = re.compile(r"[0-9]+")
# How tiktoken files split texts: Llama 3 and Qwen as cl100k_base, Qwen with single digits; the largest as o200k_base.
CL100K = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{%s}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def counter(path, apart):
    """Tokens of a text without control tokens."""
    data = Path(path).read_bytes()
    if data[:1] == b"\x0a":
        model = sentencepiece.SentencePieceProcessor(model_proto=data)
        return lambda text: len(model.encode(text))
    if data.lstrip()[:1] != b"{":
        lines = [line.split() for line in data.splitlines() if line.strip()]
        ranks = {base64.b64decode(token): int(rank) for token, rank in lines}
        pattern = tiktoken.get_encoding("o200k_base")._pat_str if len(ranks) > 199_000 else CL100K % ("1" if apart else "1,3")
        if len(ranks) > 199_000 and apart:
            pattern = CL100K.replace(r"\p{L}+", r"[\p{L}\p{M}]+").replace(r"[^\s\p{L}", r"[^\s\p{L}\p{M}") % "1"
    else:
        spec = json.loads(data)
        if "pattern" not in spec.get("config", {}):
            hugging_face = Tokenizer.from_file(str(path))
            return lambda text: len(hugging_face.encode(text, add_special_tokens=False).ids)
        config = spec["config"]
        size = config["default_vocab_size"] - config["default_num_special_tokens"]
        ranks = {base64.b64decode(token["token_bytes"]): token["rank"] for token in spec["vocab"][:size]}
        pattern = config["pattern"]
    encoding = tiktoken.Encoding("own", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    return lambda text: len(encoding.encode_ordinary(text))


def script(text):
    """The same choice as src/tokens/estimate.rs makes."""
    data = text.encode()
    if sum(byte >= 128 for byte in data) * 50 <= len(data):
        return "ascii"
    weights = dict.fromkeys(SCRIPTS[1:], 0)
    for character in text:
        code = ord(character)
        if code < 0x80:
            continue
        if code < 0x370 or 0x1E00 <= code < 0x1F00 or 0x2000 <= code < 0x2E00:
            name = "latin"
        elif code < 0x530 or 0x1F00 <= code < 0x2000:
            name = "cyrillic"
        elif any(low <= code < high for low, high in [(0x1100, 0x1200), (0x2E80, 0xD800), (0xF900, 0xFB00), (0xFF00, 0xFFF0), (0x20000, 0x32000)]):
            name = "cjk"
        else:
            name = "other"
        weights[name] += len(character.encode())
    return max(weights, key=weights.get)


def pieces(path):
    """Pieces of about 1,500 bytes, each of paragraphs of one script."""
    waiting = {}
    for text in re.split(r"\n\s*\n", Path(path).read_text(errors="replace")):
        if len(text) < 20:
            continue
        found = waiting.setdefault(script(text), [])
        found.append(text[:4000])
        if sum(len(one.encode()) for one in found) > 1500:
            yield script(text), list(found)
            found.clear()


def recorded():
    """What families.rs holds: of each family the ratios to both vocabularies by script, and how it cuts digits."""
    source = FAMILIES.read_text()
    tables = {}
    for name, numbers in re.findall(r"(?:const|name:) (\S+?)[:,][^;]*?rulers\((\s*\[.*?\],?\s*)\)[,;]", source, re.S):
        pairs = [(int(low), int(high)) for low, high in re.findall(r"\((\d+), (\d+)\)", numbers)]
        tables[name.strip('"')] = pairs[:5], pairs[5:]
    found = {}
    for name, digits, rulers in re.findall(r'name: "(.+?)",.*?digits: Digits::(\w+),\s*rulers: (\w+)', source, re.S):
        found[name] = tables[name if rulers == "rulers" else rulers], digits
    return found


def span(table, script_name, digits, groups, counts):
    """The estimate of one text, as src/tokens/estimate.rs makes it."""
    ratios, cut = table
    both = [ratio[SCRIPTS.index(script_name)] for ratio in ratios]
    low = max((count * ratio[0] + 50) // 100 for count, ratio in zip(counts, both))
    high = min((count * ratio[1] + 50) // 100 for count, ratio in zip(counts, both))
    low, high = sorted((low, high))
    return low + (digits if cut == "Apart" else groups), high + (groups if cut == "Grouped" else digits)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tokenizer", action="append", required=True, metavar="FAMILY=FILE[,apart]")
    parser.add_argument("texts", nargs="+")
    options = parser.parse_args()
    rulers = [tiktoken.get_encoding(name) for name in ("o200k_base", "cl100k_base")]
    held = recorded()
    rows = []
    for path in options.texts:
        for name, texts in pieces(path):
            seen = []
            for text in texts:
                runs = DIGITS.findall(text)
                groups = sum(-(-len(run) // 3) for run in runs)
                seen.append((sum(map(len, runs)), groups, [len(ruler.encode_ordinary(text)) - groups for ruler in rulers]))
            rows.append((name, texts, seen))
    print(f"{len(rows)} pieces of {len(options.texts)} collections, {sum(len(t.encode()) for r in rows for t in r[1])} bytes")
    for given in options.tokenizer:
        family, rest = given.split("=", 1)
        file, _, how = rest.partition(",")
        count = counter(file, how == "apart")
        tokens = [sum(map(count, texts)) for _, texts, _ in rows]
        own = [all_of - sum(one[0 if how == "apart" else 1] for one in row[2]) for all_of, row in zip(tokens, rows)]
        within = numpy.ones(len(rows), bool)
        for index, ruler in enumerate(("o200k_base", "cl100k_base")):
            ratios = []
            for name in SCRIPTS:
                at = [place for place, row in enumerate(rows) if row[0] == name]
                if not at:
                    ratios.append(None)
                    continue
                theirs = [sum(one[2][index] for one in rows[place][2]) for place in at]
                seen = numpy.array([own[place] / max(1, all_of) for place, all_of in zip(at, theirs)])
                low, high = (float(numpy.quantile(seen, part)) for part in (0.005, 0.995))
                low, high = math.floor(low * 100) - 1, math.ceil(high * 100) + 1
                within[at] &= (seen * 100 >= low) & (seen * 100 <= high)
                ratios.append((low, high))
            print(f"{family} {ruler} {ratios}")
        print(f"{family} within both: {within.mean():.3f}")
        if family in held:
            spans = [[span(held[family], name, *one) for one in seen] for name, _, seen in rows]
            outside = [max(sum(low for low, _ in ends) - t, t - sum(high for _, high in ends)) / t for ends, t in zip(spans, tokens)]
            for name in [*SCRIPTS, "all"]:
                at = numpy.array([far for far, row in zip(outside, rows) if name in ("all", row[0])])
                if len(at):
                    print(f"{family} as recorded, {name}: {(at <= 0).mean():.3f} of {len(at)}, 99 of 100 off by {max(0, numpy.quantile(at, 0.99)):.3f} at most")


main()
