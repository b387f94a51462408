"""What goes wrong in YAML, said in a planner's words: never the parser's own texts.

Each function returns one diagnostic whose place is where the planner should look and whose help shows the line
as it should be where that can be known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pykala_dsl.diagnostics import Diagnostic, Label
from pykala_dsl.source import Source, Span


@dataclass(slots=True)
class Seen:
    """What the composer had met when the parser gave up."""

    source: Source
    last: Span | None = None
    """The last whole thing: a scalar with its quotes, or a collection in braces or square brackets."""
    kind: str = ""
    """What it was: a scalar's style, or `flow`."""
    columns: list[int] = field(default_factory=list)
    """The columns of the block collections met so far, from 0."""
    open_flow: int | None = None
    """Where the innermost open brace or square bracket stands."""


def _at(code: str, message: str, source: Source, span: Span, help_: str | None, text: str = "") -> Diagnostic:
    size = len(source.text)
    return Diagnostic(code, message, source, (Label(Span(min(span.start, size), min(span.end, size)), text),), help_)


def bad_character(source: Source, at: int) -> Diagnostic:
    """Return the diagnostic of a character that no editor shows."""
    char = source.text[at]
    name = unicodedata.name(char, "a control character").lower()
    message = f"the character U+{ord(char):04X} ({name}) may not stand in the file"
    return _at("bad-character", message, source, Span(at, at + 1), "delete it; it may not show in the editor")


def tab(source: Source, at: int) -> Diagnostic:
    """Return the diagnostic of a tab."""
    end = at
    while source.text.startswith("\t", end):
        end += 1
    return _at("tab", "a tab character", source, Span(at, end), "use spaces, two for each level")


def alias(source: Source, start: int, *, alias: bool) -> Diagnostic:
    """Return the diagnostic of an anchor or an alias."""
    word = _word(source, start)
    what = "refers to another place of the file" if alias else "names a place of the file for reuse"
    return _at(
        "alias",
        f"`{word}` {what}, which is not allowed here",
        source,
        Span(start, start + len(word)),
        f"write the text out where it is needed; put a text that begins with `{word[:1]}` in quotes",
    )


def tag(source: Source, start: int, end: int) -> Diagnostic:
    """Return the diagnostic of a tag."""
    word = _word(source, start)
    return _at(
        "tag",
        f"a text may not begin with `!`: `{word}` is a YAML tag",
        source,
        Span(start, start + len(word)),
        "put the text in quotes; in an expression write `not` or `!=`",
    )


def too_deep(source: Source, start: int, limit: int) -> Diagnostic:
    """Return the diagnostic of nesting without end."""
    return _at(
        "too-deep", f"nested more than {limit} levels deep", source, Span(start, start + 1), "write it in fewer levels"
    )


def several_documents(source: Source, start: int) -> Diagnostic:
    """Return the diagnostic of a second document."""
    return _at(
        "several-documents",
        "`---` begins a second document in the same file",
        source,
        Span(start, start + 3),
        "write one document in each file, or put the text in quotes",
    )


def directive(source: Source, start: int) -> Diagnostic:
    """Return the diagnostic of `%YAML` and `%TAG`."""
    start = source.text.find("%", start) if "%" in source.text[start : start + 1] else source.text.find("%")
    return _at("yaml-directive", "a YAML directive", source, _line_span(source, start), "remove the line")


def question_mark(source: Source, start: int) -> Diagnostic:
    """Return the diagnostic of `? key`."""
    return _at(
        "bad-key",
        "`? ` begins a key of more than one line",
        source,
        Span(start, start + 1),
        "write `key: value`, or put a text that begins with `?` in quotes",
    )


def bad_key(source: Source, span: Span, *, flow: bool) -> Diagnostic:
    """Return the diagnostic of a key that is itself a list or a mapping."""
    opening = source.text[span.start : span.start + 1]
    if opening in "{[":
        return _at(
            "begins-with-brace",
            f"a key may not begin with `{opening}`",
            source,
            Span(span.start, _closing(source.text, span.start)),
            'put the key in quotes: `"…": value`',
        )
    return _at("bad-key", "a key must be one text", source, Span(span.start, span.start + 1), "write `key: value`")


def duplicate_key(source: Source, key: str, span: Span, first: Span, *, item: bool = False) -> Diagnostic:
    """Return the diagnostic of a key that stands twice; `item`: another item of a list may begin there."""
    line = source.position(first.start)[0]
    advice = f"keep one of them; the first is on line {line}"
    return Diagnostic(
        "duplicate-key",
        f"`{key}` stands here twice",
        source,
        (Label(span, "again here"), Label(first, "first here")),
        f"begin another item with `- {key}: …`, two columns to the left, or keep one of them" if item else advice,
    )


def hash_in_text(source: Source, text: Span, at: int) -> Diagnostic:
    """Return the diagnostic of a number sign that ends a text without quotes."""
    end = at + len(source.text[at : _line_end(source.text, at)].rstrip())
    start = max(_line_start(source.text, at), text.start)
    whole = _one_line(source.text[start:end])
    return Diagnostic(
        "hash-in-text",
        "a space and `#` end a text without quotes; the rest of the line is a comment",
        source,
        (Label(Span(at, end)), Label(Span(start, text.end), "the text so far")),
        f"put the whole text in quotes: {_code(_quoted(whole))}, or begin a comment with `# ` and a space",
    )


def cut_entries(source: Source, whole: Span, entries: Sequence[tuple[Span, Span]]) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each value in braces that a comma has cut: what follows it has no colon."""
    text = source.text
    index = 0
    while index < len(entries):
        key, value = entries[index]
        follow = index + 1
        while follow < len(entries) and not _has_colon(text, entries[follow][0].end):
            follow += 1
        if not _has_colon(text, key.end):
            yield _no_entry(source, whole)
            return
        if follow > index + 1:
            end = entries[follow - 1][0].end
            yield _cut(
                source, "a comma inside braces ends the text", key, Span(value.start, end), entries[index + 1][0]
            )
        index = follow


def _cut(source: Source, message: str, key: Span, value: Span, offence: Span) -> Diagnostic:
    name, joined = source.text[key.start : key.end], _one_line(source.text[value.start : value.end])
    pieces = source.text[offence.start : offence.end]
    if _looks_like_expression(joined):
        help_ = f"write it without the outer braces, on a line of its own: `{name}: {joined}`"
    else:
        help_ = f"put the text in quotes: `{name}: {_quoted(joined)}`"
    return Diagnostic(
        "cut-in-braces",
        f"{message}: `{pieces}` is read apart from what stands before it",
        source,
        (Label(offence), Label(value, "meant as one text")),
        help_,
    )


def _no_entry(source: Source, whole: Span) -> Diagnostic:
    inside = _one_line(source.text[whole.start : whole.end])
    return _at(
        "begins-with-brace",
        "a text that begins with `{` is read as keys and values, and these have no colon",
        source,
        Span(whole.start, whole.end),
        f"an expression may not begin with a set; put the field first, as in `field in {inside}`",
    )


def explain(problem: str, context: str, at: int, context_at: int | None, seen: Seen) -> Diagnostic:
    """Return the diagnostic of what the parser could not read at `at`, in something begun at `context_at`."""
    source, text = seen.source, seen.source.text
    at = min(at, len(text))
    char = text[at : at + 1]
    if "quoted scalar" in context or "double-quoted" in context:
        if "escape" in problem or "hex" in problem or "Unicode" in problem:
            return _bad_escape(source, at)
        return _unclosed_quote(source, context_at if context_at is not None else at)
    torn = _torn_quote(seen, at)
    if torn is not None:
        return torn
    if "nest" in problem or "exceeded" in problem or "depth" in problem:
        return too_deep(source, at, 100)
    if "block scalar" in context:
        return _bad_header(source, context_at if context_at is not None else at)
    if "anchor" in context or "alias" in context:
        return alias(source, context_at if context_at is not None else at, alias="alias" in context)
    if "tag" in context:
        where = context_at if context_at is not None else at
        return tag(source, where, at)
    if "directive" in context:
        return directive(source, at)
    if "mapping values" in problem:
        return _colon(seen, at)
    if "expected ':'" in problem:
        if seen.open_flow is not None and seen.kind == "plain" and seen.last is not None:
            return _flow(seen, max(text.find(":", seen.last.end + 1), seen.last.end), None)
        return _missing_colon(source, context_at if context_at is not None else at)
    if "flow" in context or seen.open_flow is not None:
        return _flow(seen, at, context_at)
    if "cannot start any token" in problem or "entries are not allowed" in problem or "keys are not allowed" in problem:
        return _bad_start(source, at)
    if "node content" in problem and not _first_in_line(text, at):
        return _bad_start(source, at)
    if "document start" in problem or "expected key" in problem or "'-' indicator" in problem or "block end" in problem:
        return _stray(seen, at)
    return _at(
        "bad-yaml",
        f"`{char.strip() or 'the end'}` cannot stand here" if char.strip() else "the line cannot be read",
        source,
        _line_span(source, at),
        "compare it with the lines above; put a text with punctuation of its own in quotes",
    )


def _colon(seen: Seen, at: int) -> Diagnostic:
    source, text = seen.source, seen.source.text
    last = seen.last
    if last is None or last.end > at or seen.kind == "flow":
        return _flow(seen, at, None) if seen.open_flow is not None else _stray(seen, at)
    if source.position(last.start)[0] != source.position(at)[0] and seen.kind == "plain":
        start = _line_start(text, at)
        first_line = text[last.start : _line_end(text, last.start)]
        if _first_in_line(text, last.start):
            before, colon, after = first_line.partition(":")
            return _at(
                "missing-colon",
                f"`{_short(first_line.rstrip())}` has no colon and space between key and value",
                source,
                Span(last.start, last.start + len(first_line.rstrip())),
                f"write `{before}: {after.strip()}`" if colon else f"write `{before.rstrip()}: …`",
            )
        first = len(text[start:]) - len(text[start:].lstrip(" "))
        return _at(
            "wrong-indent",
            "this line stands deeper than the line above, which has its value already",
            source,
            Span(start + first, at),
            "begin it under the first letter of the line above, or end that line in its colon",
        )
    line = text[_line_start(text, at) : _line_end(text, at)]
    key, value = _split(line)
    if key is None or value is None:
        return _at(
            "colon-in-text",
            "a colon and a space inside a text end it",
            source,
            Span(at, at + 1),
            "put the whole text in quotes",
        )
    return _at(
        "colon-in-text",
        "a colon and a space may not stand inside a text without quotes",
        source,
        Span(at, at + 1),
        f"put the text in quotes: `{key}: {_quoted(value)}`",
    )


def _flow(seen: Seen, at: int, context_at: int | None) -> Diagnostic:
    """Explain an error inside braces or square brackets."""
    source, text = seen.source, seen.source.text
    opened = (
        context_at if context_at is not None and text[context_at : context_at + 1] in ("{", "[") else seen.open_flow
    )
    opened = max(text.rfind("{", 0, at), text.rfind("[", 0, at), 0) if opened is None else opened
    closing = "}" if text[opened : opened + 1] == "{" else "]"
    char, last = text[at : at + 1], seen.last
    same_line = source.position(opened)[0] == source.position(at)[0]
    if char == ":" and last is not None and same_line:
        key, value = _flow_entry(text, opened, at)
        help_ = f"put the text in quotes: `{key}: {_quoted(value)}`" if key else "put the whole text in quotes"
        return _at(
            "colon-in-text",
            "a colon inside braces may not stand inside a text without quotes",
            source,
            Span(at, at + 1),
            help_,
        )
    if char in ("{", "[") and last is not None and seen.kind == "plain" and last.end <= at:
        key, value = _flow_entry(text, opened, at)
        name = f"{key}: " if key else ""
        return Diagnostic(
            "cut-in-braces",
            f"`{char}` inside braces ends the text before it",
            source,
            (Label(Span(at, at + 1)), Label(last, "the text so far")),
            f"write it without the outer braces, on a line of its own: `{name}{value}`"
            if key
            else f"put the text in quotes: `{_quoted(value)}`",
        )
    if last is not None and seen.kind == "flow" and same_line and not text[last.end : at].strip() and char not in "}]":
        return _begins_with_brace(source, last)
    if char.strip() and same_line and seen.kind in ("single", "double"):
        return _after_quote(seen, at, _piece_end(text, opened, at))
    if "\n" in text[opened:at] or not char:
        return _at(
            "unclosed-bracket",
            f"`{text[opened : opened + 1]}` is not closed",
            source,
            Span(opened, opened + 1),
            f"write `{closing}` where it ends; a text that begins with `{text[opened : opened + 1]}` goes in quotes",
        )
    return _bad_start(source, at, _piece_end(text, opened, at))


def _begins_with_brace(source: Source, collection: Span) -> Diagnostic:
    inside = _one_line(source.text[collection.start : collection.end])
    rest = _one_line(source.text[collection.end : _line_end(source.text, collection.end)])
    return _at(
        "begins-with-brace",
        f"an expression may not begin with `{inside[:1]}`",
        source,
        collection,
        f"put the field first, as in `field in {inside}`, or the whole in round brackets: `({inside} {rest})`",
    )


def _stray(seen: Seen, at: int) -> Diagnostic:
    """Explain something at a place where the parser wanted a key, an item or the end."""
    source, text = seen.source, seen.source.text
    if not _first_in_line(text, at):
        if seen.kind in ("single", "double"):
            return _after_quote(seen, at)
        if text[at] in "}]":
            return _at("unclosed-bracket", f"`{text[at]}` closes nothing", source, Span(at, at + 1), "delete it")
        if seen.kind == "flow" and seen.last is not None:
            return _begins_with_brace(source, seen.last)
        return _bad_start(source, at)
    column = at - _line_start(text, at)
    known = sorted(set(seen.columns))
    line = Span(at, _line_end(text, at))
    if column in known:
        what = "an item of a list" if text.startswith("- ", at) else "not an item of the list above"
        return _at(
            "wrong-indent",
            f"this line is {what}, and stands where the other lines differ",
            source,
            line,
            "begin each item of one list with `- `, and each line of one mapping with its key",
        )
    choices = " or ".join(str(c) for c in known if abs(c - column) <= 4) or str(known[-1] if known else 0)
    return _at(
        "wrong-indent",
        f"this line is indented by {_spaces(column)}, which fits no line above",
        source,
        line,
        f"indent it by {choices} spaces, like the lines that it belongs with",
    )


def _after_quote(seen: Seen, at: int, end: int | None = None) -> Diagnostic:
    source, text, last = seen.source, seen.source.text, seen.last
    assert last is not None
    end = _text_end(text, at, _line_end(text, at)) if end is None else end
    whole = _one_line(text[last.start : end])
    quote = text[last.start]
    # Quotes at both ends are the text's own; at one end they are a part of it.
    inner = whole[1:-1] if whole.endswith(quote) else whole
    entry = _NEXT_ENTRY.search(whole)
    if entry is not None and seen.open_flow is not None:
        # The quote that closed it was the opening one of the next entry.
        torn = Span(last.start, last.start + entry.start())
        closed = whole[: entry.start()].rstrip()
        help_ = f"close the quote before the comma: {_code(closed + quote)}"
        return _at("text-after-quote", f"the quote {_code(quote)} is not closed before the comma", source, torn, help_)
    if seen.kind == "single" and whole.endswith("'"):
        help_ = f"put a text with an apostrophe in double quotes: {_code(_quoted(inner))}"
    else:
        help_ = f"put other quotes round the whole text: {_code(_quoted(inner))}"
    return _at("text-after-quote", "text after the closing quote", source, Span(at, end), help_)


def _torn_quote(seen: Seen, at: int) -> Diagnostic | None:
    """Return the diagnostic of a quote that was closed by the opening quote of a later line."""
    last, text = seen.last, seen.source.text
    if last is None or seen.kind not in ("single", "double") or "\n" not in text[last.start : last.end]:
        return None
    if text[last.end : at].strip() or _first_in_line(text, at) or at < last.end:
        return None
    return _unclosed_quote(seen.source, last.start)


def _unclosed_quote(source: Source, start: int) -> Diagnostic:
    text = source.text
    quote = text[start : start + 1]
    end = _line_end(text, start)
    line = text[start:end].rstrip()
    return _at(
        "unclosed-quote",
        f"the quote {_code(quote)} is not closed",
        source,
        Span(start, start + max(len(line), 1)),
        f"write {_code(quote)} where the text ends",
    )


def _bad_escape(source: Source, at: int) -> Diagnostic:
    text = source.text
    start = max(text.rfind("\\", 0, at + 2), 0)
    word = text[start : start + 2]
    return _at(
        "bad-escape",
        f"`{word}` has no meaning in double quotes",
        source,
        Span(start, start + 2),
        r"write a backslash twice, `\\`, or use single quotes",
    )


def _bad_header(source: Source, start: int) -> Diagnostic:
    char = source.text[start]
    return _at(
        "bad-start",
        f"a text may not begin with `{char}`: it announces a text on the lines below",
        source,
        Span(start, start + 1),
        "put the field first, or write the text on the line below, indented"
        if char == ">"
        else "write the text on the line below, indented, or put it in quotes",
    )


def _bad_start(source: Source, at: int, end: int | None = None) -> Diagnostic:
    text = source.text
    char = text[at : at + 1]
    end = _text_end(text, at, _line_end(text, at)) if end is None else end
    shown = text[at:end]
    if not shown:
        return _at("bad-yaml", "the text breaks off here", source, Span(at, at), "finish the line")
    help_ = (
        "put the field first; there is no minus sign before a value"
        if char == "-"
        else f"put the text in quotes: {_code(_quoted(shown))}"
    )
    name = "a backquote" if char == "`" else f"`{char}`"
    return _at("bad-start", f"a text may not begin with {name}", source, Span(at, at + 1), help_)


def _missing_colon(source: Source, start: int) -> Diagnostic:
    text = source.text
    end = _text_end(text, start, _line_end(text, start))
    return _at(
        "missing-colon",
        f"`{_short(text[start:end])}` is neither `key: value` nor part of the text above",
        source,
        Span(start, end),
        "write a colon and a space after the key, or indent a text that goes on deeper than its key",
    )


def _has_colon(text: str, at: int) -> bool:
    return text[at:].lstrip(" \n")[:1] == ":" if at < len(text) else False


def _flow_entry(text: str, opened: int, at: int) -> tuple[str, str]:
    """Return the key and the whole text of the entry that the place stands in, as far as the line tells."""
    start, end = _piece_start(text, opened, at), _piece_end(text, opened, at)
    key, value = _split(text[start:end].strip())
    return key or "", (value or text[start:end]).strip()


def _piece_start(text: str, opened: int, at: int) -> int:
    start, depth = opened + 1, 0
    for index in range(opened + 1, at):
        if text[index] in "([{":
            depth += 1
        elif text[index] in ")]}":
            depth -= 1
        elif text[index] == "," and depth <= 0:
            start = index + 1
    return start


def _piece_end(text: str, opened: int, at: int) -> int:
    """Return where the entry of braces that the place stands in ends, as far as the line tells."""
    limit = _line_end(text, at)
    end, depth = min(at + 1, limit), int(text[at : at + 1] in ("(", "[", "{"))
    while end < limit:
        if text[end] in "([{":
            depth += 1
        elif text[end] in ")]}":
            depth -= 1
            if depth < 0:
                break
        elif text[end] == "," and depth == 0:
            break
        end += 1
    while end > at and text[end - 1] == " ":
        end -= 1
    return end


def _split(line: str) -> tuple[str | None, str | None]:
    body = line.strip()
    while body.startswith("- "):
        body = body[2:].lstrip()
    key, colon, value = body.partition(": ")
    value = value.split(" #", 1)[0].strip()
    return (key.strip(), value) if colon and value else (None, None)


def _quoted(text: str) -> str:
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


_NEXT_ENTRY = re.compile(r", *\w+: *[\"']")


def _code(text: str) -> str:
    return f"`{text}`"


def _looks_like_expression(text: str) -> bool:
    return any(char in text for char in "(){}[]<>=")


def _word(source: Source, start: int) -> str:
    end = start
    while end < len(source.text) and source.text[end] not in " \n,]}":
        end += 1
    return source.text[start:end]


def _one_line(text: str) -> str:
    return _short(" ".join(text.split()))


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:119] + "…"


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _line_span(source: Source, at: int) -> Span:
    text = source.text
    at = min(max(at, 0), len(text))
    start = _line_start(text, at)
    start += len(text[start:]) - len(text[start:].lstrip(" "))
    end = max(_line_end(text, at), start)
    return Span(min(start, at), end)


def _text_end(text: str, start: int, end: int) -> int:
    """Return where the text of a line ends, without a comment and the spaces before it."""
    comment = text.find(" #", start, end)
    end = comment if comment >= 0 else end
    while end > start and text[end - 1] == " ":
        end -= 1
    return end


def _first_in_line(text: str, at: int) -> bool:
    return not text[_line_start(text, at) : at].strip()


def _closing(text: str, start: int) -> int:
    end = _line_end(text, start)
    closing = "}" if text[start] == "{" else "]"
    found = text.find(closing, start, end)
    return found + 1 if found >= 0 else end
