"""Training files damaged on purpose, for checkers.py: good files, named mutations of them, and random edits.

Everything is drawn from seeds made of names, so that a target's files are the same each time, whatever else is asked for.
A file is a list of rows while it is damaged, and bytes at the end. `Raw` stands for JSON that Python's `json` would not
write, `Pairs` for an object with a key twice.
"""

import itertools
import json
import random

PNG = "data:image/png;base64,iVBORw0KGgo="
OLD_ID, SHORT_ID, OTHER_ID = "call_Zk3uQ0aXyTnR5vWb8cDe1fGh", "a1B2c3D4e", "Z9y8X7w6V"


class Raw(str):
    """Text that goes into the file as it is."""


class Pairs(list):
    """An object as a list of keys and values, which may hold a key twice."""


def clone(value):
    """A copy that shares nothing, also where `value` holds one object twice: edits must not show elsewhere."""
    if isinstance(value, dict):
        return {key: clone(inner) for key, inner in value.items()}
    return type(value)(map(clone, value)) if isinstance(value, (list, tuple)) else value


def dump(value, ascii_only=True, gap=" "):
    """JSON as Python writes it, with `Raw` and `Pairs`, and depth bounded by nothing but Python."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, (dict, Pairs)):
        pairs = value.items() if isinstance(value, dict) else value
        inner = f",{gap}".join(f"{json.dumps(k, ensure_ascii=ascii_only)}:{gap}{dump(v, ascii_only, gap)}" for k, v in pairs)
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + f",{gap}".join(dump(item, ascii_only, gap) for item in value) + "]"
    return json.dumps(value, ensure_ascii=ascii_only)


def encode(rows):
    """The file's bytes; a lone surrogate stays the escape that Python writes for it."""
    return "".join(dump(row) + "\n" for row in rows).encode()


def message(role, content, **more):
    return {"role": role, "content": content, **more}


def call(identity, name="find_order", arguments='{"number": 4711}'):
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}


def tool(name="find_order"):
    parameters = {"type": "object", "properties": {"number": {"type": "integer"}}, "required": ["number"]}
    return {"type": "function", "function": {"name": name, "description": "Looks up an order.", "parameters": parameters}}


def text_part(text):
    return {"type": "text", "text": text}


def image_part(url=PNG):
    return {"type": "image_url", "image_url": {"url": url}}


def talk(*roles):
    return [message(role, f"{role} says {number}.") for number, role in enumerate(roles)]


def with_tools(identity, **row):
    """A call, its result, and an answer."""
    said = [
        message("user", "Where is order 4711?"),
        {"role": "assistant", "tool_calls": [call(identity)]},
        message("tool", "On its way.", tool_call_id=identity),
        message("assistant", "It is on its way."),
    ]
    return {"messages": said, "tools": [tool()], **row}


def good_chats(identity):
    short = {"messages": talk("user", "assistant")}
    weighted = talk("user", "assistant", "user", "assistant")
    weighted[1]["weight"], weighted[3]["weight"] = 0, 1
    last_call = with_tools(identity)
    last_call["messages"] = last_call["messages"][:2]
    return [
        [short],
        [{"messages": talk("system", "user", "assistant")}],
        [{"messages": talk("system", "user", "assistant", "user", "assistant")}, clone(short)],
        [{"messages": weighted}],
        [{"messages": [message("user", "Wo ist Päckchen 🙂?"), message("assistant", "请稍等。")]}, short, {"messages": talk("user", "assistant")}, short],
        [with_tools(identity)],
        [last_call],
    ]


def good_preferences():
    def row(said, chosen, other, **more):
        return {"input": {"messages": said, **more}, "preferred_output": chosen, "non_preferred_output": other}

    yes, no = [message("assistant", "Gladly.")], [message("assistant", "No.")]
    parts = [message("user", [text_part("What is this?"), image_part()])]
    called = [{"role": "assistant", "tool_calls": [call(OLD_ID)]}]
    return [
        [row(talk("user"), yes, no)],
        [row(talk("system", "user", "assistant", "user"), yes, no), row(talk("user"), no, yes)],
        [row(talk("user"), yes, no, tools=[], parallel_tool_calls=False)],
        [row(parts, [message("assistant", [text_part("A map.")])], no)],
        [row(talk("user"), called, no)],
    ]


def good(target):
    """Files that the target's checkers accept; checkers.py makes sure that they do."""
    family = target.split("-")[-1]
    if family == "mistral":
        prefixed = {"messages": [message("user", [text_part("Hello.")]), message("assistant", "Hello.", prefix=False)]}
        return [*good_chats(SHORT_ID), [prefixed]]
    if family == "instruction":
        parts = {"prompt": [text_part("What is this?"), image_part()], "completion": [text_part("A map.")]}
        plain = {"prompt": "Where is my order?", "completion": "On its way."}
        return [[plain], [plain, {"prompt": "", "completion": ""}], [parts], [plain, plain, plain, plain]]
    if family == "text":
        return [[{"text": "Where is my order? On its way."}], [{"text": ""}, {"text": "Ä 🙂"}], [{"text": [text_part("Hi."), image_part()]}]]
    if family == "preference":
        return good_preferences()
    parts = [message("system", [text_part("Be kind.")]), message("user", [text_part("What?"), image_part()]), message("assistant", [text_part("A map.")])]
    return [*good_chats(OLD_ID), [{"messages": talk("user", "assistant", "user")}], [{"messages": parts}]]


# --- values that stand where others should -------------------------------------------------------------------------------

NAN, INFINITY = Raw("NaN"), Raw("-Infinity")
ANYTHING = [
    None, True, False, 0, 1, -1, 2, 1.0, 0.5, 10**30, Raw("1e999"), NAN, INFINITY, "", " ", "0", "text", "\x00", "\ud800",
    [], {}, [""], [None], [1], [{}], [[]], {"a": 1},
]
CONTENTS = [
    *ANYTHING, "\n\t", "\u200b", "\ufeff", "<|im_end|>", "x" * 3000, ["text"], [text_part("")], [text_part("a"), text_part("b")],
    [text_part(None)], [text_part(5)], [{"type": "text"}], [{"text": "no type"}], [{"type": "input_text", "text": "a"}],
    [{"type": None, "text": "a"}], [{"type": ["text"], "text": "a"}], [{"type": "refusal", "refusal": "No."}],
    [{"type": "thinking", "thinking": "Hm."}], [{"type": "thinking", "thinking": [text_part("Hm.")]}], text_part("not in a list"),
    [text_part("a"), "b"], [{**text_part("a"), "more": 1}], [{"type": "input_audio", "input_audio": {"data": "", "format": "wav"}}],
    [{"type": "file", "file": {"file_id": "f"}}],
]
ROLES = [
    "system", "user", "assistant", "tool", "function", "developer", "User", "ASSISTANT", " assistant", "assistant\n", "human",
    "gpt", "bot", "model", "agent", "customer", "support", "chatbot", "", None, 1, True, ["user"], {"role": "user"}, "\ud800",
]
WEIGHTS = [0, 1, 2, -1, 0.0, 1.0, 0.5, -0.0, Raw("1e0"), Raw("-0"), True, False, None, "0", "1", "", [], [1], {}, NAN, INFINITY, 10**30]
IDENTITIES = [
    "", "a", "12345678", "123456789", "1234567890", "a1B2c3D4", "a1B2c3D4eF", "call_a1B2", "a1B2-3D4e", "a1B2c3D4e\n", "a1B2c3D4\n", "äbcdefghi",
    "１２３４５６７８９", "null", " a1B2c3D4", OLD_ID, OTHER_ID, "toolu_01A", None, 5, 123456789, True, [], {},
]
NAMES = ["", "a", "a" * 64, "a" * 65, "find order", "find.order", "find_order\n", "fínd", "-", "_", "find-order", "functions.find", None, 5, [], {}, True]
ARGUMENTS = ["", " ", "{}", "null", "[1]", "5", '"a"', "{", '{"number": }', '{"number": "x"}', '{"a": 1, "a": 2}', None, {}, {"number": 1}, [], 5, True]
SCHEMAS = [
    {}, {"type": "object"}, {"type": "objekt"}, {"type": 5}, {"type": []}, {"type": ["object", "null"]}, {"type": ["x"]}, {"properties": []},
    {"properties": {"a": 5}}, {"properties": {"a": True}}, {"required": "number"}, {"required": []}, {"required": ["a", "a"]}, {"required": [1]},
    {"minimum": "1"}, {"minLength": -1}, {"multipleOf": 0}, {"pattern": "("}, {"enum": []}, {"enum": "a"}, {"items": 5}, {"$ref": "#/nowhere"},
    {"$ref": 5}, {"description": 5}, {"additionalProperties": "no"}, {"anyOf": []}, {"anyOf": [{}]}, {"not": 1}, {"title": None},
    {"properties": {"a": {"type": "string", "required": True}}}, {"format": 5}, {"uniqueItems": 1}, {"$schema": "https://json-schema.org/draft/2020-12/schema"},
    None, [], "object", 5, True,
]
TOOLS = [None, [], {}, "tools", "[]", 5, True, [None], [5], [{}], [[]], [tool(), tool()], [tool()["function"]], [{"type": "retrieval"}]]
CALLS = [None, [], {}, "x", 5, False, [None], [5], [{}], [[]], [call(SHORT_ID)], [call(OLD_ID)], [call(SHORT_ID), call(OTHER_ID)], [call(SHORT_ID), call(SHORT_ID)]]
URLS = [
    PNG, PNG.replace("png", "jpeg"), PNG.replace("png", "webp"), PNG.replace("png", "jpg"), PNG.replace("png", "gif"), PNG.replace("png", "PNG"),
    "DATA:image/png;base64,iVBORw0KGgo=", "data:image/png,iVBORw0KGgo=", "data:image/png;charset=utf-8;base64,iVBORw0KGgo=", "data:image/png;base64,",
    "data:image/png;base64,???", "data:image/svg+xml;base64,AAAA", " " + PNG, "https://example.com/a.png", "file:///a.png", "", None, 5, [], {},
]
VALUES = {
    "role": ROLES, "content": CONTENTS, "text": CONTENTS, "prompt": CONTENTS, "completion": CONTENTS, "weight": WEIGHTS, "id": IDENTITIES,
    "tool_call_id": IDENTITIES, "name": NAMES, "arguments": ARGUMENTS, "parameters": SCHEMAS, "tools": TOOLS, "tool_calls": CALLS,
    "function": [None, {}, [], "find_order", 5, {"name": "find_order"}, {"arguments": "{}"}, {"name": "find_order", "arguments": "{}"}],
    "description": [None, "", 5, [], {}, True], "strict": [None, True, False, "yes", "maybe", 1, 2, []], "url": URLS,
    "type": ["function", "Function", "tool", "text", "image_url", "image", "object", "", None, 5, [], {}],
    "image_url": [None, PNG, "https://example.com/a.png", [], {}, 5, {"url": PNG, "detail": "low"}, {"url": PNG, "detail": 5}],
    "prefix": [True, False, None, 0, 1, 2, "true", "no", "maybe", [], {}], "parallel_tool_calls": [True, None, "x"],
    "messages": [*ANYTHING, [[message("user", "a")]], ["user"], {"0": message("user", "a")}, json.dumps(talk("user", "assistant"))],
    "input": [*ANYTHING, talk("user"), {"messages": []}, {"messages": None}, {"messages": "x"}, {"messages": {}}, {"message": talk("user")}],
}
OUTPUTS = [
    *ANYTHING, "Gladly.", message("assistant", "Gladly."), talk("assistant", "assistant"), talk("user"), talk("Assistant"), talk("tool"), ["Gladly."],
    [message("assistant", "")], [message("assistant", None)], [message("assistant", 5)], [message("assistant", [])], [message("assistant", {})],
    [{"role": "assistant"}], [{"content": "a"}], [message(None, "a")], [message(["assistant"], "a")], [message("assistant", [image_part()])],
    [message("assistant", [text_part("a")])], [{"role": "assistant", "tool_calls": [call(OLD_ID)]}], [{"role": "assistant", "tool_calls": None}],
    [message("assistant", None, tool_calls=[call(OLD_ID)])], [message("assistant", "a", weight=5)], [message("assistant", "a", more=1)],
]
VALUES["preferred_output"] = VALUES["non_preferred_output"] = OUTPUTS
# Keys that people's files have and that a place may or may not know.
MORE_KEYS = {
    "row": {
        "id": "4711", "metadata": {"source": "tickets"}, "weight": 1, "text": "a", "prompt": "a", "completion": "a", "tools": [], "functions": [],
        "parallel_tool_calls": True, "system": "Be kind.", "input": {"messages": talk("user")}, "messages": talk("user", "assistant"),
        "preferred_output": talk("assistant"), "non_preferred_output": talk("assistant"), "chosen": [], "rejected": [], "conversations": [],
        "only_last": True, "available_tools": [], "interactions": [], "": 1, "Messages": [], "reasoning_effort": "low",
    },
    "message": {
        "name": "kim", "id": "m1", "timestamp": 1700000000, "weight": 1, "prefix": True, "refusal": None, "audio": None, "function_call": None,
        "tool_calls": None, "tool_call_id": SHORT_ID, "reasoning": "Hm.", "reasoning_content": "Hm.", "thinking": "Hm.", "text": "a", "train": True,
        "from": "human", "value": "a", "": 1, "ROLE": "user",
    },
    "inner": {"more": 1, "id": "x", "index": 0, "type": "x", "strict": True, "detail": "low", "": None},
}


# --- places --------------------------------------------------------------------------------------------------------------


def places(value, path=()):
    """Paths of all nodes below `value`, itself left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) and not isinstance(value, Pairs) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def get(value, path):
    for key in path:
        value = value[key]
    return value


def put(rows, path, value):
    """A copy of `rows` with `value` at `path`."""
    rows = clone(rows)
    get(rows, path[:-1])[path[-1]] = clone(value)
    return rows


def without(rows, path):
    rows = clone(rows)
    del get(rows, path[:-1])[path[-1]]
    return rows


def label(value):
    """A value as a part of a name."""
    shown = dump(value)
    return shown if len(shown) <= 40 else shown[:37] + "..."


def kind_of_object(path):
    if len(path) == 1:
        return "row"
    return "message" if len(path) >= 2 and isinstance(path[-1], int) and path[-2] in ("messages", "preferred_output", "non_preferred_output") else "inner"


# --- named mutations of rows ---------------------------------------------------------------------------------------------


def of_values(rows):
    """Each known key with each value that people and programs write there."""
    for path in places(rows):
        for value in VALUES.get(path[-1], ()):
            yield f"{path[-1]} = {label(value)}", put(rows, path, value)


def of_keys(rows):
    """Keys missing, added, written twice, renamed, reordered."""
    for path in places(rows):
        node = get(rows, path)
        name = path[-1] if isinstance(path[-1], str) else kind_of_object(path)
        yield f"{name} left out", without(rows, path)
        if isinstance(node, dict):
            for key, value in MORE_KEYS[kind_of_object(path)].items():
                if key not in node:
                    yield f"{kind_of_object(path)} with {key!r}", put(rows, path, {**node, key: value})
            yield f"{name} turned round", put(rows, path, dict(reversed(node.items())))
            for key, value in node.items():
                yield f"{key!r} twice, alike", put(rows, path, Pairs([*node.items(), (key, value)]))
                yield f"{key!r} twice, null last", put(rows, path, Pairs([*node.items(), (key, None)]))
                yield f"{key!r} twice, null first", put(rows, path, Pairs([(key, None), *node.items()]))
                renamed = {(key.capitalize() if one == key else one): inner for one, inner in node.items()}
                yield f"{key!r} capitalized", put(rows, path, renamed)
        if isinstance(path[-1], str) and path[-1] in VALUES and not isinstance(node, (dict, list)):
            yield f"{name} in a list", put(rows, path, [node])


def of_order(rows):
    """Messages left out, repeated, moved, and foreign ones put between."""
    for number, row in enumerate(rows):
        path = (number, "messages") if "messages" in row else (number, "input", "messages")
        try:
            said = get(rows, path)
        except (KeyError, IndexError):
            continue
        for at in range(len(said)):
            yield "message repeated", put(rows, path, said[: at + 1] + said[at:])
            yield "message moved to the end", put(rows, path, said[:at] + said[at + 1 :] + [said[at]])
            yield "message moved to the beginning", put(rows, path, [said[at]] + said[:at] + said[at + 1 :])
            for role in ("system", "user", "assistant", "tool", "developer"):
                yield f"{role} put in", put(rows, path, said[:at] + [message(role, "Between.")] + said[at:])
        yield "messages turned round", put(rows, path, said[::-1])
        yield "messages in rows of their own", rows[:number] + [{"messages": [one]} for one in said] + rows[number + 1 :]


def of_formats(rows):
    """Rows of other formats beside, before and merged."""
    others = {
        "text": {"text": "a"}, "messages": {"messages": talk("user", "assistant")}, "instruction": {"prompt": "a", "completion": "b"},
        "preference": {"input": {"messages": talk("user")}, "preferred_output": talk("assistant"), "non_preferred_output": talk("assistant")},
        "sharegpt": {"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]}, "empty": {}, "gemini": {"contents": []},
        "alpaca": {"instruction": "a", "input": "", "output": "b"}, "prompt alone": {"prompt": "a"}, "half a preference": {"input": {}, "preferred_output": []},
    }
    for name, other in others.items():
        yield f"{name} row after", [*rows, other]
        yield f"{name} row before", [other, *rows]
        yield f"{name} row alone", [other]
        yield f"{name} keys too", [{**rows[0], **other}, *rows[1:]]
    for name, other in {"list": [1], "string": "a", "number": 5, "null": None, "true": True, "row in a list": rows[:1], "empty list": []}.items():
        yield f"{name} as a row", [*rows, other]
        yield f"{name} as the first row", [other, *rows]


def of_roles(target):
    """Every order of up to four roles."""
    roles = ("system", "user", "assistant", "tool")
    for length in range(5):
        for order in itertools.product(roles, repeat=length):
            said = talk(*order)
            for one in said:
                if one["role"] == "tool":
                    one["tool_call_id"] = SHORT_ID
            row = {"messages": said}
            if target.endswith("preference"):
                row = {"input": row, "preferred_output": talk("assistant"), "non_preferred_output": talk("assistant")}
            yield "roles " + ("-".join(order) if length < 4 else "of four messages"), [row]


def of_calls():
    """Calls and results in every number up to two, with ids that fit or do not, and what follows them."""
    ids = (SHORT_ID, OTHER_ID)
    for calls, results, ending in itertools.product(range(3), range(4), ("assistant", "user-assistant", "user", "", "calls")):
        said = [message("user", "Where?"), {"role": "assistant", "tool_calls": [call(one) for one in ids[:calls]]}]
        if not calls:
            said[1] = message("assistant", "Here.")
        said += [message("tool", "On its way.", tool_call_id=ids[one % 2]) for one in range(results)]
        said += [{"role": "assistant", "tool_calls": [call("k1L2m3N4o")]}] if ending == "calls" else talk(*filter(None, ending.split("-")))
        yield f"{calls} calls, {results} results, then {ending or 'nothing'}", [{"messages": said, "tools": [tool()]}]
        for text in ("", "Let me look."):
            if calls and results == calls:
                spoken_too = clone(said)
                spoken_too[1]["content"] = text
                yield f"calls with content {text!r}", [{"messages": spoken_too, "tools": [tool()]}]
    for first, second in (("", ""), (SHORT_ID, SHORT_ID), (OTHER_ID, OTHER_ID), (None, None), ("null", "null")):
        said = with_tools(SHORT_ID)
        said["messages"][1]["tool_calls"] = [call(first), call(second)]
        said["messages"][2:3] = [message("tool", "a", tool_call_id=first), message("tool", "b", tool_call_id=second)]
        yield f"two calls with the ids {first!r} and {second!r}", [said]


def of_images(target):
    """Numbers of images, who sends them, weights beside them, and texts that are strings elsewhere."""
    def row(said):
        if target.endswith("preference"):
            return {"input": {"messages": said[:-1]}, "preferred_output": [said[-1]], "non_preferred_output": talk("assistant")}
        return {"messages": said}

    answer = message("assistant", [text_part("A map.")])
    for count in (1, 2, 10, 11):
        yield f"{count} images in one message", [row([message("user", [image_part()] * count), answer])]
        halves = [message("user", [image_part()] * (count // 2)), answer, message("user", [image_part()] * (count - count // 2)), answer]
        yield f"{count} images in two messages", [row(halves)]
    for role in ("system", "assistant", "tool"):
        yield f"image from {role}", [row([message("user", [text_part("a")]), message(role, [image_part()]), answer])]
    for weight in (0, 1, True, False, None):
        yield f"image with weight {weight}", [row([message("user", [image_part()], weight=weight), answer])]
    yield "text string beside parts", [row([message("user", [image_part()]), message("assistant", "A map.")])]
    yield "parts beside a text string", [row([message("system", "a"), message("user", [image_part()]), answer])]
    # The longest `url` that together's checker takes, and one more.
    for length in (13_981_036, 13_981_037):
        yield f"url of {length} characters", [row([message("user", [image_part(PNG.ljust(length, "A"))]), answer])]
    yield "image and null content", [row([message("user", [image_part()]), message("assistant", None, tool_calls=[call(OLD_ID)])])]


# --- named mutations of bytes --------------------------------------------------------------------------------------------


def in_string(data, inserted):
    """`inserted` into the last value that is a string."""
    at = data.rfind(b'"}')
    return None if at < 0 else data[:at] + inserted + data[at:]


def as_value(data, literal):
    """A further key of the first row with `literal` as its value."""
    at = data.find(b"}\n")
    return None if at < 0 else data[:at] + b', "extra": ' + literal + data[at:]


def in_place_of_string(data, literal):
    """`literal` in place of the first string that is a value."""
    start = data.find(b'": "')
    end = data.find(b'"', start + 4)
    return None if start < 0 or end < 0 else data[: start + 3] + literal + data[end + 1 :]


INSERTED = {
    "raw tab": b"\t", "raw line feed": b"\n", "raw carriage return": b"\r", "NUL": b"\0", "escape character": b"\x1b", "DEL": b"\x7f", "C1": "\x85".encode(),
    "line separator": "\u2028".encode(), "byte order mark": "\ufeff".encode(), "noncharacter": "\uffff".encode(), "emoji": "🙂".encode(),
    "wrong escape": rb"\x41", "short escape": rb"\u12", "lone escape": b"\\", "high surrogate": rb"\ud83d", "low surrogate": rb"\ude00",
    "surrogate pair": rb"\ud83d\ude00", "surrogates turned round": rb"\ude00\ud83d", "escaped NUL": rb"\u0000", "escaped slash": rb"\/",
    "latin-1": b"\xe4", "lone continuation": b"\x80", "overlong": b"\xc0\xaf", "encoded surrogate": b"\xed\xa0\x80", "cut sequence": b"\xf0\x9f\x99",
    "beyond Unicode": b"\xf4\x90\x80\x80", "quote": b'"', "backspace": b"\x08", "form feed": b"\x0c",
}
LITERALS = {
    "NaN": b"NaN", "Infinity": b"Infinity", "-Infinity": b"-Infinity", "nan": b"nan", "1e999": b"1e999", "leading zero": b"01", "plus": b"+1", "bare point": b".5",
    "trailing point": b"1.", "hexadecimal": b"0x1", "bare exponent": b"1e", "minus": b"-", "minus zero": b"-0", "4300 digits": b"1" * 4300,
    "4301 digits": b"1" * 4301, "fraction of 5000 digits": b"1." + b"1" * 5000, "True": b"True", "undefined": b"undefined", "single quotes": b"'a'",
    "bare word": b"word", "nothing": b"", "comment": b"/* a */ 1", "depth 100": b"[" * 100 + b"]" * 100, "depth 125": b"[" * 125 + b"]" * 125,
    "depth 127": b"[" * 127 + b"]" * 127, "depth 128": b"[" * 128 + b"]" * 128, "depth 900": b"[" * 900 + b"]" * 900, "depth 10000": b"[" * 10000 + b"]" * 10000,
    "objects of depth 200": b'{"a":' * 200 + b"1" + b"}" * 200, "trailing comma in a list": b"[1,]", "trailing comma in an object": b'{"a":1,}',
    "two commas": b"[1,,2]", "colon for comma": b'["a":1]', "key without quotes": b"{a:1}", "number as key": b"{1:2}", "no value": b'{"a"}',
}
LINES = {
    "empty": b"", "blanks": b"  \t ", "NBSP": "\u00a0".encode(), "line separator": "\u2028".encode(), "file separator": b"\x1c", "vertical tab": b"\x0b",
    "form feed": b"\x0c", "C1": "\x85".encode(), "comment": b"# a comment", "null": b"null", "brackets": b"[]", "braces": b"{}", "comma": b",", "NUL": b"\0",
    "word": b"word", "byte order mark": "\ufeff".encode(), "carriage return": b"\r", "NaN": b"NaN", "two objects": b"{} {}",
}


def of_bytes(data):
    """Damage below JSON: encodings, line ends, blank lines, literals that are none, cuts."""
    lines = data.splitlines(keepends=True)
    one_array = b"[" + b",\n".join(line.strip() for line in lines) + b"]\n"
    yield "empty file", b""
    yield "only line feeds", b"\n\n\n"
    yield "only blanks", b"  \n \t\n"
    yield "byte order mark", b"\xef\xbb\xbf" + data
    yield "two byte order marks", b"\xef\xbb\xbf" * 2 + data
    yield "UTF-16 with mark", data.decode().encode("utf-16")
    yield "UTF-16 without mark", data.decode().encode("utf-16-le")
    yield "UTF-32", data.decode().encode("utf-32")
    yield "text not escaped", "".join(dump(json.loads(line), ascii_only=False) + "\n" for line in lines).encode("utf-8", "surrogatepass")
    yield "Windows-1252", "".join(dump(json.loads(line), ascii_only=False) + "\n" for line in lines).encode("cp1252", "replace").replace(b"says", b"s\xe4ys")
    yield "no gaps", "".join(dump(json.loads(line), gap="") + "\n" for line in lines).encode()
    yield "CRLF", data.replace(b"\n", b"\r\n")
    yield "CR", data.replace(b"\n", b"\r")
    yield "CR CRLF", data.replace(b"\n", b"\r\r\n")
    yield "no last line end", data.rstrip(b"\n")
    yield "Ctrl-Z at the end", data + b"\x1a"
    yield "NUL at the end", data + b"\0"
    yield "one line", b"".join(line.rstrip(b"\n") for line in lines) + b"\n"
    yield "one line with blanks between", b" ".join(line.rstrip(b"\n") for line in lines) + b"\n"
    yield "comma after each row", b"".join(line.rstrip(b"\n") + b",\n" for line in lines)
    yield "semicolon after each row", b"".join(line.rstrip(b"\n") + b";\n" for line in lines)
    yield "rows in one array", one_array
    yield "rows in one array on one line", one_array.replace(b"\n", b" ") + b"\n"
    yield "indented", b"".join(json.dumps(json.loads(line), indent=2).encode() + b"\n" for line in lines)
    yield "rows as strings", b"".join(json.dumps(line.decode().rstrip("\n")).encode() + b"\n" for line in lines)
    yield "Python's repr", b"".join(repr(json.loads(line)).encode() + b"\n" for line in lines)
    yield "single quotes", data.replace(b'"', b"'")
    yield "typographic quotes", data.replace(b'"', "\u201d".encode())
    yield "quotes doubled", data.replace(b'"', b'""')
    yield "colon for equals", data.replace(b":", b"=")
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        yield "cut", data[: int(len(data) * share)]
    yield "last bracket gone", data.rstrip(b"\n")[:-1] + b"\n"
    yield "bracket more", data.rstrip(b"\n") + b"}\n"
    for name, line in LINES.items():
        yield f"first line {name}", line + b"\n" + data
        yield f"last line {name}", data + line + b"\n"
        yield f"lines between {name}", b"".join(one + line + b"\n" for one in lines)
        yield f"before and after a row {name}", b"".join(line + one.rstrip(b"\n") + line + b"\n" for one in lines)
    for name, inserted in INSERTED.items():
        yield f"{name} in a string", in_string(data, inserted)
        yield f"{name} in a key", data.replace(b'": ', inserted + b'": ', 1)
    for name, literal in LITERALS.items():
        yield f"{name} in a further key", as_value(data, literal)
        yield f"{name} in place of a string", in_place_of_string(data, literal)


# --- random edits --------------------------------------------------------------------------------------------------------


def edit(rows, generator):
    """One random edit of any node: left out, repeated, exchanged with another, of another type, or with a foreign key."""
    rows = clone(rows)
    paths = [*places(rows)]
    if not paths:
        return rows
    path = generator.choice(paths)
    parent, key = get(rows, path[:-1]), path[-1]
    choice = generator.randrange(6)
    if choice == 0:
        del parent[key]
    elif choice == 1 and isinstance(parent, list):
        parent.insert(key, clone(parent[key]))
    elif choice == 2:
        other = generator.choice(paths)
        if other[: len(path)] != path and path[: len(other)] != other:
            there = get(rows, other[:-1])
            parent[key], there[other[-1]] = there[other[-1]], parent[key]
    elif choice == 3 and isinstance(parent[key], dict):
        added = generator.choice([*MORE_KEYS["row"].items(), *MORE_KEYS["message"].items(), *MORE_KEYS["inner"].items()])
        parent[key][added[0]] = clone(added[1])
    elif choice == 4 and key in VALUES:
        parent[key] = clone(generator.choice(VALUES[key]))
    else:
        parent[key] = clone(generator.choice(ANYTHING))
    return rows


def bite(data, generator):
    """One random edit of bytes."""
    if not data:
        return data
    at = generator.randrange(len(data))
    choice = generator.randrange(4)
    if choice == 0:
        return data[:at] + data[at + 1 :]
    if choice == 1:
        return data[:at] + bytes([generator.choice(b'{}[]",:\\ \n\t0a\x00\xff')]) + data[at:]
    if choice == 2:
        return data[:at] + bytes([data[at] ^ (1 << generator.randrange(8))]) + data[at + 1 :]
    end = min(len(data), at + generator.randrange(1, 20))
    return data[:at] + data[end:] if generator.randrange(2) else data[:end] + data[at:end] + data[end:]


def named(target, rows):
    for mutate in (of_values, of_keys, of_order, of_formats):
        yield from mutate(rows)


def files(target, count, seed):
    """At least `count` different files as (kinds, bytes): the good ones, every named mutation, then mixtures."""
    start = good(target)
    seen = {}

    def add(kinds, data):
        if data is not None:
            seen.setdefault(data, kinds)

    for rows in start:
        add(("good",), encode(rows))
    if "messages" in start[0][0] or "input" in start[0][0]:
        for kind, rows in itertools.chain(of_roles(target), of_calls(), of_images(target)):
            add((kind,), encode(rows))
    for rows in start:
        for kind, changed in named(target, rows):
            add((kind,), encode(changed))
        for kind, data in of_bytes(encode(rows)):
            add((kind,), data)
    generator = random.Random(f"{seed} {target}")
    singles = [[*named(target, rows)] for rows in start]
    whole = [(data, kinds) for data, kinds in seen.items() if kinds != ("good",) and len(data) < 100_000]
    while len(seen) < count:
        choice = generator.randrange(4)
        which = generator.randrange(len(start))
        if choice == 0:
            kind, rows = generator.choice(singles[which])
            second, again = generator.choice(singles[generator.randrange(len(start))])
            add((kind, second, "two rows"), encode([*rows, *again][:4]))
        elif choice == 1:
            kind, rows = generator.choice(singles[which])
            add((kind, "random edit"), encode(edit(rows, generator)))
        elif choice == 2:
            rows = start[which]
            edits = generator.randint(1, 3)
            for _ in range(edits):
                rows = edit(rows, generator)
            add(("random edit",) * edits, encode(rows))
        else:
            data, kinds = generator.choice(whole)
            add((*kinds, "random bytes"), bite(data, generator))
    return [(kinds, data) for data, kinds in seen.items()]
