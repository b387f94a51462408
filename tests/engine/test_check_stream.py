"""Records are judged one after another, as many as there are, and what is found is what a report of all holds."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pykala
from policy_repository import CASE, CERTIFICATE, REGISTER, SMALL
from pykala.evaluate.check import RecordVerdicts, Unjudged, check_records, check_stream
from pykala.evaluate.rules import evaluate_rule
from pykala.policy.loader import PolicySet, load_policies
from pykala.records import waiting
from pykala.records.readers import read_records
from pykala.records.record import Found, Record, RecordProblem
from pykala.records.scratch import SortedRows

ROOT = Path(__file__).parents[2]
AS_OF = datetime.date(2025, 10, 31)
NOTE = "{type: string, label: {fi: Huomautus, sv: Anmärkning, en: Note}}"


@pytest.fixture(scope="module", name="shipped")
def _shipped() -> PolicySet:
    return load_policies(ROOT / "policies")


@pytest.fixture(scope="module", name="samples")
def _samples(shipped: PolicySet) -> list[Record]:
    return read_records([ROOT / "tests/data/cases", ROOT / "tests/data/documents"], shipped.vocabulary)[0]


@pytest.fixture(name="small")
def _small(tmp_path: Path) -> PolicySet:
    for name, text in {
        "records/case.yaml": CASE.replace("  days:\n", f"  note: {NOTE}\n  days:\n", 1),
        "records/certificate.yaml": CERTIFICATE,
        "sources/slides-2025.yaml": REGISTER,
        "small/1.yaml": SMALL,
    }.items():
        (tmp_path / "policies" / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / "policies" / name).write_text(text, encoding="utf-8")
    return load_policies(tmp_path / "policies", cache=False)


def case(own: str, service: str = "work_trial") -> Record:
    return Record("case", own, {"record": "case", "id": own, "service": service}, f"{own}.json")


def test_what_a_stream_finds_comes_in_order(small: PolicySet) -> None:
    problem = RecordProblem("b.json", "not-json", "", "not JSON")
    certificate = Record("certificate", "C-1", {"record": "certificate", "id": "C-1"})
    records: list[Found] = [case("A-1"), problem, case("A-2", "other"), case("A-3")]
    told: list[tuple[int, int]] = []
    found = list(
        check_stream(small, records, AS_OF, others=[certificate], progress=lambda done, of: told.append((done, of)))
    )
    names = [each if isinstance(each, RecordProblem) else (type(each), each.record.id) for each in found]
    assert names == [problem, (RecordVerdicts, "A-1"), (RecordVerdicts, "A-3"), (Unjudged, "A-2")]
    assert told == [(0, 3), (1, 3), (2, 3)]


def test_verdicts_come_before_later_records_are_judged(small: PolicySet) -> None:
    told: list[int] = []
    stream = check_stream(small, [case("A-1"), case("A-2")], AS_OF, progress=lambda done, _: told.append(done))
    assert isinstance(next(stream), RecordVerdicts)
    assert told == [0]


def test_records_are_taken_one_by_one(small: PolicySet) -> None:
    """A problem is told at once, before what comes after it is read."""

    def records() -> Iterator[Found]:
        yield RecordProblem("a.json", "not-json", "", "not JSON")
        raise AssertionError("read on before the problem was told")

    assert isinstance(next(check_stream(small, records(), AS_OF)), RecordProblem)


def test_many_records_on_the_disk_are_judged_as_few_in_memory(
    shipped: PolicySet, samples: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [record for record in samples if record.kind != "case"] + samples[:2]
    few = check_records(shipped, chosen, AS_OF, reasons=False)
    monkeypatch.setattr(waiting, "MOST_RECORDS", 5)
    many = check_records(shipped, chosen, AS_OF, reasons=False)
    assert few == many
    assert (len(few.results) > 100, len(few.problems) > 3) == (True, True)


def test_the_rules_of_a_policy_together_judge_as_each_alone(shipped: PolicySet, samples: list[Record]) -> None:
    """What the rules share on a record is evaluated once, and changes nothing: every sample, by what judges it."""
    judged = 0
    for record in samples:
        together = check_records(shipped, [record], AS_OF, reasons=False).results
        for policy in {id(result.policy): result.policy for result in together}.values():
            alone = [
                result
                for rule in policy.rules
                for result in evaluate_rule(rule, policy, {record.kind: record}, AS_OF, reasons=False)
            ]
            assert [result for result in together if result.policy is policy] == alone
            judged += len(alone)
    assert judged > 1000


def test_reasons_of_what_has_something_to_tell_are_the_same(shipped: PolicySet, samples: list[Record]) -> None:
    every = [found for found in check_stream(shipped, samples[:4], AS_OF) if isinstance(found, RecordVerdicts)]
    telling = check_stream(shipped, samples[:4], AS_OF, reasons="telling")
    told = 0
    for one, other in zip(every, (each for each in telling if isinstance(each, RecordVerdicts)), strict=True):
        for complete, result in zip(one.results, other.results, strict=True):
            assert result.reason == (complete.reason if result.tells else None)
            told += result.reason is not None
    assert told > 0


def test_the_front_door_streams(small: PolicySet, tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text(
        '{"record": "case", "id": "A-1", "service": "work_trial"}\n{"record"\n', encoding="utf-8"
    )
    (tmp_path / "out.json").write_text("{", encoding="utf-8")
    read: list[int] = []
    found = list(
        pykala.check_stream(
            small, [tmp_path / "cases.jsonl"], as_of=AS_OF, read=read.append, apart_from=[tmp_path / "out.json"]
        )
    )
    assert [type(each) for each in found] == [RecordProblem, RecordVerdicts]
    assert sum(read) == (tmp_path / "cases.jsonl").stat().st_size
    with pytest.raises(ValueError, match="there is no policy 'smal'"):
        pykala.check_stream(small, [], as_of=AS_OF, policy="smal")


def test_rows_are_sorted_on_the_disk_as_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [f"{number * 7 % 10}" for number in range(40)]
    expected = sorted(range(40), key=lambda number: keys[number])
    for most in (1000, 7):
        monkeypatch.setattr("pykala.records.scratch.MOST_ROWS", most)
        rows: SortedRows[int] = SortedRows()
        for number, key in enumerate(keys):
            rows.add(key, number)
        assert (list(rows), len(rows)) == (expected, 40)
        assert list(rows) == expected


MEASURED = """
import datetime, resource, sys
from pathlib import Path
import pykala
from pykala.policy.loader import load_policies
policies = load_policies(Path(sys.argv[1]), cache=False)
count = 0
for found in pykala.check_stream(policies, [sys.argv[2]], as_of=datetime.date(2025, 10, 31), reasons=False):
    count += 1
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1))
"""


def test_memory_does_not_grow_with_the_number_of_records(small: PolicySet, tmp_path: Path) -> None:
    """Six times as many records, 60 MB more of them, need no more memory."""
    assert small.policies
    line = '{{"record": "case", "id": "A-{}", "service": "work_trial", "note": "{}"}}\n'
    peaks = []
    for count in (100, 600):
        path = tmp_path / f"{count}.jsonl"
        with path.open("w", encoding="utf-8") as out:
            out.writelines(line.format(number, f"{number:010}" * 12_000) for number in range(count))
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, str(tmp_path / "policies"), str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
        found, peak = map(int, done.stdout.split())
        assert found == count
        peaks.append(peak)
    assert peaks[1] - peaks[0] < 40_000, f"{peaks} KiB"
