"""A penalty is never a deviation before the hearing, whatever else is known or not."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from pykala.evaluate.rules import evaluate_rule
from record_strategies import World, changed_examples, policy
from tries import tries

POLICIES = {
    name: tuple(rule.id for rule in policy(name).rules if "penalty" in rule.id)
    for name in ("therapy-sanctions@2019", "therapy-contract-year@2019")
}
DAY = datetime.timedelta(days=1)


def hearings(as_of: datetime.date) -> st.SearchStrategy[dict[str, Any] | None]:
    """Return hearings that are not over: not recorded, without a letter, with a letter or a last day still to come."""
    late, soon = as_of + DAY, as_of - DAY
    return st.sampled_from(
        [
            None,
            {},
            {"deadline_on": soon},
            {"letter_sent_on": late, "deadline_on": soon},
            {"letter_sent_on": soon, "deadline_on": as_of},
            {"letter_sent_on": soon, "deadline_on": late, "statement_received_on": soon},
        ]
    )


def test_the_rules_on_penalties_are_those_that_are_meant() -> None:
    assert {
        "therapy-sanctions@2019": ("billing-penalty-conditions", "billing-penalty-amount"),
        "therapy-contract-year@2019": ("penalty-client-number", "penalty-municipalities", "penalty-turnover-base"),
    } == POLICIES


@pytest.mark.parametrize("name", POLICIES)
@given(data=st.data())
@tries(40)
def test_no_penalty_fails_before_the_hearing_is_over(name: str, data: st.DataObject) -> None:
    own = policy(name)
    world: World = data.draw(changed_examples(name))
    hearing = data.draw(hearings(world.as_of))
    if hearing is None:
        world = world.without(own.record, ("hearing",))
    else:
        world = world.changed(own.record, ("hearing",), hearing)
    for rule in own.rules:
        if rule.id in POLICIES[name]:
            (found,) = evaluate_rule(rule, own, world.records, world.as_of, reasons=False)
            event(found.verdict)
            assert "fail" != found.verdict, rule.id
