"""What a check comes to: counts of records and verdicts, the versions that judged, the records that none did.

It takes in what a check finds, piece by piece, and holds nothing that grows with the number of records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, assert_never

from pykala.evaluate.check import Judgement, RecordVerdicts, Unjudged
from pykala.evaluate.result import Result
from pykala.policy.model import Policy, Verdict
from pykala.records.record import Record, RecordProblem

NAMED = 10
"""So many of the records that no policy judges are named in words."""
TELLING: tuple[Verdict, ...] = ("fail", "pending", "unknown")
"""What a record that is in order has none of."""


class Writer(Protocol):
    """Writes a report piece by piece."""

    def take(self, found: Judgement) -> None:
        """Write what a check finds, or keep what has to wait."""

    def end(self, tally: Tally) -> None:
        """Write what stands at the end."""


@dataclass(slots=True)
class Tally:
    """The counts of a check so far."""

    records: int = 0
    in_order: int = 0
    failing: int = 0
    """In how many records there is a deviation."""
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    deviations: Counter[str] = field(default_factory=Counter)
    """How many deviations there are of each severity."""
    problems: int = 0
    unjudged: int = 0
    first_unjudged: list[Record] = field(default_factory=list)
    policies: dict[str, Policy] = field(default_factory=dict)
    """The versions that judged, by name."""

    def take(self, found: Judgement) -> None:
        """Count what a check finds."""
        match found:
            case RecordVerdicts(_, results):
                self.take_results(results)
            case RecordProblem():
                self.problems += 1
            case Unjudged(record):
                self.unjudged += 1
                if self.unjudged <= NAMED:
                    self.first_unjudged.append(record)
            case _:
                assert_never(found)

    def take_results(self, results: Sequence[Result]) -> None:
        """Count the verdicts on one record."""
        verdicts = Counter(result.verdict for result in results)
        self.verdicts += verdicts
        self.records += 1
        self.in_order += not any(verdicts[verdict] for verdict in TELLING)
        self.failing += "fail" in verdicts
        for result in results:
            self.policies.setdefault(result.policy.name, result.policy)
            if result.verdict == "fail":
                self.deviations[result.rule.severity.heaviest] += 1


def by_record(results: Iterable[Result]) -> dict[tuple[str, str], list[Result]]:
    """Return the results of each record, in the order the records came."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.record, result.record_id), []).append(result)
    return groups
