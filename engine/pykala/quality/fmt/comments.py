"""The comments of a YAML file, each tied to the entry that it speaks of.

In: a source and its nodes. Out: for each entry (by where it begins) the lines above it, the comment behind it, and
the lines below it that are indented as deep as it is; and whether a blank line stands above it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from pykala.policy.strict_yaml import Mapping, Scalar, Sequence, YamlNode
from pykala_dsl.source import Source

_COMMENT = re.compile(r"(?:(?<=\s)|\A|(?<=\n))#[^\n]*")
_HEADER = re.compile(r"[|>][-+0-9]*[ ]+(#[^\n]*)")


@dataclass(slots=True)
class Notes:
    """What stands around an entry and is no part of it."""

    above: list[str] = field(default_factory=list)
    """Full lines before it; an empty one is a blank line between comments."""
    behind: str | None = None
    below: list[str] = field(default_factory=list)
    blank: bool = False
    """Whether a blank line stands before it and its comments."""


@dataclass(slots=True)
class Commented:
    """A file's comments by the offset at which the entry they belong to begins."""

    notes: dict[int, Notes]
    top: list[str]
    """The comments before everything else, which stay there."""
    bottom: list[str]
    """The comments after everything else."""

    def of(self, offset: int) -> Notes:
        """Return what stands around the entry that begins at an offset."""
        return self.notes.get(offset) or Notes()

    def inside(self, start: int, end: int) -> bool:
        """Return whether a comment belongs to an entry between two offsets."""
        return any(start < offset < end and (n.above or n.behind or n.below) for offset, n in self.notes.items())


def find_comments(source: Source, root: YamlNode) -> Commented:
    """Return the comments of a file."""
    text = source.text
    starts = sorted(set(_entry_starts(root)))
    ends = sorted(_leaf_ends(root))
    found = Commented({}, [], [])
    for offset in starts:
        if _blank_above(text, offset):
            found.notes.setdefault(offset, Notes()).blank = True
    for at, comment in _comments(text, root):
        column = at - (text.rfind("\n", 0, at) + 1)
        before = text[at - column : at]
        if before.strip() == "":
            _full_line(found, starts, text, at, column, comment)
        else:
            entry = _entry_behind(text, starts, ends, at)
            notes = found.notes.setdefault(entry, Notes())
            notes.behind = comment if notes.behind is None else f"{notes.behind} {comment}"
    return found


def _full_line(found: Commented, starts: list[int], text: str, at: int, column: int, comment: str) -> None:
    following = bisect_right(starts, at)
    if following == 0:
        _append(found.top, text, at, comment)
        return
    after = starts[following] if following < len(starts) else None
    if after is not None and column <= _column(text, after):
        _append(found.notes.setdefault(after, Notes()).above, text, at, comment)
        return
    # Deeper than what follows: it ends the entry above it that stands as deep.
    for offset in reversed(starts[:following]):
        if _column(text, offset) <= column:
            if column == 0 and after is None:
                break
            _append(found.notes.setdefault(offset, Notes()).below, text, at, comment)
            return
    _append(found.bottom, text, at, comment)


def _append(lines: list[str], text: str, at: int, comment: str) -> None:
    """Add a comment, with a blank line before it where one stands between it and the comment above it."""
    line = text.rfind("\n", 0, at) + 1
    if lines and text[:line].endswith("\n\n"):
        lines.append("")
    lines.append(comment)


def _blank_above(text: str, offset: int) -> bool:
    """Return whether a blank line stands above an entry, or above the comments that stand above it."""
    line = text.rfind("\n", 0, offset) + 1
    before = text[line:offset]
    if before.strip(" -") != "":
        return False
    above = text[:line].split("\n")[:-1]
    while above and above[-1].lstrip().startswith("#"):
        above.pop()
        if above and above[-1].strip() == "":
            return True
    return bool(above) and above[-1].strip() == ""


def _column(text: str, offset: int) -> int:
    """Return the column of an entry; an item of a list begins at its hyphen."""
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:offset]
    hyphen = line.find("- ")
    return hyphen if hyphen >= 0 and line[:hyphen].strip() == "" else len(line)


def _entry_behind(text: str, starts: list[int], ends: list[tuple[int, int]], at: int) -> int:
    """Return the entry that a comment stands behind: the last one that begins or ends on its line."""
    line = text.rfind("\n", 0, at) + 1
    on_line = [offset for offset in starts if line <= offset < at]
    if on_line:
        first = on_line[0]
        closed = text[line:at].rstrip()
        # Behind the closing bracket of a flow collection the comment speaks of the whole of it.
        return first if closed.endswith(("}", "]")) else on_line[-1]
    return next(start for end, start in reversed(ends) if end <= at)


def _comments(text: str, root: YamlNode) -> Iterator[tuple[int, str]]:
    at = 0
    for scalar in sorted(_scalars(root), key=lambda found: found.span.start):
        yield from ((match.start(), match.group()) for match in _in_gap(text, at, scalar.span.start))
        at = scalar.span.end
        if scalar.style in ("literal", "folded"):
            header = _HEADER.match(text, scalar.span.start)
            if header is not None:
                yield header.start(1), header.group(1)
    yield from ((match.start(), match.group()) for match in _in_gap(text, at, len(text)))


def _in_gap(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    # A scalar may end right before the space that a comment needs in front of it.
    return _COMMENT.finditer(text, start, end)


def _scalars(node: YamlNode) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Mapping(entries):
            for key, value in entries:
                yield key
                yield from _scalars(value)
        case Sequence(items):
            for item in items:
                yield from _scalars(item)


def _entry_starts(node: YamlNode) -> Iterator[int]:
    match node:
        case Mapping(entries):
            for key, value in entries:
                yield key.span.start
                yield from _entry_starts(value)
        case Sequence(items):
            for item in items:
                yield item.span.start
                yield from _entry_starts(item)
        case Scalar():
            return


def _leaf_ends(node: YamlNode) -> Iterator[tuple[int, int]]:
    """Yield where each entry with a plain value ends, and where it begins."""
    match node:
        case Mapping(entries):
            for key, value in entries:
                if isinstance(value, Scalar):
                    yield value.span.end, key.span.start
                yield from _leaf_ends(value)
        case Sequence(items):
            for item in items:
                if isinstance(item, Scalar):
                    yield item.span.end, item.span.start
                yield from _leaf_ends(item)
        case Scalar():
            return
