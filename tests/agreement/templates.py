"""Chat templates rendered by chatmill and by Jinja2 set up as Hugging Face's transformers do: the texts must be equal.

`templates.py CHATMILL TOKENIZER ROWS TEMPLATES...`: ROWS is a JSONL file of chats; every template renders each of its rows.
Needs jinja2. An example that both refuse counts as agreement; so does what both write.
"""

import datetime
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Generation(Extension):
    """`{% generation %}`, which marks what is trained and writes nothing of its own."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_same"), [], [], body).set_lineno(line)

    def _same(self, caller):
        return caller()


def refuse(says):
    raise jinja2.exceptions.TemplateError(says)


def environment():
    made = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols"]
    )

    def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    made.filters["tojson"] = tojson
    made.globals["raise_exception"] = refuse
    made.globals["strftime_now"] = lambda form: datetime.datetime(2024, 7, 26).strftime(form)
    return made


def theirs(template, row, objects):
    messages = json.loads(json.dumps(row["messages"]))
    for message in messages:
        message.pop("weight", None)
        for call in message.get("tool_calls") or []:
            if objects:
                call["function"]["arguments"] = json.loads(call["function"]["arguments"])
    return template.render(
        messages=messages, tools=row.get("tools"), add_generation_prompt=False, bos_token="<s>", eos_token="</s>"
    )


def main():
    chatmill, tokenizer, rows, *templates = sys.argv[1:]
    equal = refused = differ = 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "tokenizer_config.json").write_text('{"bos_token": "<s>", "eos_token": "</s>"}')
        for path in templates:
            # As it stands: Python would read the line feeds of Windows as those of Unix.
            text = Path(path).read_bytes()
            (home / "template.jinja").write_bytes(text)
            template = environment().from_string(text.decode())
            for number, line in enumerate(Path(rows).read_text().splitlines(), 1):
                (home / "row.jsonl").write_text(line + "\n")
                wanted = None
                for objects in (True, False):
                    try:
                        wanted = theirs(template, json.loads(line), objects)
                        break
                    except Exception:  # whatever a template does to Python is a refusal
                        continue
                # A target that takes what a model thought before it answered.
                files = ["--target", "axolotl", "--tokenizer", tokenizer, "--chat-template", str(home / "template.jinja")]
                ran = subprocess.run(
                    [chatmill, "count", str(home / "row.jsonl"), "--show", "1", "--json", *files],
                    capture_output=True,
                    text=True,
                )
                if ran.returncode:
                    sys.exit(f"{path}, row {number}: {ran.stderr}")  # not even a template's refusal ends so
                stretches = json.loads(ran.stdout)[0]["stretches"]
                # What a template rendered has no roles; with roles it is the frame that was taken in its place.
                own = "".join(one["text"] for one in stretches) if stretches and not stretches[0]["role"] else None
                if wanted == own and own is not None:
                    equal += 1
                elif wanted is None and own is None:
                    refused += 1
                else:
                    differ += 1
                    print(f"{path}, row {number}: {'refused by Jinja2' if wanted is None else 'refused here' if own is None else 'other text'}")
    print(f"{equal} equal, {refused} refused by both, {differ} differ")
    sys.exit(differ > 0)


main()
