"""What collecting does with doubt, with what people wrote, and with kinds that are not there."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from data.collect.make_sample import contract, invoice, laku_case, provider, therapies
from pykala.records.build import build_record
from pykala.records.collect import Collected, collect_records
from pykala.records.collect_cells import UNKNOWN, Cell, result
from pykala.records.collection import HOWS, How
from pykala.records.record import Record, RecordProblem
from pykala.records.vocabulary import Vocabulary, load_vocabulary

TODAY = datetime.date(2020, 6, 30)
Data = dict[str, Any]


@cache
def vocabulary() -> Vocabulary:
    """Return the shipped vocabulary."""
    return load_vocabulary(Path(__file__).parents[2] / "policies" / "records")


def collect(kind: str, *given: Mapping[str, Any] | RecordProblem, **options: Any) -> Collected:
    """Return what records make; what is no record goes through as it is."""
    items: list[Record | RecordProblem] = []
    for number, data in enumerate(given):
        built = (
            data if isinstance(data, RecordProblem) else build_record(vocabulary(), data["record"], data, f"{number}")
        )
        items += [built] if isinstance(built, Record | RecordProblem) else built
    return collect_records(vocabulary(), kind, items, TODAY, **options)


def codes(collected: Collected) -> list[tuple[str, str]]:
    """Return the code and the path of each problem."""
    return [(problem.code, problem.path) for problem in collected.problems]


# ---------------------------------------------------------------------- one field


@pytest.mark.parametrize(
    ("how", "value", "expected"),
    [
        ("count", "K-1", 1),
        ("values", "K-1", ["K-1"]),
        ("value", "K-1", "K-1"),
        ("sum", 3, 3),
        ("earliest", TODAY, TODAY),
        ("latest", TODAY, TODAY),
    ],
)
def test_a_field_is_what_its_one_member_brings(how: How, value: Any, expected: Any) -> None:
    cell = Cell()
    cell.add(how, value)
    assert expected == result(cell, how)


@pytest.mark.parametrize("how", HOWS)
def test_a_field_is_open_where_a_sure_member_does_not_say_its_value(how: How) -> None:
    cell = Cell()
    cell.add(how, 3)
    cell.add(how, UNKNOWN)
    assert UNKNOWN is result(cell, how)


@pytest.mark.parametrize("how", [how for how in HOWS if how != "value"])
def test_a_field_is_open_where_there_may_be_a_member_more(how: How) -> None:
    cell = Cell()
    cell.add(how, 3)
    cell.doubt(4)
    assert UNKNOWN is result(cell, how)


def test_texts_are_counted_as_the_language_compares_them() -> None:
    cell = Cell()
    for name in ("Espoo", " espoo", "ESPOO", "Vantaa"):
        cell.add("count", name)
    assert 2 == result(cell, "count")


def test_values_that_differ_give_no_one_value() -> None:
    cell = Cell()
    cell.add("value", 20)
    cell.add("value", 21)
    assert UNKNOWN is result(cell, "value")


# ---------------------------------------------------------------------- doubt


def test_what_could_not_be_read_is_in_doubt_for_its_own_kind_alone() -> None:
    broken = RecordProblem("x.json", "bad-value", "sent_on", "is no date", kind="invoice")
    counted = collect("contract_year", *therapies(), broken)
    assert all("realised_clients" in record for record in counted.records)
    broken = RecordProblem("x.json", "bad-value", "visits", "is no list", kind="case")
    counted = collect("contract_year", *therapies(), broken)
    assert not any("realised_clients" in record for record in counted.records)


def test_a_list_that_may_be_longer_never_reads_as_none() -> None:
    unread = RecordProblem("x.json", "not-json", "", "is no JSON")
    (record,) = collect("breach", invoice(1, "P-1", "2020-01-15", "70.00 EUR"), unread).records
    assert ["T-1", None] == [form.get("form_id") for form in record["forms"]]
    assert "undue_amount" not in record


def test_a_group_that_only_a_record_in_doubt_would_make_is_an_element_of_which_nothing_is_given() -> None:
    unclear = invoice(2, "P-1", "2020-01-15", "5.00 EUR", service=None)
    (record,) = collect("breach", invoice(1, "P-1", "2020-01-15", "70.00 EUR"), unclear).records
    assert [{"form_id": "T-1", "undue_amount": "70.00 EUR", "wrongly_billed_amount": "70.00 EUR"}, {}] == record[
        "forms"
    ]
    # The same form, perhaps sent again: no form more, but perhaps a larger amount.
    unclear = invoice(2, "P-1", "2020-01-15", "5.00 EUR", service=None, form_id="T-1")
    (record,) = collect("breach", invoice(1, "P-1", "2020-01-15", "70.00 EUR"), unclear).records
    assert [{"form_id": "T-1"}] == record["forms"]


def test_several_mistakes_in_a_record_make_one_record_in_doubt() -> None:
    mistakes = [RecordProblem("x.json", "bad-value", path, "is wrong", kind="invoice") for path in ("sent_on", "lines")]
    (record,) = collect("billing_year", invoice(1, "P-1", "2020-01-15", "0.00 EUR"), *mistakes).records
    assert 1 == record["settlement_forms"].count({})


def test_a_record_that_may_not_be_of_the_service_makes_its_provider_one_in_doubt() -> None:
    (record,) = collect("billing_year", invoice(1, "P-1", "2020-01-15", "5.00 EUR", service=None)).records
    assert ("P-1", [{}]) == (record["provider_id"], record["settlement_forms"])


def test_a_record_of_another_service_is_not_collected_and_not_in_doubt() -> None:
    other = invoice(1, None, "2020-01-15", "5.00 EUR", service="laku")
    collected = collect("billing_year", other)
    assert ((), ()) == (collected.records, collected.unplaced)


def test_an_unplaced_record_says_which_facts_it_lacks() -> None:
    stray = invoice(1, None, "2020-01-15", "5.00 EUR", service=None)
    collected = collect("billing_year", stray, invoice(2, "P-1", "2020-01-15", "5.00 EUR"))
    assert [("L-1", ("provider_id", "service"))] == [(each.id, each.facts) for each in collected.unplaced]


def test_forms_are_collected_by_contract_only_where_that_is_asked_for() -> None:
    forms = [invoice(n, "P-1", "2020-01-15", "5.00 EUR", contract_id=f"S-{n}") for n in (1, 2)]
    by_provider = collect("billing_year", *forms)
    assert [("P-1", None)] == [(each["id"], each.get("contract_id")) for each in by_provider.records]
    by_contract = collect("billing_year", *forms, only=["forms_of_a_contract"])
    assert [("P-1-S-1", "S-1"), ("P-1-S-2", "S-2")] == [
        (each["id"], each["contract_id"]) for each in by_contract.records
    ]


# ---------------------------------------------------------------------- years


def test_what_is_dated_after_the_day_of_collecting_has_not_come() -> None:
    forms = [invoice(1, "P-1", "2020-06-30", "5.00 EUR"), invoice(2, "P-1", "2020-07-01", "5.00 EUR")]
    (record,) = collect("billing_year", *forms).records
    assert ["T-1"] == [form["form_id"] for form in record["settlement_forms"]]
    decisions = [laku_case(1, "K-1", "2020-06-30"), laku_case(2, "K-2", "2020-07-01")]
    (record,) = collect("quota_year", *decisions, only=["laku"]).records
    assert 1 == record["new_clients_used"]


def test_each_calendar_year_with_a_visit_has_its_record() -> None:
    cases = therapies()
    cases[2]["visits"].append({"date": "2020-01-02"})
    names = [record["id"] for record in collect("contract_year", *cases).records]
    assert ["P-1-2019", "P-1-2020", "P-2-2019", "P-2-2020"] == names


def test_a_year_that_was_asked_for_is_collected_for_every_provider() -> None:
    collected = collect("contract_year", *therapies(), year=2020)
    counts = [(record["id"], record["realised_clients"]) for record in collected.records]
    assert [("P-1-2020", 0), ("P-2-2020", 0)] == counts


def test_accounts_that_no_record_gives_are_not_taken_for_none() -> None:
    silent = provider("P-1", 2, ("Aavala",))
    del silent["financial_years"]
    (record,) = collect("contract_year", silent, therapies()[2]).records
    assert "financial_years" not in record
    (record,) = collect("contract_year", {**silent, "financial_years": []}, therapies()[2]).records
    assert [] == record["financial_years"]
    (record,) = collect("contract_year", therapies()[2], provider("P-9", 2, ()), only=None).records[:1]
    assert "financial_years" not in record


def test_the_last_confirmed_accounts_are_those_of_the_day_of_collecting() -> None:
    later = provider("P-1", 2, ("Aavala",))
    later["financial_years"] += [
        {"ended_on": "2019-12-31", "confirmed_on": "2020-06-30", "turnover": "500000.00 EUR"},
        {"ended_on": "2020-12-31", "confirmed_on": "2020-07-01", "turnover": "600000.00 EUR"},
    ]
    (record,) = collect("contract_year", later, therapies()[2]).records
    assert "500000.00 EUR" == record["turnover_last_confirmed"]


def test_services_come_from_all_contracts_of_a_provider_each_once() -> None:
    more = {**contract("P-1"), "id": "S-2", "services": ["therapy", "laku"]}
    (record,) = collect("provider", contract("P-1"), more).records
    assert ["therapy", "laku"] == record["services"]


# ---------------------------------------------------------------------- what people wrote


def test_a_list_is_completed_element_by_element() -> None:
    people = {
        "record": "contract_year",
        "id": "S-2",
        "provider_id": "P-2",
        "ends_on": "2019-12-31",
        "municipalities": [{"name": "Puhtila", "refused_clients": 1}, {"name": "Toivola", "refused_clients": 2}],
    }
    record = next(each for each in collect("contract_year", *therapies(), people).records if each["id"] == "S-2")
    assert [
        {"name": "Aavala", "directed_clients": 2, "realised_clients": 2},
        {"name": "Puhtila", "directed_clients": 1, "realised_clients": 0, "refused_clients": 1},
        {"name": "Toivola", "refused_clients": 2},
    ] == record["municipalities"]


def test_a_fact_that_people_and_records_tell_differently_is_left_open_and_named() -> None:
    people = {"record": "contract_year", "id": "P-2-2019", "realised_clients": 3, "refused_clients": 0}
    collected = collect("contract_year", *therapies(), people)
    record = next(each for each in collected.records if each["id"] == "P-2-2019")
    assert [("facts-differ", "realised_clients")] == codes(collected)
    assert "realised_clients" not in record
    assert 0 == record["refused_clients"]


def test_a_fact_that_people_and_records_tell_alike_is_no_difference() -> None:
    people = {"record": "breach", "id": "R-1", "provider_id": "p-1", "undue_amount": "70 EUR"}
    collected = collect("breach", invoice(1, "P-1", "2020-01-15", "70.00 EUR"), people)
    assert [] == codes(collected)
    assert [("R-1", "70.00 EUR")] == [(record["id"], record["undue_amount"]) for record in collected.records]


def test_a_record_of_people_alone_is_collected_with_counts_of_nothing() -> None:
    people = {"record": "breach", "id": "R-9", "provider_id": "P-9"}
    collected = collect("breach", invoice(1, "P-1", "2020-01-15", "70.00 EUR"), people)
    assert {"P-1": "70.00 EUR", "R-9": "0.00 EUR"} == {each["id"]: each["undue_amount"] for each in collected.records}


def test_a_record_that_completes_nothing_is_handed_on_and_named() -> None:
    people = {"record": "breach", "id": "R-9", "kind": "municipalities", "provider_id": "P-1"}
    collected = collect("breach", invoice(1, "P-1", "2020-01-15", "70.00 EUR"), people)
    assert ("1",) == collected.unmatched
    assert people in collected.records


def test_two_records_cannot_complete_the_same_one() -> None:
    people = [{"record": "breach", "id": f"R-{n}", "provider_id": "P-1"} for n in (1, 2)]
    collected = collect("breach", invoice(1, "P-1", "2020-01-15", "70.00 EUR"), *people)
    assert [("several-records", "id")] == codes(collected)


def test_the_quota_that_people_announce_completes_the_quota_of_its_service_alone() -> None:
    people = {"record": "quota_year", "id": "Q-1", "year": 2020, "quota_service": "laku", "raised_limit": 1300}
    collected = collect("quota_year", laku_case(1, "K-1", "2020-05-04"), people)
    assert [("Q-1", 1, 1300), ("statistics-2020", None, None)] == [
        (each["id"], each.get("new_clients_used"), each.get("raised_limit")) for each in collected.records
    ]


def test_a_record_that_names_no_service_completes_the_statistics_alone() -> None:
    people = {"record": "quota_year", "id": "Q-2", "year": 2020, "clients_total_rounded": 0}
    collected = collect("quota_year", laku_case(1, "K-1", "2020-05-04"), people)
    assert [] == codes(collected)
    assert [("laku-2020", None), ("Q-2", 0)] == [
        (each["id"], each.get("clients_total_rounded")) for each in collected.records
    ]


def test_a_year_that_was_not_asked_for_is_not_collected_for_a_record_of_people() -> None:
    people = {"record": "contract_year", "id": "S-9", "provider_id": "P-9", "ends_on": "2018-12-31"}
    collected = collect("contract_year", *therapies(), people, year=2019)
    assert ["P-1-2019", "P-2-2019", "S-9"] == [each["id"] for each in collected.records]
    assert ("8",) == collected.unmatched
    (alone,) = (each for each in collect("contract_year", *therapies(), people).records if each["id"] == "S-9")
    assert 0 == alone["realised_clients"]


def test_private_fields_of_a_completing_record_stay_behind() -> None:
    people = {
        "record": "provider",
        "id": "P-1",
        "coaches": [{"person": "Maija Esimerkki", "active_from": "2019-01-01"}],
        "insurance": True,
    }
    (record,) = collect("provider", contract("P-1"), people).records
    assert [{"active_from": "2019-01-01"}] == record["coaches"]
    assert "Maija" not in str(record)


def test_a_collected_record_whose_id_would_be_a_personal_code_is_refused() -> None:
    collected = collect("billing_year", invoice(1, "010190-999X", "2020-01-15", "0.00 EUR"))
    assert ((), [("personal-code", "id")]) == (collected.records, codes(collected))
