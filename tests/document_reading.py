"""Reading one document of a test: what its record holds, and what was said of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pykala.records.readers import read_records
from pykala.records.record import RecordProblem
from pykala.records.vocabulary import Vocabulary, load_vocabulary

RECORDS = Path(__file__).parents[1] / "policies" / "records"


@dataclass(frozen=True)
class Reading:
    """`facts` are the record's data without what every one has; None where it is not judged."""

    facts: dict[str, Any] | None
    problems: list[RecordProblem]

    @property
    def codes(self) -> list[str]:
        """Return the codes of the problems."""
        return [problem.code for problem in self.problems]


def shipped() -> Vocabulary:
    """Return the shipped vocabulary with its mappings."""
    return load_vocabulary(RECORDS)


def reading(vocabulary: Vocabulary, path: Path, *, kind: str | None = None, mapping: str | None = None) -> Reading:
    """Return what came of one document; `record`, `id` and what the mapping presumes are left out."""
    records, problems = read_records([path], vocabulary, kind=kind, mapping=mapping)
    if not records:
        return Reading(None, problems)
    left_out = ("record", "id", "replaced_on")
    return Reading({name: value for name, value in records[0].data.items() if name not in left_out}, problems)
