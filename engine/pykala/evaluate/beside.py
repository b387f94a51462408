"""Which records stand beside another when it is judged: those that a policy may read, found by ids that agree."""

from __future__ import annotations

from collections.abc import Sequence

from pykala.policy.model import Policy
from pykala.records.record import Record, RecordProblem
from pykala.records.waiting import Links, Numbered, Waiting


class Beside:
    """What stands beside one record, for one policy after another."""

    def __init__(self, waiting: Waiting, subject: Record) -> None:
        self._waiting, self._subject = waiting, subject
        self._found: dict[str, Numbered | RecordProblem | None] = {}

    def of(self, versions: Sequence[Policy]) -> dict[str, Numbered] | RecordProblem:
        """Return the records that a policy may read beside the subject, by kind, or why they cannot be told."""
        found: dict[str, Numbered] = {}
        wanted = {kind: need for policy in versions for kind, need in policy.with_records.items()}
        for kind, need in wanted.items():
            if kind not in self._found:
                self._found[kind] = self._find(kind)
            other = self._found[kind]
            if isinstance(other, RecordProblem):
                return other
            if other is not None:
                found[kind] = other
            elif need == "required":
                return RecordProblem(
                    origin_of(self._subject),
                    "record-not-given",
                    kind,
                    f"the rules of {versions[-1].id} read a {kind} beside the {self._subject.kind}, and none is given",
                    f"give the {kind} in the same call",
                )
        return found

    def _find(self, kind: str) -> Numbered | RecordProblem | None:
        subject = self._subject
        count = self._waiting.count(kind)
        if not count:
            return None
        named = subject.data.get(f"{kind}_id")
        fitting = self._waiting.agreeing(kind, named, _links(subject))
        if len(fitting) > 1:
            ids = ", ".join(f"`{record.id}`" for _, record in fitting)
            return RecordProblem(
                origin_of(subject),
                "several-records",
                f"{kind}_id",
                f"several records of the kind {kind} could stand beside this one: {ids}",
                f"name the one that is meant in `{kind}_id`, or give only that one",
            )
        if fitting:
            return fitting[0]
        pair = count == 1 and self._waiting.judged_count(subject.kind) == 1
        if named is None and not pair:
            return None
        return RecordProblem(
            origin_of(subject),
            "records-differ",
            f"{kind}_id",
            f"the {kind} that is given belongs to another {subject.kind}, or to another client or provider",
            "give the records of one client; their ids must agree",
        )


def _links(subject: Record) -> Links:
    """Return the ids by which another record would name the subject, or a third that both name."""
    shared = [(name, value) for name, value in subject.data.items() if name.endswith("_id") and value is not None]
    return [(f"{subject.kind}_id", subject.id), *shared]


def origin_of(record: Record) -> str:
    """Return where a record came from, as results and problems name it."""
    return record.origin or record.kind
