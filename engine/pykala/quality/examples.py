"""The examples of rules, run: each changes the policy's typical record, and the rule must answer as it says."""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from pykala.policy.model import Example, Policy, Rule, Verdict
from pykala.policy.steps import steps_of
from pykala.quality.processes import shared_out
from pykala.records.record import Record, RecordProblem
from pykala_dsl.diagnostics import Diagnostic, Label
from pykala_dsl.source import Source
from pykala_dsl.typesys import ListType, RecordType, Type

if TYPE_CHECKING:
    from pykala.evaluate.result import Result
    from pykala.policy.loader import PolicySet
    from pykala.records.vocabulary import Vocabulary

_Came: TypeAlias = tuple[bool, tuple[Verdict, ...], str, Diagnostic | None]
"""What came of an example, as it goes from one process to another."""

DEFAULT_AS_OF = datetime.date(2025, 12, 31)
RECORD_ID = "example"
# A path of more than one step.
_PATH = re.compile(r"\w+(\[\d+\])*([.]\w+(\[\d+\])*)*(\[\d+\]|[.]\w+)")


@dataclass(frozen=True, slots=True)
class ExampleRecords:
    """What an example is judged on: the records by kind, the date of the check, and the policy as the example assumes it."""

    records: Mapping[str, Record]
    as_of: datetime.date
    policy: Policy


@dataclass(frozen=True, slots=True)
class ExampleOutcome:
    """What came of an example. `detail` says in words what differs, `diagnostic` why it could not run at all."""

    policy: Policy
    rule: Rule
    example: Example
    number: int
    passed: bool
    got: tuple[Verdict, ...]
    expected: tuple[Verdict, ...]
    detail: str = ""
    diagnostic: Diagnostic | None = None

    @property
    def name(self) -> str:
        """Return what reports call the example: policy, rule and number, counted from 1."""
        return f"{self.policy.name}/{self.rule.id}#{self.number}"


class PathError(ValueError):
    """A path of an example that leads nowhere; `key` is the key of the example that it stands under."""

    def __init__(self, message: str, path: str, key: str = "given") -> None:
        super().__init__(message)
        self.path = path
        self.key = key


def run_examples(
    policies: PolicySet, wanted: Callable[[Policy, Rule], bool] = lambda policy, rule: True, *, jobs: int | None = 1
) -> list[ExampleOutcome]:
    """Return what came of every example of the wanted rules of every version, inherited and included ones among them.

    `jobs`: how many processes share the work; None: as many as there are cores.
    """
    rules = [(policy, rule) for policy in policies.policies for rule in policy.rules if wanted(policy, rule)]

    def run(at: int) -> list[_Came]:
        policy, rule = rules[at]
        found = (
            run_example(policy, rule, example, number, policies.vocabulary)
            for number, example in enumerate(rule.examples, 1)
        )
        return [(one.passed, one.got, one.detail, one.diagnostic) for one in found]

    outcomes: list[ExampleOutcome] = []
    for (policy, rule), came in zip(rules, shared_out(run, range(len(rules)), jobs=jobs, chunk=4), strict=True):
        for number, (example, (passed, got, detail, diagnostic)) in enumerate(zip(rule.examples, came, strict=True), 1):
            outcomes.append(
                ExampleOutcome(policy, rule, example, number, passed, got, example.expect, detail, diagnostic)
            )
    return outcomes


def run_policy(policy: Policy, vocabulary: Vocabulary) -> list[ExampleOutcome]:
    """Return what came of every example of a policy."""
    return [
        run_example(policy, rule, example, number, vocabulary)
        for rule in policy.rules
        for number, example in enumerate(rule.examples, 1)
    ]


def run_example(policy: Policy, rule: Rule, example: Example, number: int, vocabulary: Vocabulary) -> ExampleOutcome:
    """Return what came of one example."""
    from pykala.evaluate.rules import evaluate_rule

    made = example_records(policy, example, vocabulary)
    if isinstance(made, Diagnostic):
        return ExampleOutcome(policy, rule, example, number, False, (), example.expect, made.message, made)
    results = evaluate_rule(rule, made.policy, made.records, made.as_of, reasons=False)
    differences = "; ".join(differences_from(example, results))
    got = tuple(result.verdict for result in results)
    return ExampleOutcome(policy, rule, example, number, not differences, got, example.expect, differences)


def example_records(policy: Policy, example: Example, vocabulary: Vocabulary) -> ExampleRecords | Diagnostic:
    """Return the records that an example describes, or why they cannot be."""
    try:
        subject, others, as_of = example_data(policy, example)
    except PathError as error:
        from pykala.policy import places

        given = error.key == "given"
        at = places.given_of_example(example, error.path) if given else None
        at = at or places.word_of_example(example, error.key, error.path)
        hint = "the path must lead to a field; see the policy's `typical` and `pykala fields`"
        return Diagnostic("bad-example", str(error), example.source, (Label(at),), hint)
    made = _records(policy, subject, others, vocabulary)
    if isinstance(made, _Misfit):
        from pykala.policy import places

        span = places.field_of_example(example, made.steps(policy), name=made.names_field) or example.span
        message = f"the example's {made}"
        return Diagnostic("bad-example", message, example.source, (Label(span),), made.problem.help)
    return ExampleRecords(made, as_of, assumed_policy(policy, example))


def assumed_policy(policy: Policy, example: Example) -> Policy:
    """Return the policy with the values and options that an example assumes."""
    if not example.parameters and not example.readings:
        return policy
    parameters = {name: replace(policy.parameters[name], value=value) for name, value in example.parameters.items()}
    readings = {name: replace(policy.readings[name], chosen=option) for name, option in example.readings.items()}
    return replace(
        policy,
        parameters={**policy.parameters, **parameters},
        readings={**policy.readings, **readings},
    )


def typical_mistake(policy: Policy, sources: Iterable[Source], vocabulary: Vocabulary) -> Diagnostic | None:
    """Return what is wrong with the typical record that all examples change; it stands in one of the sources."""
    from pykala.policy import places

    whole: dict[str, Any] = copy.deepcopy(dict(policy.typical))
    as_of = whole.pop("as_of", None)
    steps: list[str | int] = ["as_of"]
    message, hint, name = "`as_of` of the typical record is not a date", "write a date like `2025-12-31`", False
    if as_of is None or _date(as_of) is not None:
        others = {kind: data for kind in policy.with_records if isinstance(data := whole.pop(kind, None), dict)}
        made = _records(policy, whole, others, vocabulary)
        if not isinstance(made, _Misfit):
            return None
        steps, name = made.steps(policy), made.names_field
        message, hint = f"the typical {made}", made.problem.help or ""
    for source in sources:
        span = places.field_of_typical(source, steps, name=name)
        if span is not None:
            return Diagnostic("bad-example", message, source, (Label(span),), hint or None)
    return Diagnostic("bad-example", message, policy.source, (Label(policy.span),), hint or None)


@dataclass(frozen=True, slots=True)
class _Misfit:
    """Data that is no record of its kind."""

    kind: str
    problem: RecordProblem

    def __str__(self) -> str:
        """Return what does not fit, to follow `the example's`."""
        return f"{self.kind} does not fit its schema: `{self.problem.path}`: {self.problem.message}"

    @property
    def names_field(self) -> bool:
        """Return whether the name of a field is wrong, and not its value."""
        return self.problem.code == "unknown-field"

    def steps(self, policy: Policy) -> list[str | int]:
        """Return the steps to what does not fit, from the typical record of a policy."""
        steps = steps_of(self.problem.path)
        return steps if self.kind == policy.record else [self.kind, *steps]


def _records(
    policy: Policy, subject: dict[str, Any], others: dict[str, Any], vocabulary: Vocabulary
) -> dict[str, Record] | _Misfit:
    from pykala.records.build import build_record

    records: dict[str, Record] = {}
    for kind, data in ((policy.record, subject), *others.items()):
        record = build_record(vocabulary, kind, {"id": RECORD_ID, **data}, f"{policy.name}, example")
        if not isinstance(record, Record):
            return _Misfit(kind, record[0])
        records[kind] = record
    return records


def example_data(policy: Policy, example: Example) -> tuple[dict[str, Any], dict[str, Any], datetime.date]:
    """Return the plain data of the subject, those of the records beside it by kind, and the date of the check.

    Raises:
        PathError: where a path of the example leads nowhere.
    """
    whole: dict[str, Any] = copy.deepcopy(dict(policy.typical))
    as_of = _date(whole.pop("as_of", None)) or DEFAULT_AS_OF
    for path, value in example.given.items():
        whole = _given(whole, _parts(path, policy), copy.deepcopy(value), path)
    for path in example.not_given:
        _check_known(path, policy, "not_given")
        whole = _without(whole, _parts(path, policy))
    for name in example.because or ():
        # Other names are parameters, readings, kinds of record, or what has no value.
        if _PATH.fullmatch(name) and steps_of(name)[0] not in policy.parameters:
            _check_known(name, policy, "because")
    others = {kind: data for kind in policy.with_records if isinstance(data := whole.pop(kind, None), dict)}
    return whole, others, example.as_of or as_of


def _date(value: object) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _parts(path: str, policy: Policy) -> list[str | int]:
    parts = steps_of(path)
    # `case.days` of a case means its `days`, as in an expression.
    named_subject = len(parts) > 1 and parts[0] == policy.record and policy.record not in policy.subject.fields
    return parts[1:] if named_subject else parts


def _given(data: Any, parts: list[str | int], value: Any, path: str) -> Any:
    """Return data with a value at a path: a mapping merges into a mapping, anything else replaces."""
    if not parts:
        if isinstance(data, dict) and isinstance(value, dict):
            merged = dict(data)
            for key, inner in value.items():
                merged[key] = _given(merged.get(key), [], inner, path)
            return merged
        return value
    part, rest = parts[0], parts[1:]
    if isinstance(part, str):
        if data is not None and not isinstance(data, dict):
            raise PathError(f"`{path}` goes through a value that has no fields", path)
        return {**(data or {}), part: _given((data or {}).get(part), rest, value, path)}
    if data is not None and not isinstance(data, list):
        raise PathError(f"`{path}` counts in something that is no list", path)
    items = list(data or [])
    if part > len(items):
        message = f"`{path}` leaves a gap: the list has {len(items)} elements, so the next one is [{len(items)}]"
        raise PathError(message, path)
    if part == len(items):
        items.append(None)
    items[part] = _given(items[part], rest, value, path)
    return items


def _without(data: Any, parts: list[str | int]) -> Any:
    part, rest = parts[0], parts[1:]
    if isinstance(part, str) and isinstance(data, dict) and part in data:
        if rest:
            return {**data, part: _without(data[part], rest)}
        return {key: value for key, value in data.items() if key != part}
    if isinstance(part, int) and isinstance(data, list) and part < len(data):
        if rest:
            return [_without(item, rest) if at == part else item for at, item in enumerate(data)]
        return [item for at, item in enumerate(data) if at != part]
    return data


def _check_known(path: str, policy: Policy, key: str) -> None:
    """Raise `PathError` where a path under a key names a field that no record has; it would change nothing."""
    parts = _parts(path, policy)
    kind: Type = policy.subject
    if parts[0] in policy.with_types and isinstance(parts[0], str):
        kind, parts = policy.with_types[parts[0]], parts[1:]
    for part in parts:
        if isinstance(part, str) and isinstance(kind, RecordType) and part in kind.fields:
            kind = kind.fields[part].type
        elif isinstance(part, int) and isinstance(kind, ListType):
            kind = kind.element
        else:
            raise PathError(f"`{path}` is no field of the record", path, key)


def differences_from(example: Example, results: Sequence[Result]) -> Iterator[str]:
    """Yield what an example expects and the results of its rule are not, in words."""
    got = tuple(result.verdict for result in results)
    if example.each and got != example.expect:
        yield f"expected {_listed(example.expect)}, got {_listed(got)}"
    elif not example.each and any(verdict != example.expect[0] for verdict in got):
        yield f"expected {example.expect[0]}, got {_listed(got)}"
    if example.because is not None:
        names = sorted({item.name for result in results for item in result.undecided})
        if names != sorted(set(example.because)):
            yield f"expected because of {_listed(example.because)}, got {_listed(names)}"
    if example.exception is not None:
        exceptions = sorted({result.exception for result in results if result.exception is not None})
        if exceptions != [example.exception]:
            yield f"expected the exception {example.exception}, got {_listed(exceptions)}"


def _listed(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(words) or "nothing"
