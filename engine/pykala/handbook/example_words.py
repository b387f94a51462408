"""An example in words: what it changes in the typical record, and why the rule answers as it does.

In: an example and what came of it. Out: lines of plain text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pykala.evaluate.explain import (
    contested_text,
    element_text,
    exception_title,
    message_text,
    undecided_text,
)
from pykala.evaluate.result import Result
from pykala.handbook.book import Edition, Shown
from pykala.handbook.verbalize import Line, Verbalizer
from pykala.handbook.words import say, word
from pykala.policy.model import Policy
from pykala.policy.steps import steps_of
from pykala.quality.examples import DEFAULT_AS_OF
from pykala_dsl.typesys import DateType, ListType, RecordType, Type

_HIDDEN = frozenset({"id", "record"})


def changes(shown: Shown, policy: Policy, edition: Edition) -> list[Line]:
    """Return what an example changes in the typical record, as lines."""
    words = edition.words(policy)
    return [
        *(line for path, raw in shown.example.given.items() for line in _given(path, raw, shown, policy, words)),
        *(
            Line(0, say("is", words.lang, left=words.fact_label(path), right=word("none", words.lang)))
            for path in shown.example.not_given
        ),
        *_assumed(shown, words, edition),
    ]


def reasons(shown: Shown, policy: Policy, edition: Edition) -> Iterator[tuple[Result, str]]:
    """Yield each verdict of an example and why: the message, what is undecided, the exception, the limit; each on a line."""
    words = Verbalizer(edition.book.policies.vocabulary, shown.made.policy, edition.lang)
    for result in shown.results:
        yield result, "\n".join(_why(result, words))


def element(result: Result, policy: Policy, edition: Edition) -> str:
    """Return which element of a list a verdict is about, "" where it is about the whole record."""
    return element_text(result, edition.words(policy))


def _why(result: Result, words: Verbalizer) -> Iterator[str]:
    match result.verdict:
        case "fail":
            yield message_text(result, words)
        case "unknown":
            yield from (undecided_text(words, item) for item in result.undecided)
        case "excused":
            yield exception_title(result, words.lang)
        case "pending" if result.due is not None:
            yield say("due by", words.lang, right=words.value(result.due, DateType()))
        case _:
            pass
    yield from (contested_text(words, item) for item in result.contested)


def _given(path: str, raw: Any, shown: Shown, policy: Policy, words: Verbalizer) -> Iterator[Line]:
    """Yield what an example gives at a path; of a mapping, which merges into what is there, only what it names."""
    if isinstance(raw, dict) and len(raw) == 1:
        (name, inner), *_ = raw.items()
        yield from _given(f"{path}.{name}", inner, shown, policy, words)
        return
    steps = steps_of(path)
    kind = policy.record
    if isinstance(steps[0], str) and steps[0] in policy.with_types:
        kind, steps = steps[0], steps[1:]
    elif steps[0] == policy.record and steps[0] not in policy.subject.fields:
        steps = steps[1:]
    record = shown.made.records.get(kind)
    type_: Type = policy.with_types.get(kind, policy.subject)
    label = words.fact_label(path) if steps else words.record_label(kind)
    value: Any = None if record is None else record.data
    private = False
    for step in steps:
        if isinstance(step, str) and isinstance(type_, RecordType):
            field = type_.fields[step]
            type_, private = field.type, private or field.private
            value = None if value is None else value.get(step)
        elif isinstance(step, int) and isinstance(type_, ListType):
            type_ = type_.element
            value = None if value is None else value[step]
    yield from value_lines(label, value, type_, words, named=raw, private=private)


def value_lines(
    label: str,
    value: Any,
    type_: Type,
    words: Verbalizer,
    *,
    depth: int = 0,
    named: Any = None,
    private: bool = False,
) -> Iterator[Line]:
    """Yield a value of a record as lines: a label and a value, and what stands inside it one step deeper.

    `named`: a mapping whose keys alone are told.
    """
    lang = words.lang
    if value is None or value == []:
        yield Line(depth, say("is", lang, left=label, right=word("none", lang)))
    elif isinstance(type_, RecordType) and isinstance(value, dict):
        yield Line(depth, f"{label}:")
        for name, inner in value.items():
            field = type_.fields.get(name)
            if field is None or name in _HIDDEN or (isinstance(named, dict) and name not in named):
                continue
            own, deeper = words.field_label(type_, name), named.get(name) if isinstance(named, dict) else None
            hidden = private or field.private
            yield from value_lines(own, inner, field.type, words, depth=depth + 1, named=deeper, private=hidden)
    elif isinstance(type_, ListType) and isinstance(type_.element, RecordType):
        element_type = type_.element
        yield Line(depth, f"{label}:")
        for item in value:
            yield from value_lines(
                words.element_label(element_type), item, element_type, words, depth=depth + 1, private=private
            )
    elif isinstance(type_, ListType):
        shown = ", ".join(words.value(item, type_.element, private=private) for item in value)
        yield Line(depth, say("is", lang, left=label, right=shown))
    else:
        yield Line(depth, say("is", lang, left=label, right=words.value(value, type_, private=private)))


def _assumed(shown: Shown, words: Verbalizer, edition: Edition) -> Iterator[Line]:
    example = shown.example
    for name, value in example.parameters.items():
        shown_value = words.value(value, words.policy.parameters[name].type)
        yield Line(
            0, say("is", words.lang, left=edition.say("assumed", words.parameter_label(name)), right=shown_value)
        )
    for name, option in example.readings.items():
        label = edition.say("assumed", words.question(name))
        yield Line(0, say("is", words.lang, left=label, right=words.option(name, option)))
    if example.as_of is not None and example.as_of != DEFAULT_AS_OF:
        yield Line(
            0, say("is", words.lang, left=word("as of", words.lang), right=words.value(example.as_of, DateType()))
        )


__all__ = ["changes", "element", "reasons", "value_lines"]
