"""A rule's YAML in, its `RuleEntry` out: expressions, messages with their placeholders, examples."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any, get_args

from pykala.policy.entries import (
    Assumed,
    DefinitionEntry,
    ExampleEntry,
    MessageEntry,
    Placed,
    RuleEntry,
    UnlessEntry,
)
from pykala.policy.model import (
    RESPONSIBLE,
    VERDICTS,
    AuditClass,
    Equivalent,
    Example,
    Lang,
    Responsible,
    Severity,
    Text,
    Verdict,
)
from pykala.policy.reading import NodeReader
from pykala.policy.strict_yaml import Mapping, Scalar, YamlNode, plain
from pykala.policy.strict_yaml import Sequence as YamlSequence
from pykala_dsl.source import Fragment, Span

RULE_KEYS = (
    "id",
    "phase",
    "responsible",
    "severity",
    "title",
    "cite",
    "for each",
    "define",
    "when",
    "require",
    "unless",
    "pending while",
    "computes",
    "message",
    "note",
    "examples",
    "equivalent",
)
EXCEPTION_KEYS = ("title", "if", "cite")
EQUIVALENT_KEYS = ("mutant", "why")
EXAMPLE_KEYS = (
    "it",
    "given",
    "not_given",
    "as_of",
    "parameters",
    "readings",
    "expect",
    "because",
    "exception",
    "tests",
)
CLASSES: tuple[AuditClass, ...] = get_args(AuditClass)
_PATH = re.compile(r"[^\W\d]\w*(\[\d+\])?(\.[^\W\d]\w*(\[\d+\])?)*")


def read_rule(node: YamlNode, reader: NodeReader, responsible: Responsible | None = None) -> RuleEntry | None:
    """Return a rule as written, or None where it has no id; `responsible`: who must act where the rule does not say."""
    rule = reader.mapping(node, "a rule")
    if rule is None:
        return None
    id_node, id_key = rule.get("id"), rule.key("id")
    first = rule.entries[0][0].span if rule.entries else rule.span
    span = id_node.span if id_node is not None else first
    found = reader.identifier(id_node, "a rule's id")
    what = f"rule `{found}`" if found else "this rule"
    reader.keys(rule, RULE_KEYS, ("id", "require"), what, id_key.span if id_key else first)
    if rule.get("severity") is None:
        hint = "write `severity: unrated`, or the class that the source gives"
        reader.find("missing-severity", f"{what} has no `severity`", span, hint, "warning")
    entry = RuleEntry(
        id=found.text if found else "",
        phase=phase.text if (phase := reader.identifier(rule.get("phase"), "a phase")) else None,
        severity=_severity(rule.get("severity"), reader),
        title=_text(rule, "title", f"the title of {what}", reader),
        note=_text(rule, "note", f"the note of {what}", reader),
        cite=reader.citations(rule.get("cite")),
        for_each=reader.binder(rule.get("for each"), "`for each`"),
        define=read_definitions(rule.get("define"), "`define`", "a definition", reader),
        when=reader.expression(rule.get("when"), "`when`"),
        require=reader.expression(rule.get("require"), "`require`"),
        unless=tuple(_exceptions(rule, what, reader)),
        pending_while=reader.expression(rule.get("pending while"), "`pending while`"),
        computes=read_definitions(rule.get("computes"), "`computes`", "an amount", reader),
        message=_message(rule, what, reader),
        examples=tuple(
            example
            for item in reader.items(rule.get("examples"), "`examples`")
            if (example := _example(item, what, reader)) is not None
        ),
        source=reader.source,
        span=span,
        equivalent=tuple(
            equivalent
            for item in reader.items(rule.get("equivalent"), "`equivalent`")
            for equivalent in _equivalents(item, what, reader)
        ),
        responsible=read_responsible(rule.get("responsible"), reader) or responsible,
    )
    return entry if found else None


def read_responsible(node: YamlNode | None, reader: NodeReader) -> Responsible | None:
    """Return who must act."""
    word = reader.choice(node, RESPONSIBLE, "who is responsible")
    return next((item for item in RESPONSIBLE if item == word), None)


def read_definitions(node: YamlNode | None, where: str, what: str, reader: NodeReader) -> dict[str, DefinitionEntry]:
    """Return named expressions: `name: expression`, or `name: {label: …, value: expression}`."""
    found: dict[str, DefinitionEntry] = {}
    if isinstance(node, Mapping) and _is_flow(node, reader):
        hint = "inside braces a comma ends the expression; write each `name: expression` on a line of its own"
        reader.report("flow-mapping", f"{where} must be written in lines", node.span, hint)
        return found
    for key, value in reader.entries(node, where):
        name = reader.name(key, f"{what}'s name")
        label, expression = Text(), value
        if isinstance(value, Mapping) and value.get("value") is not None:
            reader.keys(value, ("label", "value"), ("value",), f"`{key.text}`", key.span)
            label = _text(value, "label", f"the label of `{key.text}`", reader)
            expression = value.get("value") or value
        parsed = reader.expression(expression, f"`{key.text}`")
        if name is not None:
            found[name] = DefinitionEntry(name, parsed, label, reader.source, key.span)
    return found


def _is_flow(node: Mapping, reader: NodeReader) -> bool:
    return bool(node.entries) and reader.source.text.startswith("{", node.span.start)


def _text(entry: Mapping, name: str, what: str, reader: NodeReader) -> Text:
    key = entry.key(name)
    if key is None:
        return Text()
    return reader.language_map(entry.get(name), what, key.span, severity="error" if name == "title" else "warning")


def _severity(node: YamlNode | None, reader: NodeReader) -> Severity:
    if isinstance(node, YamlSequence):
        hint = "write `{between: [minor, major]}` where the source leaves the choice"
        reader.report("wrong-shape", "a severity must be one value, not a list", node.span, hint)
        return Severity(())
    if not isinstance(node, Mapping):
        word = reader.choice(node, ("unrated", *CLASSES), "a severity")
        return Severity(tuple(item for item in CLASSES if item == word))
    reader.keys(node, ("between",), ("between",), "`severity`", node.span)
    words = [
        word
        for item in reader.items(node.get("between"), "`between`")
        if (word := reader.choice(item, CLASSES, "a severity")) is not None
    ]
    return Severity(tuple(item for item in CLASSES if item in words))


def _exceptions(rule: Mapping, what: str, reader: NodeReader) -> Iterator[UnlessEntry]:
    node = rule.get("unless")
    if isinstance(node, Mapping) and _is_flow(node, reader):
        hint = "inside braces a comma ends the expression; write each `name: expression` on a line of its own"
        reader.report("flow-mapping", "`unless` must be written in lines", node.span, hint)
        return
    if isinstance(node, Scalar) and not node.is_null:
        hint = "give the exception a name: `unless:`, and on the next line `flex: day.flex is present`"
        reader.report("wrong-shape", f"`unless` of {what} names no exception", node.span, hint)
        return
    hint = "write each exception as `name: expression`, on a line of its own and without `- `"
    for key, value in reader.entries(node, "`unless`", hint):
        name = reader.name(key, "an exception's name")
        title, condition, cite = Text(), value, None
        if isinstance(value, Mapping):
            reader.keys(value, EXCEPTION_KEYS, ("if",), f"exception `{key.text}`", key.span)
            title = _text(value, "title", f"the title of exception `{key.text}`", reader)
            if (found := value.get("if")) is None:
                continue
            condition, cite = found, value.get("cite")
        parsed = reader.expression(condition, f"exception `{key.text}`")
        if name is not None:
            yield UnlessEntry(name, title, parsed, reader.source, key.span, reader.citations(cite))


def _equivalents(node: YamlNode, what: str, reader: NodeReader) -> Iterator[Equivalent]:
    """Yield the mutants of a rule that share one reason why nothing can tell them from it."""
    equivalent = reader.mapping(node, f"an equivalent mutant of {what}", "write `mutant:` and `why:`")
    if equivalent is None:
        return
    at = equivalent.entries[0][0].span if equivalent.entries else equivalent.span
    reader.keys(equivalent, EQUIVALENT_KEYS, EQUIVALENT_KEYS, "this equivalent mutant", at)
    why_key = equivalent.key("why")
    why = Text()
    if why_key is not None:
        why = reader.language_map(equivalent.get("why"), "the reason why nothing can tell", why_key.span, plain=True)
    for item in reader.one_or_more(equivalent.get("mutant")):
        if (name := reader.text(item, "a mutant")) is not None:
            yield Equivalent(" ".join(name.split()), why, item.span)


# ---------------------------------------------------------------------- messages


def _message(rule: Mapping, what: str, reader: NodeReader) -> dict[Lang, tuple[MessageEntry, ...]]:
    node, key = rule.get("message"), rule.key("message")
    if node is None or key is None:
        return {}
    if not isinstance(node, Mapping):
        hint = "write the message under `fi:`, `sv:` and `en:`, each in quotes"
        reader.report("wrong-shape", f"the message of {what} must say its languages", node.span, hint)
        return {}
    return {
        lang: tuple(read_message(scalar.content(), reader))
        for lang, scalar in reader.message_languages(node, f"the message of {what}", key.span)
    }


def read_message(text: Fragment, reader: NodeReader) -> Iterator[MessageEntry]:
    """Yield the pieces of a message: text (runs of white space are one space) and placeholders `{expression}`."""
    written: list[str] = []
    at, size = 0, len(text.text)
    while at < size:
        here = text.text[at]
        if here in "{}" and text.text[at : at + 2] == here * 2:
            written.append(here)
            at += 2
        elif here == "}":
            hint = "write `}}` for a brace in the text"
            reader.report("bad-placeholder", "`}` closes nothing", text.span(at, at + 1), hint)
            at += 1
        elif here == "{":
            if written:
                yield MessageEntry(re.sub(r"\s+", " ", "".join(written)))
                written = []
            end = _closing(text.text, at)
            if end is None:
                hint = "close it with `}`, or write `{{` for a brace in the text"
                reader.report("bad-placeholder", "`{` is not closed", text.span(at, at + 1), hint)
                return
            yield from _placeholder(text, at + 1, end, reader)
            at = end + 1
        else:
            written.append(here)
            at += 1
    if written:
        yield MessageEntry(re.sub(r"\s+", " ", "".join(written)))


def _placeholder(text: Fragment, start: int, end: int, reader: NodeReader) -> Iterator[MessageEntry]:
    if not text.text[start:end].strip():
        hint = "write a name or an expression between the braces"
        reader.report("bad-placeholder", "the braces hold nothing", text.span(start - 1, end + 1), hint)
        return
    node = reader.parse(Fragment(text.source, text.text[start:end], text.offsets[start : end + 1]))
    if node is not None:
        yield MessageEntry("", node)


def _closing(text: str, start: int) -> int | None:
    """Return where the brace opened at `start` closes; sets inside it have braces of their own."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return None


# ---------------------------------------------------------------------- examples


def _example(node: YamlNode, what: str, reader: NodeReader) -> ExampleEntry | None:
    example = reader.mapping(node, f"an example of {what}")
    if example is None:
        return None
    at = example.entries[0][0].span if example.entries else example.span
    reader.keys(example, EXAMPLE_KEYS, ("expect",), "this example", at)
    it_key = example.key("it")
    caption = Text()
    if it_key is not None:
        caption = reader.language_map(example.get("it"), "the caption of this example", it_key.span, plain=True)
    expect_node = example.get("expect")
    expect = tuple(_verdicts(expect_node, reader))
    because = example.get("because")
    name = reader.scalar(example.get("exception"), "an exception")
    described = Example(
        caption=caption,
        given=_given(example.get("given"), reader),
        not_given=tuple(
            path
            for item in reader.one_or_more(example.get("not_given"))
            if (path := _path(reader.scalar(item, "a path"), reader)) is not None
        ),
        as_of=_as_of(example, reader),
        expect=expect,
        each=isinstance(expect_node, YamlSequence),
        because=None if because is None else tuple(_words(because, reader)),
        exception=name.text if name else None,
        tests=reader.citations(example.get("tests")),
        source=reader.source,
        span=_line_span(example, at),
    )
    return ExampleEntry(described, _parameters(example, reader), _readings(example, reader))


def _parameters(example: Mapping, reader: NodeReader) -> dict[Placed, Assumed]:
    return {
        _placed(key, reader): Assumed(reader.expression(value, f"the value of parameter `{key.text}`"), value.span)
        for key, value in reader.entries(example.get("parameters"), "`parameters` of an example")
    }


def _readings(example: Mapping, reader: NodeReader) -> dict[Placed, Placed]:
    return {
        _placed(key, reader): _placed(option, reader)
        for key, value in reader.entries(example.get("readings"), "`readings` of an example")
        if (option := reader.scalar(value, f"the option of reading `{key.text}`")) is not None
    }


def _placed(scalar: Scalar, reader: NodeReader) -> Placed:
    return Placed(scalar.text, reader.source, scalar.span)


def _line_span(example: Mapping, at: Span) -> Span:
    """Return the place that stands for an example: what it expects, else its first key."""
    expect = example.get("expect")
    return at if expect is None else expect.span


def _verdicts(node: YamlNode | None, reader: NodeReader) -> Iterator[Verdict]:
    for item in reader.one_or_more(node):
        word = reader.choice(item, VERDICTS, "a verdict")
        yield from (verdict for verdict in VERDICTS if verdict == word)


def _words(node: YamlNode, reader: NodeReader) -> Iterator[str]:
    for item in reader.one_or_more(node):
        if (found := reader.text(item, "a reason")) is not None:
            yield found


def _given(node: YamlNode | None, reader: NodeReader) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for key, value in reader.entries(node, "`given`"):
        path = _path(key, reader)
        if path is not None:
            given[path] = plain(value)
    return given


def _path(scalar: Scalar | None, reader: NodeReader) -> str | None:
    if scalar is None:
        return None
    if _PATH.fullmatch(scalar.text):
        return scalar.text
    hint = 'write the names of the record with dots, like `decision.made_on` or `"days[0].length"`'
    reader.report("bad-path", f"`{scalar.text}` is not a path", scalar.span, hint)
    return None


def _as_of(example: Mapping, reader: NodeReader) -> datetime.date | None:
    return reader.day(example.get("as_of"), "the date of the check")
