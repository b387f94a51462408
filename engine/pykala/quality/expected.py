"""The file of changes that were meant: read for `pykala impact --expect`, and written.

In: YAML with one entry for each rule and direction. Out: `Expected` values, or diagnostics.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from pykala.policy.model import VERDICTS
from pykala.policy.reading import NodeReader
from pykala.policy.strict_yaml import compose, load_source
from pykala.quality.impact import Direction, Expected, Outcome
from pykala_dsl.diagnostics import DiagnosticsError

_OUTCOMES: tuple[Outcome, ...] = (*VERDICTS, "none")
assert set(_OUTCOMES) == {*get_args(get_args(Outcome)[0]), "none"}


def read_expected(path: Path) -> list[Expected]:
    """Return the changes that a file says were meant.

    Raises:
        DiagnosticsError: with everything that is wrong with the file.
    """
    source = load_source(path, path.as_posix())
    reader = NodeReader(source)
    head = reader.mapping(compose(source), "the file of expected changes")
    found: list[Expected] = []
    if head is not None:
        reader.keys(head, ("changes",), ("changes",), "the file of expected changes", head.span)
        for item in reader.items(head.get("changes"), "`changes`"):
            node = reader.mapping(item, "an expected change")
            if node is None:
                continue
            keys = ("rule", "from", "to", "records")
            reader.keys(node, keys, keys[:3], "this change", node.entries[0][0].span if node.entries else node.span)
            rule = reader.text(node.get("rule"), "a rule")
            sides = [reader.choice(node.get(key), _OUTCOMES, "a verdict") for key in ("from", "to")]
            count = reader.scalar(node.get("records"), "`records`")
            if count is not None and not count.text.isdecimal():
                message = f"`{count.text}` is no number of records"
                reader.report("wrong-shape", message, count.span, "write a whole number, or leave it out")
            elif rule is not None and None not in sides:
                direction = _direction(sides[0], sides[1])
                found.append(Expected(rule, direction, None if count is None else int(count.text)))
    if reader.diagnostics:
        raise DiagnosticsError(reader.diagnostics)
    return found


def _direction(one: str | None, other: str | None) -> Direction:
    before, after = (next(word for word in _OUTCOMES if word == side) for side in (one, other))
    return before, after


def expected_text(items: Iterable[Expected]) -> str:
    """Return the text of a file of expected changes."""
    lines = ["# The changes of verdicts that are meant: `pykala impact --expect` fails on any other.", "changes:"]
    for item in items:
        count = "" if item.records is None else f", records: {item.records}"
        lines.append(f"  - {{rule: {item.rule}, from: {item.direction[0]}, to: {item.direction[1]}{count}}}")
    return "\n".join(lines if len(lines) > 2 else [lines[0], "changes: []"]) + "\n"
