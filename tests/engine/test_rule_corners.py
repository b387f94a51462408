"""What a verdict hangs on beside its facts: lists that are not there, readings that pick the elements."""

from __future__ import annotations

from evaluation_support import results_of, undecided_of, verdict_of

EACH_DAY = "for each: day in days\n"


def test_a_false_condition_settles_a_rule_whose_list_is_not_given() -> None:
    rule = EACH_DAY + "when: a and day.paid\nrequire: day.length >= 6 h"
    assert verdict_of(rule, {"a": False}) == "not_applicable"
    assert undecided_of(rule, {"a": True}) == ["days!"]
    assert undecided_of(rule, {}) == ["a!", "days!"]


def test_a_reading_of_the_condition_settles_a_rule_whose_list_is_not_given() -> None:
    rule = EACH_DAY + "when: reading(wide) = yes_wide\nrequire: day.length >= 6 h"
    assert undecided_of(rule, {}) == ["days!", "wide!"]


def test_the_reason_of_a_rule_without_its_list_is_the_condition() -> None:
    (result,) = results_of(EACH_DAY + "when: a\nrequire: day.length >= 6 h", {"a": False})
    assert result.reason is not None
    assert result.reason.when is not None
    assert result.reason.when.outcomes == frozenset({"broken"})
    assert result.reason.require is None


def test_an_element_that_another_reading_would_judge_is_contested() -> None:
    rule = "for each: day in days where reading(leaning) = mild or day.paid\nrequire: day.length >= 6 h"
    days = [{"paid": False, "length": "5 h"}, {"paid": True, "length": "6 h"}, {"paid": False, "length": "6 h"}]
    found = [
        (result.at, result.verdict, [(item.option, item.verdict) for item in result.contested])
        for result in results_of(rule, {"days": days})
    ]
    assert found == [
        ("days[0]", "not_applicable", [("mild", "fail")]),
        ("days[1]", "pass", []),
        ("days[2]", "not_applicable", [("mild", "pass")]),
    ]


def test_an_element_that_no_reading_judges_gives_no_result() -> None:
    rule = "for each: day in days where (reading(leaning) = mild and a) or day.paid\nrequire: day.length >= 6 h"
    (result,) = results_of(rule, {"a": False, "days": [{"paid": False, "length": "5 h"}]})
    assert (result.verdict, result.at, result.contested) == ("not_applicable", None, ())


def test_a_reading_that_a_missing_fact_hides_is_named_beside_it() -> None:
    for rule, given in (
        ("require: if reading(wide) = yes_wide then a else not a", "a"),
        ("require: if reading(wide) = yes_wide then x >= 6 h else x < 6 h", "x"),
    ):
        assert undecided_of(rule, {}) == [given, "wide"]
    assert undecided_of("require: if reading(wide) = yes_wide then a else b", {}) == ["a", "b", "wide"]
