"""The YAML stage: a file's text in, nodes with exact positions out, or diagnostics in a planner's words.

Only what a policy needs of YAML 1.2 is read: mappings, lists and untyped scalars. Anchors, aliases, tags, tabs,
directives and further documents are refused. The mistakes themselves are worded in `yaml_mistakes`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pykala.policy import yaml_mistakes
from pykala.policy.yaml_mistakes import Seen
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError, Label
from pykala_dsl.source import Fragment, Source, Span

if TYPE_CHECKING:
    from yaml import Event

Style: TypeAlias = Literal["plain", "single", "double", "literal", "folded"]

MAX_DEPTH = 100
MAX_BYTES = 20_000_000
_STYLES: dict[str | None, Style] = {"'": "single", '"': "double", "|": "literal", ">": "folded"}
# YAML's printable characters, less the byte order mark and YAML 1.1's extra line breaks (U+0085, U+2028, U+2029).
_BAD_CHARACTER = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar as text, whatever it looks like.

    `fragment` is what the expression parser takes: the raw slice of the file for plain and block scalars (line
    breaks and indentation included), the decoded text for quoted ones. `span` includes quotes and block headers.
    """

    text: str
    style: Style
    span: Span
    fragment: Fragment

    @property
    def is_null(self) -> bool:
        """Return whether the scalar is YAML's null: nothing, `~` or `null` without quotes."""
        return self.style == "plain" and self.text in _NULLS

    def content(self) -> Fragment:
        """Return the text, folded as YAML says, with the place in the file of each of its characters."""
        if self.fragment.text == self.text:
            return self.fragment
        return Fragment(self.fragment.source, self.text, _align(self.text, self.fragment))


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file, each key once."""

    entries: tuple[tuple[Scalar, YamlNode], ...]
    span: Span

    def get(self, key: str) -> YamlNode | None:
        """Return the value of a key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)

    def key(self, key: str) -> Scalar | None:
        """Return the scalar of a key itself, for its position, or None."""
        return next((name for name, _ in self.entries if name.text == key), None)

    def keys(self) -> tuple[str, ...]:
        """Return the texts of the keys."""
        return tuple(name.text for name, _ in self.entries)


@dataclass(frozen=True, slots=True)
class Sequence:
    """The items of a list."""

    items: tuple[YamlNode, ...]
    span: Span


YamlNode: TypeAlias = Scalar | Mapping | Sequence


def load_source(path: Path, shown_as: str) -> Source:
    """Return the text of a file, in NFC and with plain line feeds; raise `DiagnosticsError` if it cannot be read."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _file_error(
                "file-too-big",
                shown_as,
                f"the file is {size // 1_000_000} MB; at most {MAX_BYTES // 1_000_000} MB are read",
                "split it into several files",
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise _file_error("unreadable-file", shown_as, "no such file", "check the path") from None
    except IsADirectoryError:
        raise _file_error("unreadable-file", shown_as, "a directory, not a file", "name a file in it") from None
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise _file_error("unreadable-file", shown_as, f"the file cannot be read: {reason}", None) from None
    return source_of_bytes(data, shown_as)


def source_of_bytes(data: bytes, shown_as: str) -> Source:
    """Return the text of a file's bytes; raise `DiagnosticsError` if they are not UTF-8 or say nothing."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = data[: error.start].decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
        diagnostic = Diagnostic(
            "not-utf8",
            f"the file is not UTF-8: the byte {data[error.start]:02X} is no letter of it",
            Source(shown_as, start),
            (Label(Span(len(start), len(start))),),
            "save the file as UTF-8 in the editor",
        )
        raise DiagnosticsError([diagnostic]) from None
    if not text.strip():
        raise _file_error("empty-file", shown_as, "the file is empty", "write something in it, or remove it")
    return Source(shown_as, unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


def compose(source: Source) -> YamlNode:
    """Return the file's one document as nodes; raise `DiagnosticsError` with everything that is wrong."""
    found = list(_check_characters(source))
    if found:
        raise DiagnosticsError(found)
    return _Composer(source).compose()


def plain(node: YamlNode) -> Any:
    """Return a node as plain data by YAML 1.2's core schema, numbers exact; dates stay text."""
    match node:
        case Mapping(entries):
            return {key.text: plain(value) for key, value in entries}
        case Sequence(items):
            return [plain(item) for item in items]
        case Scalar(text, "plain"):
            return _typed(text)
        case Scalar(text):
            return text


# What follows a text without quotes and begins like a comment, but without the space that a comment has.
_HASH = re.compile(r"[ ]+#(?=[^\s#])")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,400}")
_OTHER_BASE = re.compile(r"0o[0-7]{1,400}|0x[0-9a-fA-F]{1,400}")
# Exponents of more than three digits stay text: their exact value could fill the memory.
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]{1,400}|[0-9]{1,400}(?:\.[0-9]{0,400})?)(?:[eE][-+]?[0-9]{1,3})?")


def dump(data: Any) -> str:
    """Return plain data as YAML that this module reads back: texts that look like something else stand in quotes."""
    import yaml

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    text: str = yaml.dump(data, Dumper=Plain, allow_unicode=True, sort_keys=False, width=120)
    return text


def _typed(text: str) -> Any:
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if not text.isascii():
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0)
    if _DECIMAL.fullmatch(text):
        return Fraction(text)
    return text


def _file_error(code: str, shown_as: str, message: str, help_: str | None) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic(code, message, Source(shown_as, ""), (Label(Span(0, 0)),), help_)])


def _check_characters(source: Source) -> Iterator[Diagnostic]:
    if not source.text.strip():
        yield Diagnostic(
            "empty-file", "the file is empty", source, (Label(Span(0, 0)),), "write something in it, or remove it"
        )
    bad = _BAD_CHARACTER.search(source.text)
    if bad:
        yield yaml_mistakes.bad_character(source, bad.start())
    tab = source.text.find("\t")
    if tab >= 0:
        yield yaml_mistakes.tab(source, tab)


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been met yet."""

    is_mapping: bool
    flow: bool
    start: int
    children: list[YamlNode] = field(default_factory=list)


class _Composer:
    """Turns libyaml's events into nodes without recursion."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Diagnostic] = []
        self.stack: list[_Open] = []
        self.root: YamlNode | None = None
        self.seen = Seen(source)

    def compose(self) -> YamlNode:
        from yaml import YAMLError

        try:
            for event in _events(self.source.text):
                self._take(event)
        except YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            context = getattr(error, "context_mark", None)
            self.seen.open_flow = next((top.start for top in reversed(self.stack) if top.flow), None)
            self._stop(
                yaml_mistakes.explain(
                    getattr(error, "problem", None) or "",
                    getattr(error, "context", None) or "",
                    mark.index if mark else getattr(error, "position", 0),
                    context.index if context else None,
                    self.seen,
                )
            )
        except RecursionError:  # the pure Python parser, where libyaml is not there
            self._stop(yaml_mistakes.too_deep(self.source, 0, MAX_DEPTH))
        if self.found:
            raise DiagnosticsError(self.found)
        if self.root is None:
            self._stop(
                Diagnostic(
                    "empty-file",
                    "the file holds comments alone",
                    self.source,
                    (Label(Span(0, 0)),),
                    "write something in it, or remove it",
                )
            )
        assert self.root is not None
        return self.root

    def _stop(self, diagnostic: Diagnostic) -> None:
        earlier = [d for d in self.found if (d.code, d.span) != (diagnostic.code, diagnostic.span)]
        raise DiagnosticsError([*earlier, diagnostic]) from None

    def _take(self, event: Event) -> None:
        import yaml

        assert event.start_mark is not None
        assert event.end_mark is not None
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.NodeEvent):
            self._refuse(event, start, end)
        match event:
            case yaml.ScalarEvent():
                scalar = self._scalar(event, start, end)
                self.seen.last, self.seen.kind = scalar.span, scalar.style
                self._add(scalar)
                return
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                if len(self.stack) >= MAX_DEPTH:
                    self._stop(yaml_mistakes.too_deep(self.source, start, MAX_DEPTH))
                is_mapping = isinstance(event, yaml.MappingStartEvent)
                self.stack.append(_Open(is_mapping, bool(event.flow_style), start))
                if not event.flow_style:
                    self.seen.columns.append(event.start_mark.column)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                top = self.stack[-1]
                self._close(end)
                if top.flow:
                    self.seen.last, self.seen.kind = Span(top.start, end), "flow"
                    return
            case yaml.DocumentStartEvent() if self.root is not None:
                self._stop(yaml_mistakes.several_documents(self.source, start))
            case yaml.DocumentStartEvent() if event.version or event.tags:
                self._stop(yaml_mistakes.directive(self.source, start))

    def _refuse(self, event: Any, start: int, end: int) -> None:
        import yaml

        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._stop(yaml_mistakes.alias(self.source, start, alias=isinstance(event, yaml.AliasEvent)))
        if getattr(event, "tag", None) is not None:
            self._stop(yaml_mistakes.tag(self.source, start, end))

    def _scalar(self, event: Any, start: int, end: int) -> Scalar:
        style = _STYLES.get(event.style, "plain")
        text = unicodedata.normalize("NFC", event.value)
        if style == "plain" and (hash_ := _HASH.match(self.source.text, end)) is not None:
            self.found.append(yaml_mistakes.hash_in_text(self.source, Span(start, end), hash_.end() - 1))
        return Scalar(text, style, Span(start, end), _fragment(self.source, style, start, end))

    def _add(self, node: YamlNode) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if top.is_mapping and len(top.children) % 2 == 0 and not isinstance(node, Scalar):
            self._stop(yaml_mistakes.bad_key(self.source, node.span, flow=top.flow))
        elif top.is_mapping and len(top.children) % 2 == 0:
            before = self.source.text[: node.span.start].rstrip(" ")
            if before.endswith("?") and before[:-1].rstrip(" ")[-1:] in ("", "\n", "{", ",", "-", ":"):
                self._stop(yaml_mistakes.question_mark(self.source, len(before) - 1))
        top.children.append(node)

    def _close(self, end: int) -> None:
        top = self.stack.pop()
        if not top.flow:
            end = max([top.start, *(child.span.end for child in top.children)])
        span = Span(top.start, end)
        if not top.is_mapping:
            self._add(Sequence(tuple(top.children), span))
            return
        pairs = list(zip(top.children[::2], top.children[1::2], strict=True))
        entries = [(key, value) for key, value in pairs if isinstance(key, Scalar)]
        if top.flow:
            self.found += yaml_mistakes.cut_entries(self.source, span, [(k.span, v.span) for k, v in entries])
        self._add(Mapping(tuple(self._unique(entries)), span))

    def _unique(self, entries: list[tuple[Scalar, YamlNode]]) -> Iterator[tuple[Scalar, YamlNode]]:
        first: dict[str, Scalar] = {}
        reported = False
        for key, value in entries:
            if key.text in first:
                # The first one of a mapping tells: after a forgotten `- ` each key of the item stands twice.
                if not reported:
                    item = key.text == entries[0][0].text and self._in_block_list()
                    again = first[key.text].span
                    self.found.append(yaml_mistakes.duplicate_key(self.source, key.text, key.span, again, item=item))
                reported = True
            else:
                first[key.text] = key
                yield key, value

    def _in_block_list(self) -> bool:
        return bool(self.stack) and not self.stack[-1].is_mapping and not self.stack[-1].flow


def _events(text: str) -> Iterator[Event]:
    import yaml

    parser: Any
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined, unused-ignore]

        parser = CParser(text)
    except ImportError:
        parser = yaml.SafeLoader(text)
    while (event := parser.get_event()) is not None:
        yield event
        if isinstance(event, yaml.StreamEndEvent):
            return


def _fragment(source: Source, style: Style, start: int, end: int) -> Fragment:
    match style:
        case "plain":
            return Fragment.slice(source, start, end)
        case "single":
            return _unquote(source, start, end, double=False)
        case "double":
            return _unquote(source, start, end, double=True)
        case "literal" | "folded":
            text = source.text
            first = min(text.find("\n", start) + 1 or end, end)
            while first < end and text[first] in " \n":
                first += 1
            while end > first and text[end - 1] in " \r\n":
                end -= 1
            return Fragment.slice(source, first, end)


_ESCAPES = dict(zip('0abt\tnvfre "/\\N_LP', '\0\a\b\t\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029', strict=True))
_HEX = {"x": 2, "u": 4, "U": 8}


def _unquote(source: Source, start: int, end: int, *, double: bool) -> Fragment:
    """Return what stands between the quotes at `start` and `end - 1`, decoded as libyaml decodes it."""
    text = source.text
    chars: list[str] = []
    offsets: list[int] = []
    at, close = start + 1, end - 1
    while at < close:
        here, step = text[at], 1
        if here in " \n":
            stop = at
            while stop < close and text[stop] in " \n":
                stop += 1
            run = text[at:stop]
            breaks = run.count("\n")
            # A fold: one break is a space, more are line breaks less one, and the spaces around them go.
            piece = run if not breaks else " " if breaks == 1 else "\n" * (breaks - 1)
            chars += piece
            offsets += [min(at + i, stop - 1) for i in range(len(piece))]
            at = stop
            continue
        if double and here == "\\":
            mark = text[at + 1]
            if mark == "\n":
                step = 2
                while at + step < close and text[at + step] == " ":
                    step += 1
                # Further blank lines after an escaped break are line breaks of their own.
                here = ""
                while at + step < close and text[at + step] == "\n":
                    here += "\n"
                    step += 1
                    while at + step < close and text[at + step] == " ":
                        step += 1
            elif mark in _HEX:
                step = 2 + _HEX[mark]
                here = chr(int(text[at + 2 : at + step], 16))
            else:
                step, here = 2, _ESCAPES[mark]
        elif not double and here == "'":
            step = 2
        chars += here
        offsets += [at] * len(here)
        at += step
    return Fragment(source, "".join(chars), (*offsets, close))


def _align(text: str, raw: Fragment) -> tuple[int, ...]:
    """Return the offset of each character of a folded text, which differs from the raw one in white space alone."""
    offsets: list[int] = []
    at, size = 0, len(raw.text)
    for char in text:
        if char in " \n":
            offsets.append(raw.offsets[min(at, size)])
            if at < size and raw.text[at] in " \n":
                at += 1
            continue
        while at < size and raw.text[at] in " \n":
            at += 1
        offsets.append(raw.offsets[min(at, size)])
        at += 1
    return (*offsets, raw.offsets[min(at, size)])
