"""The quick look at a record's structure and the JSON Schema library agree."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import record_strategies as made
from pykala.records.fit import surely_fits
from pykala.records.schemas import resolved, validator

POLICIES = {policy.record: policy.name for policy in made.shipped().policies}
WRONG: tuple[Any, ...] = (None, True, 0, -1, 2, "", "work_trial", "2025-06-30", [], [None], {}, {"id": 1}, ["x"])


def spoilt(value: Any, draw: st.DataObject) -> Any:
    """Return data with one value somewhere in it put out of place."""
    if isinstance(value, dict) and value and draw.draw(st.integers(0, 3)):
        key = draw.draw(st.sampled_from(sorted(value)))
        match draw.draw(st.sampled_from(("deeper", "deeper", "deeper", "gone", "renamed"))):
            case "gone":
                return {name: inner for name, inner in value.items() if name != key}
            case "renamed":
                return {name + "x" * (name == key): inner for name, inner in value.items()}
            case _:
                return {**value, key: spoilt(value[key], draw)}
    if isinstance(value, list) and value and draw.draw(st.integers(0, 3)):
        return [spoilt(value[0], draw), *value[1:]]
    return draw.draw(st.sampled_from(WRONG))


@pytest.mark.parametrize("kind", sorted(POLICIES))
def test_the_quick_look_and_the_library_agree(kind: str) -> None:
    schema = made.shipped().vocabulary.kinds[kind].schema
    quick, library = resolved(schema), validator(schema)
    type_ = made.shipped().vocabulary.kinds[kind].type

    @settings(max_examples=max(1, settings().max_examples // 3))
    @given(made.worlds(POLICIES[kind]), st.data())
    def check(world: made.World, data: st.DataObject) -> None:
        record = made.written(type_, world.data.get(kind, {"id": "A-1"}))
        assert surely_fits(quick, record)
        assert library.is_valid(record)
        wrong = spoilt(record, data)
        assert surely_fits(quick, wrong) == library.is_valid(wrong)

    check()


def test_a_keyword_that_the_quick_look_does_not_know_is_left_to_the_library() -> None:
    assert not surely_fits({"type": "string", "pattern": "x"}, "x")
