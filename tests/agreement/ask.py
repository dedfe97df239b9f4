"""Asks one provider's checker about files; run by checkers.py with the Python that the checker is installed for.

`ask.py CHECKER LIST` reads a list of paths, one a line, and writes one JSON object a line: `accepts` and `says`, the
sentence of the first thing refused. An exception that the checker does not catch is a refusal: nobody's file gets past it.
"""

import json
import os
import sys
from pathlib import Path


def together(where):
    """The SDK's `check_file`, which stands in one module up to version 1 and in another since."""
    if where == "together.utils":
        from together.utils import check_file
    else:
        from together.lib.utils import check_file

    def ask(path):
        report = check_file(Path(path))
        # A path in a sentence is this machine's and no part of the answer.
        return report["is_check_passed"], report["message"].replace(str(path), "FILE")

    return ask


def mistral(version, keys):
    """mistral-common's message models and its validator in fine-tuning mode.

    The package has no reader of files. Rows are read as Mistral's trainer (mistral-finetune) reads them: physical lines,
    Python's `json`, the keys `messages` and `tools`. Its models forbid keys they do not know, and its own `from_openai` asks
    them to leave such keys out, as the trainer does; `keys` is "ignore" or "forbid".
    """
    from mistral_common.protocol.instruct.messages import FinetuningMessage
    from mistral_common.protocol.instruct.tool_calls import Tool
    from mistral_common.protocol.instruct.validator import ValidationMode, get_validator
    from mistral_common.tokens.tokenizers.base import TokenizerVersion
    from pydantic import TypeAdapter, ValidationError

    messages_of, tools_of = TypeAdapter(list[FinetuningMessage]), TypeAdapter(list[Tool] | None)
    validator = get_validator(TokenizerVersion(version), ValidationMode.finetuning)

    def check(row):
        if not isinstance(row, dict):
            raise TypeError(f"a row must be an object, not {type(row)}")
        messages = messages_of.validate_python(row["messages"], extra=keys)
        tools = tools_of.validate_python(row.get("tools"), extra=keys)
        validator.validate_messages(messages)
        validator._validate_tools(tools or [])

    def ask(path):
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                try:
                    check(json.loads(line))
                except ValidationError as error:
                    first = error.errors()[0]
                    return False, f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        return True, ""

    return ask


CHECKERS = {
    "together-1": lambda: together("together.utils"),
    "together-2": lambda: together("together.lib.utils"),
    "together-3": lambda: together("together.lib.utils"),
    "mistral-v3": lambda: mistral("v3", "ignore"),
    "mistral-v3-keys": lambda: mistral("v3", "forbid"),
    "mistral-v7": lambda: mistral("v7", "ignore"),
    "mistral-v13": lambda: mistral("v13", "ignore"),
}


def answer(ask, path):
    try:
        return ask(path)
    except Exception as error:  # whatever it is, the file was not accepted
        return False, f"{type(error).__name__}: {error}"


def main():
    checker, paths = sys.argv[1:]
    # Checkers draw progress bars.
    sys.stderr = open(os.devnull, "w")
    ask = CHECKERS[checker]()
    for path in Path(paths).read_text().splitlines():
        accepts, says = answer(ask, path)
        sys.stdout.write(json.dumps({"accepts": bool(accepts), "says": "" if accepts else says}) + "\n")


if __name__ == "__main__":
    main()
