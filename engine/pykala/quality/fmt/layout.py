"""Writing a file anew: keys in order, texts in quotes, expressions as the printer writes them, comments kept."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from pykala.policy.strict_yaml import Mapping, Scalar, Sequence, YamlNode, compose
from pykala.quality.fmt import shapes
from pykala.quality.fmt.comments import Commented, find_comments
from pykala.quality.fmt.shapes import Items, Keys, Leaf, Shape
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError, Label
from pykala_dsl.parser import parse_binder, parse_expression
from pykala_dsl.printer import print_node
from pykala_dsl.source import Source, Span
from pykala_dsl.wrap import wrap_expression

WIDTH = 120
FileKind: TypeAlias = Literal["policy", "source", "record", "contents"]
_MARKS: dict[FileKind, tuple[str, ...]] = {
    "policy": ("policy",),
    "source": ("statements",),
    "record": ("record",),
    "contents": ("services", "phases"),
}
_SHAPES: dict[FileKind, Keys] = {
    "policy": shapes.POLICY,
    "source": shapes.SOURCE,
    "record": shapes.RECORD,
    "contents": shapes.CONTENTS,
}
# What ends a plain text inside braces or brackets.
_FLOW_MARKS = re.compile(r"[,\[\]{}]")
_WORDS_AS_EXPRESSIONS = ("unset", "transition")


def file_kind(root: YamlNode) -> FileKind | None:
    """Return what a file holds, by the keys that it begins with; None where it is none of ours."""
    keys = root.keys() if isinstance(root, Mapping) else ()
    return next((kind for kind, marks in _MARKS.items() if any(mark in keys for mark in marks)), None)


def format_source(source: Source) -> str:
    """Return a file's canonical text.

    Raises:
        DiagnosticsError: where the file is not YAML, is no file of a policy repository, or holds an expression that
            cannot be parsed.
    """
    root = compose(source)
    kind = file_kind(root)
    if kind is None:
        hint = "it begins with `policy`, `record` or `source`, or has `services` or `phases`"
        message = "this is no policy, no schema of records, no source and no contents of the handbook"
        raise DiagnosticsError([Diagnostic("missing-key", message, source, (Label(Span(0, 0)),), hint)])
    found = find_comments(source, root)
    layout = _Layout(source, found)
    lines = list(found.top)
    if isinstance(root, Mapping):
        body = layout.mapping(root, _SHAPES[kind], 0)
        if found.top and root.entries and found.of(root.entries[0][0].span.start).blank:
            lines.append("")
        lines += body
    else:
        lines += [source.text.rstrip("\n")]
    if found.bottom:
        lines += ["", *found.bottom]
    return "\n".join(line.rstrip() for line in lines) + "\n"


@dataclass(slots=True)
class _Layout:
    source: Source
    comments: Commented

    # ------------------------------------------------------------------ collections on lines

    def mapping(self, node: Mapping, shape: Shape, indent: int, *, in_item: bool = False) -> list[str]:
        """Return the lines of a mapping; `in_item`: what stands above its first key is written by the list."""
        keys = shape if isinstance(shape, Keys) else Keys()
        lines: list[str] = []
        first = node.entries[0][0].span.start if node.entries else 0
        for at, (key, value) in enumerate(_ordered(node, keys)):
            notes = self.comments.of(key.span.start)
            of_item = in_item and key.span.start == first
            # What stands above the first key speaks of the mapping.
            parted = notes.blank and key.span.start != first and not _is_text(keys)
            if at > 0 and (parted or key.text in keys.apart):
                lines.append("")
            margin = " " * indent
            if not of_item:
                lines += [f"{margin}{line}".rstrip() for line in notes.above]
            inner = keys.values.get(key.text, keys.other)
            lines += self._entry(f"{margin}{self._raw(key)}:", value, inner, indent, notes.behind)
            if not of_item:
                lines += [f"{margin}{line}".rstrip() for line in notes.below]
        return lines

    def sequence(self, node: Sequence, shape: Shape, indent: int) -> list[str]:
        """Return the lines of a list."""
        items = shape if isinstance(shape, Items) else Items()
        lines: list[str] = []
        margin = " " * indent
        for at, item in enumerate(node.items):
            notes = self.comments.of(item.span.start)
            if at > 0 and (notes.blank or items.apart):
                lines.append("")
            lines += [f"{margin}{line}".rstrip() for line in notes.above]
            lines += self._item(item, items.item, indent, notes.behind)
            lines += [f"{margin}{line}".rstrip() for line in notes.below]
        return lines

    def _item(self, item: YamlNode, shape: Shape, indent: int, behind: str | None) -> list[str]:
        margin = " " * indent
        short = self._inline(item, shape, WIDTH - indent - 2)
        if short is not None:
            return [f"{margin}- {short}{_behind(behind)}"]
        match item:
            case Mapping():
                inner = self.mapping(item, shape, indent + 2, in_item=not self._is_flow(item))
            case Sequence():
                inner = self.sequence(item, shape, indent + 2)
            case Scalar():
                return self._long(f"{margin}-", item, shape, indent, behind)
            case _:
                assert_never(item)
        above = list(itertools.takewhile(lambda line: line.lstrip().startswith("#"), inner))
        body = inner[len(above) :]
        comments = [f"{margin}{line.lstrip()}" for line in above]
        return [*comments, f"{margin}- {body[0][indent + 2 :]}", *body[1:]]

    def _entry(self, head: str, value: YamlNode, shape: Shape, indent: int, behind: str | None) -> list[str]:
        short = self._inline(value, shape, WIDTH - len(head) - 1)
        if short is not None:
            return [f"{head} {short}{_behind(behind)}".rstrip()]
        match value:
            case Mapping():
                return [f"{head}{_behind(behind)}", *self.mapping(value, shape, indent + 2)]
            case Sequence():
                return [f"{head}{_behind(behind)}", *self.sequence(value, shape, indent + 2)]
            case Scalar():
                return self._long(head, value, shape, indent, behind)
            case _:
                assert_never(value)

    def _long(self, head: str, scalar: Scalar, shape: Shape, indent: int, behind: str | None) -> list[str]:
        """Return the lines of a value that does not fit behind its key."""
        margin = " " * (indent + 2)
        leaf = _leaf(shape)
        if leaf in ("expression", "binder"):
            lines = wrap_expression(self._leaf_text(scalar, leaf), WIDTH - indent - 2)
            return [f"{head} >-{_behind(behind)}", *(f"{margin}{line}" for line in lines)]
        # A block of text that means what it says, line breaks included.
        raw = self.source.text[scalar.span.start : scalar.span.end].rstrip("\n").split("\n")
        own = min((len(line) - len(line.lstrip(" ")) for line in raw[1:] if line.strip()), default=0)
        indicator = re.match(r"[|>][-+0-9]*", raw[0])
        body = [f"{margin}{line[own:]}" if line.strip() else "" for line in raw[1:]]
        return [f"{head} {indicator.group() if indicator else raw[0]}{_behind(behind)}", *body]

    # ------------------------------------------------------------------ values on one line

    def _inline(self, node: YamlNode, shape: Shape, width: int) -> str | None:
        """Return a value as it stands behind its key, or None where it needs lines of its own."""
        if isinstance(node, Scalar):
            leaf = _leaf(shape)
            text = self._leaf_text(node, leaf)
            if leaf in ("expression", "binder") and len(text) > width:
                return None
            return None if "\n" in text else text
        empty = not (node.entries if isinstance(node, Mapping) else node.items)
        if empty:
            return "{}" if isinstance(node, Mapping) else "[]"
        lines = isinstance(shape, Keys | Items) and shape.lines
        flows = self._is_flow(node) or (isinstance(shape, Keys) and shape.close)
        if lines or not flows or self.comments.inside(node.span.start, node.span.end):
            return None
        text_or_none = self._flow(node, shape)
        return text_or_none if text_or_none is not None and len(text_or_none) <= width else None

    def _flow(self, node: YamlNode, shape: Shape) -> str | None:
        """Return a node in braces or brackets, or None where something in it cannot stand there."""
        match node:
            case Scalar():
                text = self._leaf_text(node, _leaf(shape))
                quoted = text.startswith(('"', "'"))
                return None if "\n" in text or (not quoted and _FLOW_MARKS.search(text)) else text
            case Mapping():
                keys = shape if isinstance(shape, Keys) else Keys()
                parts = []
                for key, value in _ordered(node, keys):
                    name = self._raw(key)
                    inner = self._flow(value, keys.values.get(key.text, keys.other))
                    if inner is None or (key.style == "plain" and _FLOW_MARKS.search(name)):
                        return None
                    parts.append(f"{name}: {inner}".rstrip())
                return "{" + ", ".join(parts) + "}"
            case Sequence():
                item = shape.item if isinstance(shape, Items) else "data"
                found = [self._flow(each, item) for each in node.items]
                return None if None in found else "[" + ", ".join(text for text in found if text is not None) + "]"
            case _:
                assert_never(node)

    def _leaf_text(self, scalar: Scalar, leaf: Leaf) -> str:
        match leaf:
            case "text":
                return self._raw(scalar) if scalar.is_null else _quoted(" ".join(scalar.text.split()))
            case "expression" if not scalar.is_null and scalar.text not in _WORDS_AS_EXPRESSIONS:
                return print_node(parse_expression(scalar.fragment))
            case "binder" if not scalar.is_null:
                return print_node(parse_binder(scalar.fragment))
            case _:
                return self._raw(scalar)

    def _raw(self, scalar: Scalar) -> str:
        """Return a scalar as it is written; one without quotes on one line."""
        raw = self.source.text[scalar.span.start : scalar.span.end]
        if scalar.style == "plain":
            return scalar.text
        if scalar.style in ("single", "double") and "\n" in raw:
            return _quoted(scalar.text)
        return raw

    def _is_flow(self, node: Mapping | Sequence) -> bool:
        return self.source.text[node.span.start : node.span.start + 1] in ("{", "[")


def _ordered(node: Mapping, keys: Keys) -> list[tuple[Scalar, YamlNode]]:
    place = {name: number for number, name in enumerate(keys.order)}
    return sorted(node.entries, key=lambda entry: place.get(entry[0].text, len(place)))


def _leaf(shape: Shape) -> Leaf:
    match shape:
        case Keys():
            return shape.alone
        case Items():
            return "data"
        case _:
            return shape


def _is_text(keys: Keys) -> bool:
    return keys in (shapes.PROSE, shapes.LABEL)


def _behind(comment: str | None) -> str:
    return "" if comment is None else f"  {comment}"


_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n"}


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPED.get(char, char) for char in text) + '"'
