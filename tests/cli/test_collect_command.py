"""`pykala collect` as a user calls it: from invoices, cases and decisions to records, and from these to verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from command_line import Done, Run
from data.collect.make_sample import (
    contract,
    invoice,
    laku_case,
    laku_decisions,
    provider,
    settlement_forms,
    therapies,
    therapy_case,
)

SAMPLE = "tests/data/collect"
AS_OF = ("--as-of", "2020-06-30")
LATER = ("--as-of", "2024-01-31")

Data = dict[str, Any]


def lines(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    """Write records one on a line and return the file."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


class Desk:
    """Files in, collected records and the verdicts of the shipped policies on them out."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run = run
        self.folder = folder
        self.done: Done | None = None

    def collect(self, kind: str, records: Iterable[Mapping[str, Any]], *options: str) -> dict[str, Data]:
        """Return the collected records by their id."""
        source = lines(self.folder / "input.jsonl", records)
        self.done = self.run("collect", kind, source, *(options if "--as-of" in options else (*AS_OF, *options)))
        return {record["id"]: record for record in json.loads(self.done.out)}

    def verdicts(self, records: Mapping[str, Data], *options: str) -> dict[tuple[str, str], Data]:
        """Return the result of each rule on each record, by the record's id and the rule."""
        path = lines(self.folder / "collected.jsonl", records.values())
        providers = sorted({record["provider_id"] for record in records.values() if "provider_id" in record})
        beside = lines(self.folder / "contracts.jsonl", map(contract, providers))
        options = (*(options or AS_OF), *(("--with", str(beside)) if providers else ()))
        body = json.loads(self.run("check", path, *options, "--format", "json").out)
        assert [] == body["errors"]
        return {(result["record_id"], result["rule"]): result for result in body["results"]}


@pytest.fixture
def desk(run: Run, tmp_path: Path) -> Desk:
    """Return a desk that works in a folder of its own."""
    return Desk(run, tmp_path)


# ---------------------------------------------------------------------- three wrong forms within a rolling year


def test_three_wrong_forms_within_a_rolling_year_are_repeated_wrong_billing(desk: Desk) -> None:
    collected = desk.collect("billing_year", settlement_forms())
    results = desk.verdicts(collected)
    # P-1: 2019-03-15, 2019-09-02 and 2020-03-15, the same day a year later. P-2: two forms, one of them sent twice.
    assert ("fail", "pass") == tuple(results[name, "billing-repeated"]["verdict"] for name in ("P-1", "P-2"))
    assert "3" == str(results["P-1", "billing-repeated"]["values"]["wrong"])


def test_a_day_later_is_outside_of_the_rolling_year(desk: Desk) -> None:
    forms = [
        form if form["id"] != "L-4" else invoice(4, "P-1", "2020-03-16", "900.00 EUR") for form in settlement_forms()
    ]
    results = desk.verdicts(desk.collect("billing_year", forms))
    assert "pass" == results["P-1", "billing-repeated"]["verdict"]


def test_a_calendar_year_takes_in_the_rolling_years_that_end_in_it(desk: Desk) -> None:
    forms = [*settlement_forms(), invoice(8, "P-1", "2018-12-31", "70.00 EUR")]
    collected = desk.collect("billing_year", forms, "--year", "2020")
    assert ["T-1", "T-2", "T-3", "T-4"] == [form["form_id"] for form in collected["P-1-2020"]["settlement_forms"]]
    assert "fail" == desk.verdicts(collected)["P-1-2020", "billing-repeated"]["verdict"]


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        # Two surely wrong, and one that may be its own.
        ({"provider_id": None}, "unknown"),
        ({"sent_on": None}, "unknown"),
        # A form that is surely in order changes nothing, whatever its day.
        ({"sent_on": None, "lines": []}, "pass"),
    ],
)
def test_a_form_that_does_not_say_where_it_belongs_leaves_open_what_it_could_change(
    desk: Desk, change: Data, verdict: str
) -> None:
    forms = [form for form in settlement_forms() if form["provider_id"] == "P-2"]
    stray = {**invoice(8, "P-2", "2019-07-01", "5.00 EUR"), **change}
    stray = {name: value for name, value in stray.items() if value is not None}
    results = desk.verdicts(desk.collect("billing_year", [*forms, stray]))
    assert verdict == results["P-2", "billing-repeated"]["verdict"]


def test_a_form_in_doubt_is_named_and_makes_the_exit_code_one(desk: Desk) -> None:
    stray = invoice(8, None, "2019-07-01", "5.00 EUR")
    collected = desk.collect("billing_year", [*settlement_forms(), stray], "--lang", "en")
    assert desk.done is not None
    assert 1 == desk.done.code
    assert "input.jsonl:8 (L-8): provider_id" in desk.done.err
    assert [{}, {}] == [collected[name]["settlement_forms"][-1] for name in ("P-1", "P-2")]


def test_a_wrong_form_whose_amounts_are_not_recorded_is_not_taken_for_right(desk: Desk) -> None:
    forms = [form for form in settlement_forms() if form["provider_id"] == "P-2"]
    unclear = invoice(8, "P-2", "2019-07-01", "5.00 EUR")
    del unclear["lines"][0]["undue_amount"]
    results = desk.verdicts(desk.collect("billing_year", [*forms, unclear]))
    assert "unknown" == results["P-2", "billing-repeated"]["verdict"]


# ---------------------------------------------------------------------- more than 1,000 euros, and the hearing


HEARD = {
    "record": "breach",
    "id": "R-1",
    "provider_id": "P-1",
    "found_on": "2020-04-01",
    "is_repeated": False,
    "remark": {"given_on": "2020-04-02", "written": True},
    "hearing": {"letter_sent_on": "2020-04-03", "deadline_on": "2020-04-30"},
    "sanction": {"considered": True, "decided_on": "2020-05-04"},
}


@pytest.mark.parametrize(
    ("amounts", "considerable", "conditions"),
    [
        (("1000.00 EUR",), "pass", "pass"),
        (("1000.01 EUR",), "fail", "fail"),
        # 0.1 and 0.2 are not what they seem in binary: the sum is exact.
        (("999.70 EUR", "0.10 EUR", "0.20 EUR"), "pass", "pass"),
        # Over the limit only when added up: whether that counts is an open question.
        (("600.00 EUR", "600.00 EUR"), "unknown", "unknown"),
    ],
)
def test_the_undue_amount_of_the_forms_is_summed_exactly_and_compared(
    desk: Desk, amounts: tuple[str, ...], considerable: str, conditions: str
) -> None:
    forms = [invoice(number, "P-1", "2020-02-03", amount) for number, amount in enumerate(amounts)]
    results = desk.verdicts(desk.collect("breach", [*forms, HEARD]))
    assert considerable == results["R-1", "billing-considerable"]["verdict"]
    assert conditions == results["R-1", "billing-penalty-conditions"]["verdict"]


def test_what_people_know_completes_the_collected_breach(desk: Desk) -> None:
    forms = [invoice(1, "P-1", "2020-02-03", "700.10 EUR"), invoice(2, "P-1", "2020-02-04", "300.20 EUR")]
    collected = desk.collect("breach", [*forms, HEARD])
    expected = {
        **HEARD,
        "contract_id": "S-P-1",
        "kind": "billing",
        "undue_amount": "1000.30 EUR",
        "wrongly_billed_amount": "1000.30 EUR",
    }
    forms_of_it = [
        {"form_id": "T-1", "undue_amount": "700.10 EUR", "wrongly_billed_amount": "700.10 EUR"},
        {"form_id": "T-2", "undue_amount": "300.20 EUR", "wrongly_billed_amount": "300.20 EUR"},
    ]
    assert {"R-1": expected | {"collected_on": "2020-06-30", "forms": forms_of_it}} == collected


@pytest.mark.parametrize(
    ("hearing", "verdict"),
    [
        (None, "pending"),
        ({}, "pending"),
        ({"letter_sent_on": "2020-06-01", "deadline_on": "2020-06-30"}, "pending"),
        ({"letter_sent_on": "2020-06-01", "deadline_on": "2020-06-29"}, "fail"),
        # A letter dated after the day of the check has not been sent.
        ({"letter_sent_on": "2020-07-01", "deadline_on": "2020-06-29"}, "pending"),
        ({"letter_sent_on": "2020-06-01"}, "unknown"),
    ],
)
def test_a_penalty_is_no_verdict_before_the_hearing(desk: Desk, hearing: Data | None, verdict: str) -> None:
    breach: Data = {"record": "breach", "id": "R-1", "provider_id": "P-1", "is_repeated": True}
    breach |= {"sanction": {"penalty_amount": "5000.00 EUR"}}
    if hearing is not None:
        breach["hearing"] = hearing
    collected = desk.collect("breach", [invoice(1, "P-1", "2020-02-03", "1500.00 EUR"), breach])
    results = desk.verdicts(collected)
    assert verdict == results["R-1", "billing-penalty-conditions"]["verdict"]
    assert verdict == results["R-1", "billing-penalty-amount"]["verdict"]


def test_the_amounts_of_a_sanction_are_exact_and_say_what_they_rest_on(desk: Desk) -> None:
    forms = [invoice(number, "P-1", "2020-02-03", "400.10 EUR") for number in range(3)]
    breach = {**HEARD, "is_repeated": True, "sanction": {"decided_on": "2020-05-04", "penalty_amount": "1200.31 EUR"}}
    result = desk.verdicts(desk.collect("breach", [*forms, breach]))["R-1", "billing-penalty-amount"]
    assert "fail" == result["verdict"]
    assert {"recovery": "1200.30 EUR", "highest": "1200.30 EUR", "total": "2400.60 EUR"} == result["values"]
    assert "1200.30 EUR" in json.dumps(result["because"])


def test_without_a_person_who_hears_no_collected_breach_fails_a_penalty(desk: Desk) -> None:
    results = desk.verdicts(
        desk.collect("breach", [*settlement_forms(), invoice(9, "P-3", "2020-02-03", "5000.00 EUR")])
    )
    penalties = {key: each["verdict"] for key, each in results.items() if key[1].startswith("billing-penalty")}
    assert {"pending", "not_applicable"} == set(penalties.values())
    assert "fail" == results["P-3", "billing-considerable"]["verdict"]


# ---------------------------------------------------------------------- 0.5 % of the turnover


PEOPLE = {
    "record": "contract_year",
    "id": "S-2-2019",
    "provider_id": "P-2",
    "ends_on": "2019-12-31",
    "refused_clients": 1,
    "shortfall_cause": "provider",
    "hearing": {"letter_sent_on": "2020-03-02", "deadline_on": "2020-03-31"},
    "municipalities": [{"name": "Puhtila", "refused_clients": 1}],
}


def test_clients_and_municipalities_of_a_contract_year_are_counted_by_client(desk: Desk) -> None:
    collected = desk.collect("contract_year", therapies())
    names = ("offered_clients", "realised_clients", "directed_clients", "served_municipalities")
    assert {
        "P-1-2019": (2, 2, 2, ["Aavala", "Puhtila"]),
        "P-2-2019": (3, 2, 3, ["Aavala"]),
    } == {name: tuple(record[field] for field in names) for name, record in collected.items()}
    assert [
        {"name": "Aavala", "directed_clients": 2, "realised_clients": 2},
        {"name": "Puhtila", "directed_clients": 1, "realised_clients": 0},
    ] == collected["P-2-2019"]["municipalities"]


def test_without_a_cause_and_a_hearing_the_penalty_of_a_contract_year_waits(desk: Desk) -> None:
    results = desk.verdicts(desk.collect("contract_year", therapies()))
    assert "unknown" == results["P-2-2019", "min-annual-clients"]["verdict"]
    assert "pending" == results["P-2-2019", "penalty-client-number"]["verdict"]
    assert "pending" == results["P-2-2019", "penalty-municipalities"]["verdict"]
    assert "pass" == results["P-1-2019", "penalty-client-number"]["verdict"]


def test_after_the_hearing_the_penalty_is_half_a_per_cent_of_the_turnover_to_the_cent(desk: Desk) -> None:
    results = desk.verdicts(desk.collect("contract_year", [*therapies(), PEOPLE]))
    for rule in ("penalty-client-number", "penalty-municipalities"):
        assert "fail" == results["S-2-2019", rule]["verdict"]
        # 412,345.67 euros; 0.5 % is 2,061.72835.
        assert "2061.73 EUR" == results["S-2-2019", rule]["values"]["penalty_up_to"]


def test_on_the_last_day_of_the_hearing_the_penalty_waits(desk: Desk) -> None:
    collected = desk.collect("contract_year", [*therapies(), PEOPLE])
    results = desk.verdicts(collected, "--as-of", "2020-03-31")
    assert "pending" == results["S-2-2019", "penalty-client-number"]["verdict"]


@pytest.mark.parametrize(
    ("case", "counted"),
    [
        # A visit of a client who is counted anyway changes nothing, dated or not.
        (therapy_case(9, "K-3", "P-2", "Aavala"), True),
        ({**therapy_case(9, "K-3", "P-2", "Aavala"), "visits": [{}]}, True),
        ({**therapy_case(9, "K-9", "P-2", "Aavala"), "visits": [{}]}, False),
        ({**therapy_case(9, "K-9", "P-2", "Aavala"), "client": {}, "visits": [{"date": "2019-02-01"}]}, False),
        # No list of visits is given: there may have been some.
        ({name: v for name, v in therapy_case(9, "K-9", "P-2", "Aavala").items() if name != "visits"}, False),
        ({name: v for name, v in therapy_case(9, "K-3", "P-2", "Aavala").items() if name != "visits"}, True),
    ],
)
def test_a_count_is_given_only_where_no_doubt_could_change_it(desk: Desk, case: Data, counted: bool) -> None:
    collected = desk.collect("contract_year", [*therapies(), case])
    assert counted == ("realised_clients" in collected["P-2-2019"])


def test_without_the_cases_nothing_is_counted_as_none(desk: Desk) -> None:
    collected = desk.collect("contract_year", [provider("P-1", 2, ("Aavala",))], "--year", "2019", "--lang", "en")
    assert desk.done is not None
    assert "Not among the records: case." in desk.done.err
    assert {"offered_clients", "realised_clients"} & set(collected["P-1-2019"]) == {"offered_clients"}


# ---------------------------------------------------------------------- 1,200 new clients


@pytest.mark.parametrize(("clients", "verdict"), [(1200, "pass"), (1201, "fail")])
def test_the_quota_counts_each_new_client_of_the_year_once(desk: Desk, clients: int, verdict: str) -> None:
    options = ("--by", "laku", "--year", "2023", *LATER)
    collected = desk.collect("quota_year", laku_decisions(clients), *options)
    assert {"laku-2023": clients} == {name: record["new_clients_used"] for name, record in collected.items()}
    results = desk.verdicts(collected, *LATER)
    assert verdict == results["laku-2023", "laku-quota"]["verdict"]


@pytest.mark.parametrize("stray", [{"decision": {}}, {"client": {}}, {"service": None}])
def test_a_decision_in_doubt_leaves_the_quota_open(desk: Desk, stray: Data) -> None:
    case = {**laku_case(5, "K-5", "2023-05-02"), **stray}
    case = {name: value for name, value in case.items() if value is not None}
    records = [*laku_decisions(3), {**case, "id": "B-5x", "client": case["client"] and {"id": "K-55"}}]
    collected = desk.collect("quota_year", records, "--by", "laku", "--year", "2023", *LATER)
    assert "new_clients_used" not in collected["laku-2023"]
    assert "unknown" == desk.verdicts(collected, *LATER)["laku-2023", "laku-quota"]["verdict"]


def test_statistics_count_a_client_once_in_all_and_once_in_each_form(desk: Desk) -> None:
    cases = [
        laku_case(1, "K-1", "2024-02-01"),
        laku_case(2, "K-2", "2024-02-01"),
        therapy_case(3, "K-1", "P-1", "Aavala", "2024-03-04", "2024-03-11"),
    ]
    collected = desk.collect("quota_year", cases, "--by", "statistics", "--as-of", "2025-01-31")
    forms = [{"form": "discretionary", "clients": 2}, {"form": "intensive_medical", "clients": 1}]
    expected = {"record": "quota_year", "id": "statistics-2024", "year": 2024, "clients_total": 2, "forms": forms}
    assert {"statistics-2024": expected | {"collected_on": "2025-01-31"}} == collected
    results = desk.verdicts(collected, "--as-of", "2025-01-31")
    assert "pass" == results["statistics-2024", "total-between-largest-and-sum"]["verdict"]


# ---------------------------------------------------------------------- the call


def test_the_sample_folder_gives_each_kind_that_is_collected(run: Run) -> None:
    found = {}
    for kind in ("billing_year", "breach", "contract_year", "provider", "quota_year"):
        done = run("collect", kind, SAMPLE, *LATER)
        found[kind] = ([record["id"] for record in json.loads(done.out)], done.code)
    assert {
        "billing_year": (["P-1", "P-2"], 0),
        "breach": (["P-1", "P-2"], 0),
        "contract_year": (["P-1-2019", "P-2-2019"], 0),
        "provider": (["P-1", "P-2"], 0),
        "quota_year": (["laku-2022", "laku-2023", "statistics-2019", "statistics-2022", "statistics-2023"], 0),
    } == found


def test_a_provider_is_completed_by_its_decisions_in_force(run: Run) -> None:
    done = run("collect", "provider", SAMPLE, "--as-of", "2019-06-30")
    records = {record["id"]: record for record in json.loads(done.out)}
    assert {"P-1": 2, "P-2": 4} == {name: record["client_decisions"] for name, record in records.items()}
    assert {"P-1": 2, "P-2": 3} == {name: record["offered_annual_clients"] for name, record in records.items()}


@pytest.mark.parametrize("ending", ["json", "jsonl", "ndjson", "yaml", "yml"])
def test_a_file_is_written_by_its_ending_and_can_be_checked(run: Run, tmp_path: Path, ending: str) -> None:
    output = tmp_path / f"collected.{ending}"
    assert 0 == run("collect", "quota_year", f"{SAMPLE}/laku.jsonl", "--by", "laku", *LATER, "-o", output).code
    results = json.loads(run("check", output, *LATER, "--format", "json").out)["results"]
    assert {"laku-2022": "not_applicable", "laku-2023": "pass"} == {
        result["record_id"]: result["verdict"] for result in results if result["rule"] == "laku-quota"
    }


def test_what_a_call_wrote_is_not_read_by_the_next_call_that_writes_it(run: Run, tmp_path: Path) -> None:
    lines(tmp_path / "forms.jsonl", settlement_forms())
    output = tmp_path / "collected.json"
    first = run("collect", "billing_year", tmp_path, *AS_OF, "-o", output)
    text = output.read_text(encoding="utf-8")
    second = run("collect", "billing_year", tmp_path, *AS_OF, "-o", output)
    assert (0, 0, text) == (first.code, second.code, output.read_text(encoding="utf-8"))


def test_a_broken_record_is_named_and_the_others_are_still_collected(run: Run, tmp_path: Path) -> None:
    broken = {**invoice(8, "P-1", "2019-07-01", "5.00 EUR"), "sent_on": "1.7.2019"}
    path = lines(tmp_path / "input.jsonl", [*settlement_forms(), broken])
    done = run("collect", "billing_year", path, *AS_OF)
    assert 2 == done.code
    assert "error[bad-value]" in done.err
    assert "input.jsonl:8: sent_on: `1.7.2019` is not a date" in done.err
    # It may be a form of either provider: each list has room for it.
    counts = {record["id"]: len(record["settlement_forms"]) for record in json.loads(done.out)}
    assert {"P-1": 5, "P-2": 4} == counts


def test_a_file_that_cannot_be_read_leaves_every_list_open(run: Run, tmp_path: Path) -> None:
    lines(tmp_path / "forms.jsonl", settlement_forms())
    (tmp_path / "more.json").write_text("[{", encoding="utf-8")
    done = run("collect", "billing_year", tmp_path, *AS_OF)
    assert 2 == done.code
    assert [False, False] == ["settlement_forms" in record for record in json.loads(done.out)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("billing-year", SAMPLE), "did you mean billing_year?"),
        (("certificate", SAMPLE), "is not collected from others"),
        (("billing_year", f"{SAMPLE}/laku.jsonl"), "give records of the kinds invoice"),
        (("billing_year", SAMPLE, "--year", "19"), "write a calendar year, such as 2025"),
        (("contract_year", SAMPLE, "--year", "rolling"), "is of one calendar year"),
        (("provider", SAMPLE, "--year", "2019"), "has no year"),
        (("billing_year", SAMPLE, "--by", "client"), "known: provider_id, forms_of_a_provider"),
        (("billing_year", SAMPLE, "-o", "forms.xlsx"), "use one of .json"),
        (("billing_year", "tests/data/no-such-folder"), "no such file"),
    ],
)
def test_a_wrong_call_ends_with_code_two_and_says_what_to_write(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    done = run("collect", *arguments, *AS_OF)
    assert (2, "") == (done.code, done.out)
    assert said in done.err


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fi", "Koottu 2 × laskutusvuosi"),
        ("sv", "Sammanställt 2 × faktureringsår"),
        ("en", "Collected 2 × billing year"),
    ],
)
def test_the_notes_are_in_the_language_of_the_call(run: Run, lang: str, said: str) -> None:
    done = run("collect", "billing_year", f"{SAMPLE}/forms.jsonl", *AS_OF, "--by", "provider", "--lang", lang)
    assert done.err.startswith(said)


def test_what_only_people_know_is_named(run: Run) -> None:
    done = run("collect", "breach", f"{SAMPLE}/forms.jsonl", *AS_OF, "--lang", "en")
    assert "people add them: found_on, is_repeated, remark, hearing, sanction" in done.err


def test_no_private_fact_enters_a_collected_record_or_the_notes(desk: Desk) -> None:
    marked = [
        {**case, "client": {**case["client"], "id": f"010190-9{number:02}X"}, "coach": "Maija Esimerkki"}
        for number, case in enumerate(case for case in therapies() if case["record"] == "case")
    ]
    collected = desk.collect("contract_year", [*therapies()[:2], *marked])
    assert desk.done is not None
    assert 5 == sum(record["realised_clients"] for record in collected.values())
    for secret in ("010190", "Maija"):
        assert secret not in desk.done.out + desk.done.err


def test_a_day_after_the_check_has_not_come(desk: Desk) -> None:
    collected = desk.collect("contract_year", therapies(), "--as-of", "2019-03-04")
    counts = {name: record["realised_clients"] for name, record in collected.items()}
    # On 4 March P-1 has seen both clients, and P-2 none yet.
    assert {"P-1-2019": 2, "P-2-2019": 0} == counts
