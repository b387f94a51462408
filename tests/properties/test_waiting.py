"""Records that wait on the disk are found as those in memory are."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykala.records import waiting as module
from pykala.records.record import Record
from pykala.records.waiting import FEW, Links, Waiting
from pykala_dsl.typesys import Period

KINDS = ("case", "invoice")
VALUES = st.sampled_from(["A-1", "A-2", "ä", "1", 1, None, Fraction(1, 2), datetime.date(2025, 1, 1), Period(1, 0)])
FIELDS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("case_id", "invoice_id", "client_id", "x y_id", "note"), VALUES)
    | {"days": st.lists(st.fixed_dictionaries({"date": VALUES}), max_size=2)},
)


@dataclass(frozen=True)
class Given:
    record: Record
    judged: bool


@st.composite
def givens(draw: st.DrawFn) -> Given:
    kind = draw(st.sampled_from(KINDS))
    own = draw(st.sampled_from(["A-1", "A-2", "A-3"]))
    return Given(Record(kind, own, draw(FIELDS), draw(st.sampled_from(["", "a.json"]))), draw(st.booleans()))


@contextmanager
def taken_in(given: Sequence[Given], most: int, linked: Sequence[str] = KINDS) -> Iterator[Waiting]:
    with pytest.MonkeyPatch.context() as patch, Waiting(linked) as waiting:
        patch.setattr(module, "MOST_RECORDS", most)
        for each in given:
            waiting.add(each.record, judged=each.judged)
        yield waiting


def asked(waiting: Waiting, kind: str, own: Any, links: Links) -> tuple[object, ...]:
    return waiting.count(kind), waiting.judged_count(kind), waiting.agreeing(kind, own, links)


@given(
    st.lists(givens(), max_size=8),
    st.integers(min_value=0, max_value=8),
    st.lists(
        st.tuples(st.sampled_from(KINDS), VALUES, st.lists(st.tuples(st.sampled_from(["case_id", "x y_id"]), VALUES))),
        max_size=3,
    ),
)
def test_what_waits_on_the_disk_is_found_as_in_memory(
    given: list[Given], most: int, questions: list[tuple[str, Any, list[tuple[str, Any]]]]
) -> None:
    with taken_in(given, 1000) as memory, taken_in(given, most) as disk:
        assert list(memory.judged()) == list(disk.judged())
        for kind, own, links in questions:
            told = [(name, value) for name, value in links if value is not None]
            assert asked(memory, kind, own, told) == asked(disk, kind, own, told)
            for number, _ in memory.agreeing(kind, own, told):
                memory.mark(number)
                disk.mark(number)
        assert list(memory.unmarked()) == list(disk.unmarked())


@given(st.lists(givens(), max_size=8), VALUES, st.lists(st.tuples(st.sampled_from(["case_id", "client_id"]), VALUES)))
def test_the_records_that_contradict_no_id_are_found(given: list[Given], own: Any, links: Links) -> None:
    links = [(name, value) for name, value in links if value is not None]
    different: list[Record] = []
    for each in given:
        if each.record.kind == "invoice" and each.record not in different:
            different.append(each.record)
    expected = [
        record
        for record in different
        if own in (None, record.id) and all(record.data.get(name) in (None, value) for name, value in links)
    ]
    with taken_in(given, 0) as waiting:
        assert [record for _, record in waiting.agreeing("invoice", own, links)] == expected[:FEW]
        assert waiting.count("invoice") == len(different)


def test_kinds_that_nobody_asks_for_are_only_judged() -> None:
    given = [Given(Record("case", "A-1", {}), True), Given(Record("invoice", "I-1", {}), False)]
    for most in (0, 1000):
        with taken_in(given, most, linked=()) as waiting:
            assert [record.id for _, record in waiting.judged()] == ["A-1"]
            assert (waiting.count("case"), waiting.agreeing("case", None, [])) == (0, [])
            assert [record.id for record in waiting.unmarked()] == ["A-1"]


@pytest.mark.parametrize("data", [{"days": [{"length": 1}] * 60}, {"note": "x" * 5000}])
def test_large_records_move_to_the_disk_though_they_are_few(
    monkeypatch: pytest.MonkeyPatch, data: dict[str, Any]
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 5000)
    with Waiting(["case"]) as waiting:
        waiting.add(Record("case", "small", {"days": [1] * 20}), judged=True)
        assert isinstance(waiting._store, module._InMemory)
        waiting.add(Record("case", "large", data), judged=True)
        assert isinstance(waiting._store, module._OnDisk)
        assert [record.id for _, record in waiting.judged()] == ["small", "large"]
