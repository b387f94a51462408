"""What is collected from records that leave facts out holds however the facts turn out; order changes nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pykala.records.build import build_record
from pykala.records.collect import collect_records
from pykala.records.record import Record
from pykala.records.vocabulary import Vocabulary, load_vocabulary
from tries import tries

TODAY = datetime.date(2025, 12, 31)
Data = dict[str, Any]

BILL = """\
record: bill
label: {fi: Lasku, sv: Räkning, en: Bill}
type: object
required: [record, id]
properties:
  record: {const: bill}
  id: {type: string, label: {fi: Tunnus, sv: Id, en: Id}}
  payer: {type: string, label: {fi: Maksaja, sv: Betalare, en: Payer}}
  person: {type: string, private: true, label: {fi: Henkilö, sv: Person, en: Person}}
  amount: {type: string, format: money, label: {fi: Summa, sv: Summa, en: Amount}}
  is_paid: {type: boolean, label: {fi: Maksettu, sv: Betald, en: Paid}}
  paid_on: {type: string, format: date, label: {fi: Päivä, sv: Dag, en: Day}}
"""
TOTAL = """\
record: total
label: {fi: Yhteensä, sv: Totalt, en: Total}
type: object
required: [record, id]
collect:
  of_a_payer:
    by: payer
    period: year
    from:
      bills: {record: bill, where: is_paid, dated: paid_on}
    fields:
      year: year
      persons: {of: bills, count: person}
      amount: {of: bills, sum: amount}
      first_on: {of: bills, earliest: paid_on}
      payers: {of: bills, values: payer}
      bills:
        of: bills
        each: {amount: amount, paid_on: paid_on}
properties:
  record: {const: total}
  id: {type: string, label: {fi: Tunnus, sv: Id, en: Id}}
  payer: {type: string, label: {fi: Maksaja, sv: Betalare, en: Payer}}
  year: {type: integer, label: {fi: Vuosi, sv: År, en: Year}}
  persons: {type: integer, label: {fi: Henkilöitä, sv: Personer, en: Persons}}
  amount: {type: string, format: money, label: {fi: Summa, sv: Summa, en: Amount}}
  first_on: {type: string, format: date, label: {fi: Ensin, sv: Först, en: First}}
  payers:
    type: array
    label: {fi: Maksajat, sv: Betalare, en: Payers}
    items: {type: string, label: {fi: Maksaja, sv: Betalare, en: Payer}}
  bills:
    type: array
    label: {fi: Laskut, sv: Räkningar, en: Bills}
    items:
      type: object
      label: {fi: Lasku, sv: Räkning, en: Bill}
      properties:
        amount: {type: string, format: money, label: {fi: Summa, sv: Summa, en: Amount}}
        paid_on: {type: string, format: date, label: {fi: Päivä, sv: Dag, en: Day}}
"""
POSSIBLE: dict[str, tuple[Any, ...]] = {
    "payer": ("P-1", "P-2"),
    "person": ("a", "b"),
    "amount": ("0.10 EUR", "0.20 EUR"),
    "is_paid": (True, False),
    "paid_on": ("2024-05-01", "2025-05-01"),
}
SCALARS = ("persons", "amount", "first_on", "payers")


@cache
def vocabulary() -> Vocabulary:
    """Return a vocabulary of bills and their totals."""
    with TemporaryDirectory() as folder:
        for name, text in (("bill", BILL), ("total", TOTAL)):
            (Path(folder) / f"{name}.yaml").write_text(text, encoding="utf-8")
        return load_vocabulary(Path(folder))


def collected(bills: Sequence[Data]) -> tuple[dict[str, Data], bool]:
    """Return the totals of bills by their id, and whether a bill was said not to tell where it belongs."""
    records = []
    for number, bill in enumerate(bills):
        record = build_record(vocabulary(), "bill", {"record": "bill", "id": f"L-{number}", **bill}, f"L-{number}")
        assert isinstance(record, Record)
        records.append(record)
    found = collect_records(vocabulary(), "total", records, TODAY)
    assert () == found.problems
    return {record["id"]: record for record in found.records}, bool(found.unplaced)


@st.composite
def bills(draw: st.DrawFn) -> list[Data]:
    """Return bills, of which at most four facts are not given."""
    found = [
        {name: draw(st.sampled_from(values)) for name, values in POSSIBLE.items()}
        for _ in range(draw(st.integers(1, 4)))
    ]
    for _ in range(draw(st.integers(0, 4))):
        found[draw(st.integers(0, len(found) - 1))].pop(draw(st.sampled_from(sorted(POSSIBLE))), None)
    return found


def completions(given_bills: Sequence[Data]) -> Iterator[list[Data]]:
    """Yield every way to fill in what is not given."""
    gaps = [(n, name) for n, bill in enumerate(given_bills) for name in POSSIBLE if name not in bill]
    for values in product(*(POSSIBLE[name] for _, name in gaps)):
        whole = [dict(bill) for bill in given_bills]
        for (number, name), value in zip(gaps, values, strict=True):
            whole[number][name] = value
        yield whole


@given(bills())
@tries(60)
def test_what_is_collected_holds_however_the_missing_facts_turn_out(given_bills: list[Data]) -> None:
    said, doubtful = collected(given_bills)
    for whole in completions(given_bills):
        full, unclear = collected(whole)
        assert not unclear
        # A total that only the completion has hangs on a bill that was named.
        assert doubtful or set(full) <= set(said)
        for name, record in full.items():
            assert set(SCALARS) <= set(record)
            if name not in said:
                continue
            for field in set(SCALARS) & set(said[name]):
                assert record[field] == said[name][field], (name, field)
            sure = [bill for bill in said[name]["bills"] if bill]
            assert len(sure) <= len(record["bills"]) <= len(said[name]["bills"])


@given(bills().flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
@tries(60)
def test_the_order_of_the_records_changes_no_amount(orders: tuple[list[Data], list[Data]]) -> None:
    (one, _), (other, _) = (collected(order) for order in orders)
    assert list(one) == list(other)
    for name, record in one.items():
        for field in ("persons", "amount", "first_on"):
            assert record.get(field) == other[name].get(field)
        assert sorted(map(str, record["bills"])) == sorted(map(str, other[name]["bills"]))
