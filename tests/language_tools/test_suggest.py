"""Did you mean."""

from __future__ import annotations

import pytest

from pykala_dsl.suggest import closest


@pytest.mark.parametrize(
    ("word", "candidates", "expected"),
    [
        ("lenght", ["length", "date"], "length"),
        ("Length", ["length", "lengths"], "length"),
        ("started-on", ["started_on", "ended_on"], "started_on"),
        ("startedon", ["started_on", "ended_on"], "started_on"),
        ("paiva", ["päivä", "vaiva"], "päivä"),
        ("hoors", ["h", "hours", "doors"], "doors"),
        ("phase", ["date", "length"], None),
        ("x", ["y", "z"], None),
        ("", ["a"], None),
        ("length", [], None),
    ],
)
def test_the_nearest_candidate_is_offered_and_nothing_if_none_is_near(
    word: str, candidates: list[str], expected: str | None
) -> None:
    assert closest(word, candidates) == expected


def test_the_order_of_the_candidates_does_not_matter() -> None:
    assert closest("date", ["gate", "late", "rate"]) == closest("date", ["rate", "late", "gate"]) == "gate"


def test_two_letters_that_changed_places_are_one_mistake() -> None:
    assert closest("lien", ["lean", "line"]) == "line"
    assert closest("ab", ["ba", "zz"]) == "ba"
