"""What an unknown verdict hangs on (c9): found by trying values for what is not known.

A cause that settles the verdict by itself, with some value, stands `alone`; one that settles it only together
with others is listed too; one that changes nothing is not. The number of tries is bounded; what could not
be tried out is listed rather than lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from pykala.evaluate.facts import Guess, Notes, candidates
from pykala.evaluate.outcomes import Causes
from pykala.evaluate.result import Cause, Undecided
from pykala.evaluate.values import Element, Thing
from pykala.policy.model import Reading, Verdict
from pykala_dsl.typesys import RecordType

Assumed: TypeAlias = Mapping[Cause, Thing | Guess]
Judge: TypeAlias = Callable[[Assumed], tuple[Verdict, Causes]]
MOST_TRIES = 160
RECORD_GUESSES = 4


class _Exhausted(Exception):  # noqa: N818  (it ends a search, nothing went wrong)
    """The tries are used up."""


def list_undecided(
    causes: Causes, judge: Judge, tries: Mapping[Cause, Sequence[Thing | Guess]]
) -> tuple[Undecided, ...]:
    """Return the causes that matter, those that could decide by themselves marked as such."""
    search = _Search(sorted(causes), judge, tries)
    if len(causes) <= 1:
        # The only cause decides, unless each of its values brings up another one.
        return tuple(Undecided(c.kind, c.name, c not in tries or search.decides(c, {})) for c in search.causes)
    alone = [cause for cause in search.causes if search.decides(cause, {})]
    needed = [cause for cause in search.causes if cause not in alone and search.matters(cause)]
    listed = sorted({*alone, *needed} or causes)
    found = [Undecided(cause.kind, cause.name, cause in alone) for cause in listed]
    return tuple(item for item in found if not any(_inside(item, other) for other in found))


def values_to_try(
    causes: Causes, notes: Notes, readings: Mapping[str, Reading], judge_date: Thing
) -> dict[Cause, Sequence[Thing | Guess]]:
    """Return for each cause the values to try; none where nothing can be tried (a value that does not exist)."""
    import datetime

    as_of = judge_date if isinstance(judge_date, datetime.date) else datetime.date.min
    found: dict[Cause, Sequence[Thing | Guess]] = {}
    for cause in causes:
        kind = notes.types.get(cause)
        if cause.kind == "reading":
            found[cause] = tuple(readings[cause.name].options)
        elif cause.kind == "record":
            found[cause] = [Guess(number) for number in range(RECORD_GUESSES)]
        elif isinstance(kind, RecordType):
            tried = candidates(kind, (), as_of)
            found[cause] = [Element("", cause.name, {}) if isinstance(value, Element) else value for value in tried]
        elif kind is not None:
            found[cause] = candidates(kind, notes.seen.get(cause, ()), as_of)
    return found


class _Search:
    def __init__(self, causes: list[Cause], judge: Judge, tries: Mapping[Cause, Sequence[Thing | Guess]]) -> None:
        self.causes = causes
        self._judge = judge
        self._tries = tries
        self._left = MOST_TRIES

    def decides(self, cause: Cause, given: Assumed) -> bool:
        """Return whether some value of the cause makes the verdict firm, beside what is given."""
        try:
            return any(self._verdict(cause, value, given)[0] != "unknown" for value in self._tries.get(cause, ()))
        except _Exhausted:
            return False

    def matters(self, cause: Cause) -> bool:
        """Return whether the cause decides once others are given that alone leave the verdict unknown."""
        try:
            return any(self._completes(cause, turned) for turned in (False, True))
        except _Exhausted:
            return True

    def _completes(self, cause: Cause, turned: bool) -> bool:
        """Give the others one by one, each a value that leaves the verdict open and the cause in play."""
        given: dict[Cause, Thing | Guess] = {}
        for other in self.causes:
            if other == cause:
                continue
            found = False
            values = self._tries.get(other, ())
            for value in reversed(values) if turned else values:
                verdict, left = self._verdict(other, value, given)
                if verdict == "unknown" and cause in left and other not in left:
                    given[other] = value
                    found = True
                    if not self._tries.get(cause):
                        break
                    if any(self._verdict(cause, own, given)[0] != "unknown" for own in self._tries[cause]):
                        return True
                    break
            if not found and values and not self._still_unknown(cause, given):
                return False
        return not self._tries.get(cause)

    def _still_unknown(self, cause: Cause, given: Assumed) -> bool:
        verdict, left = self._count(given)
        return verdict == "unknown" and cause in left

    def _verdict(self, cause: Cause, value: Thing | Guess, given: Assumed) -> tuple[Verdict, Causes]:
        assumed = {**given, cause: value}
        for whole in self.causes:
            if whole not in assumed and _inside(cause, whole):
                assumed[whole] = Element("", whole.name, {})
        return self._count(assumed)

    def _count(self, assumed: Assumed) -> tuple[Verdict, Causes]:
        if self._left == 0:
            raise _Exhausted
        self._left -= 1
        return self._judge(assumed)


def _inside(part: Cause | Undecided, whole: Cause | Undecided) -> bool:
    """Return whether one fact is a part of another: `sickness.phase` of `sickness`."""
    return {part.kind, whole.kind} <= {"fact", "judgement"} and part.name.startswith(
        (f"{whole.name}.", f"{whole.name}[")
    )
