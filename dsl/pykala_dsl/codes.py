"""Every diagnostic code, by the stage that raises it. Each has a test that raises it and a page in the docs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A code, the stage that raises it, and one line on what it means."""

    code: str
    stage: str
    summary: str


_BY_STAGE: dict[str, dict[str, str]] = {
    "expression": {},
    "types": {
        "not-a-condition": "a condition is wanted and the expression is something else",
        "shadowed-name": "a name is bound again that already means something",
        "ambiguous-name": "a bare name is an enum member and a field or definition of the same type",
        "unknown-member": "a name is not one of the names of the enum",
        "unknown-name": "a name means nothing here",
        "unknown-field": "a record has no such field",
        "unknown-function": "there is no such function",
        "unknown-reading": "there is no such reading",
        "reading-without-word": "a reading is named without `reading(…)`",
        "field-of-list": "a field is asked of a whole list",
        "field-of-value": "a field is asked of a value that has none",
        "type-mismatch": "two kinds of value do not go together",
        "not-comparable": "a value cannot be compared as a whole",
        "not-ordered": "a value has no order",
        "not-a-collection": "a set, a range or a list is wanted",
        "not-a-list": "a list is wanted",
        "duty-misplaced": "`due by` stands where a duty has no meaning",
        "event-absence": "the event of a deadline does not say that not given means not happened",
        "hyphen-in-name": "a name is written with a hyphen and reads as a subtraction",
        "aggregate-of-values": "`sum` or `average` is asked of single values",
        "argument-count": "a function is given too few or too many arguments",
        "cyclic-definition": "a definition hangs on itself",
        "months-backwards": "months are counted backwards",
        "months-twice": "months are added in two steps",
    },
    "yaml": {
        "unreadable-file": "a file is missing or cannot be opened",
        "file-too-big": "a file is larger than 20 MB",
        "empty-file": "a file says nothing",
        "not-utf8": "a file is not UTF-8 text",
        "bad-character": "a character that does not show in an editor",
        "tab": "a tab, where YAML takes spaces",
        "alias": "an anchor or alias (`&name`, `*name`)",
        "tag": "a YAML tag (`!name`)",
        "several-documents": "a second document (`---`) in a file",
        "yaml-directive": "a directive (`%YAML`)",
        "duplicate-key": "a key stands twice in one mapping",
        "bad-key": "a key is not one plain text",
        "colon-in-text": "a colon and a space inside a text without quotes",
        "cut-in-braces": "a comma or a bracket inside braces cuts a text in two",
        "begins-with-brace": "a text begins with a brace or square bracket",
        "bad-start": "a text begins with a character that means something to YAML",
        "unclosed-bracket": "a brace or square bracket has no partner",
        "unclosed-quote": "a quote has no closing quote",
        "text-after-quote": "text stands after a closing quote",
        "bad-escape": "a backslash in double quotes with an unknown letter after it",
        "missing-colon": "a line has no colon and space after its key",
        "wrong-indent": "a line's indentation fits no line above",
        "too-deep": "nested more than 100 levels deep",
        "bad-yaml": "a line that cannot be read for another reason",
    },
    "policy": {},
    "vocabulary": {},
    "register": {},
    "lint": {},
}

CODES: dict[str, Code] = {
    code: Code(code, stage, summary) for stage, codes in _BY_STAGE.items() for code, summary in codes.items()
}
