"""What an unknown verdict hangs on: the smallest list, and what could decide by itself (marked with `!`)."""

from __future__ import annotations

from typing import Any

import pytest

from evaluation_support import results_of, undecided_of

CASES: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("one fact", "require: a", {}, ["a!"]),
    ("each could break it", "require: a and b", {}, ["a!", "b!"]),
    ("each could hold it", "require: a or b", {}, ["a!", "b!"]),
    ("only together", "require: a = b", {}, ["a", "b"]),
    ("what is outweighed does not matter", "require: a and (b or c)", {"c": True}, ["a!"]),
    ("one alone, the others once it is given", "require: a and (b or c)", {}, ["a!", "b", "c"]),
    ("a fact beside a sum", "require: a or x + y >= six", {}, ["a!", "x", "y"]),
    ("two branches that agree", "require: if a then x >= 5 h else x >= six", {"x": "5 h 30 min"}, ["a!"]),
    ("a condition and its branches", "require: if a then b else c", {}, ["a", "b", "c"]),
    ("a value that it is compared with", "require: x >= six", {}, ["x!"]),
    ("both sides of a comparison", "require: x >= y", {}, ["x", "y"]),
    ("a range", "require: start in limit .. until", {"start": "2025-05-05", "limit": "2025-05-01"}, ["until!"]),
    ("a range without bounds", "require: start in limit .. until", {"start": "2025-05-05"}, ["limit!", "until!"]),
    ("an unset parameter", "require: x >= shortest", {"x": "6 h"}, ["shortest!"]),
    ("a parameter and a fact", "require: amount <= n * price", {"n": 1}, ["amount", "price"]),
    ("an unset count beside elements", "require: at most cap day in days", {"days": [{}, {}]}, ["cap!"]),
    ("an open reading", "require: a or reading(wide) = yes_wide", {"a": False}, ["wide!"]),
    ("a reading and a fact", "require: a or reading(wide) = yes_wide", {}, ["a!", "wide!"]),
    ("a fact under a reading", "require: a and reading(wide) = yes_wide", {}, ["a!", "wide!"]),
    ("a judgement", "require: suitable", {}, ["suitable!"]),
    ("an element", "require: every day in days satisfies day.paid", {"days": [{"paid": True}, {}]}, ["days[1].paid!"]),
    ("two elements", "require: every day in days satisfies day.paid", {"days": [{}, {}]}, ["days[0].paid!", "days[1].paid!"]),
    ("a filter and a body", "require: every day in days where day.paid satisfies day.length >= six", {"days": [{}]}, ["days[0].length!", "days[0].paid!"]),
    ("a list", "require: count(days) >= 1", {}, ["days!"]),
    ("a record that is not known at all", "require: sickness is present and sickness.phase = planning", {}, ["sickness!"]),
    ("a field of a record that is there", "require: sickness is present and sickness.phase = planning", {"sickness": {}}, ["sickness.phase!"]),
    ("another record", "require: plan.agreed and plan.hours >= six", {}, ["plan!"]),
    ("another record beside a fact", "require: plan.agreed and a", {}, ["a!", "plan!"]),
    ("an empty aggregate", "require: average(day.length for day in days) >= six", {"days": []}, ["average(day.length for day in days)!"]),
    ("the exceptions too", "require: a\nunless:\n  other: b", {"a": False}, ["b!"]),
    ("an exception beside the requirement", "require: a\nunless:\n  other: b", {}, ["a!", "b!"]),
    ("a condition", "when: a\nrequire: b", {}, ["a!", "b"]),
    ("nothing of a rule that may not apply", "when: a\nrequire: b", {"b": True}, ["a!"]),
    ("an open end", "require: a\npending while: b", {"a": False}, ["b!"]),
    ("a limit", "require: sent_on due by limit", {}, ["limit!"]),
    ("the event is no cause while it may come", "require: sent_on due by limit and b", {"limit": "2025-12-31"}, ["b!"]),
    ("a fact twice", "require: a and b or not a and c", {}, ["a", "b", "c"]),
    ("a fact that never decides beside the others", "require: a and b or a and c and b", {}, ["a!", "b!"]),
    ("a fact twice counts as two", "require: (a or not a) and b", {}, ["a", "b!"]),
    ("text", "require: some day in days where day.status = absent", {"days": [{}]}, ["days[0].status!"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "given", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_an_unknown_verdict_names_what_would_settle_it(rule: str, given: dict[str, Any], expected: list[str]) -> None:
    assert expected == undecided_of(rule, given)


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("require: a", "fact"),
        ("require: suitable", "judgement"),
        ("require: x >= shortest", "parameter"),
        ("require: reading(wide) = yes_wide", "reading"),
        ("require: plan.agreed", "record"),
        ("require: n / n >= 1 %", "no_value"),
    ],
)
def test_the_kinds_of_what_is_undecided(rule: str, kind: str) -> None:
    (result,) = results_of(rule, {"x": "6 h", "n": 0} if kind in ("parameter", "no_value") else {})
    assert [kind] == [item.kind for item in result.undecided]


def test_names_of_other_records_begin_with_their_kind() -> None:
    rule = "require: every item in plan.items satisfies item.date <= limit"
    assert undecided_of(rule, {"limit": "2025-05-05"}, plan={"items": [{}]}) == ["plan.items[0].date!"]


def test_many_unknown_facts_are_listed_within_the_bounded_search() -> None:
    days: list[dict[str, Any]] = [{} for _ in range(30)]
    (result,) = results_of("require: every day in days satisfies day.paid or day.length >= six", {"days": days})
    assert {f"days[{n}].{name}" for n in range(30) for name in ("paid", "length")} >= {i.name for i in result.undecided}
    assert result.undecided
