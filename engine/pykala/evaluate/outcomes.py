"""Outcomes as sets: what a condition or a duty may still turn out to be, and the verdict that follows.

A duty is met, open or broken; a plain condition is met (true) or broken (false). What is not known leaves
several outcomes possible, so that a `Truth` is a set of them, held as three bits.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from pykala.evaluate.result import Cause, OutcomeName
from pykala.policy.model import Verdict

BROKEN, OPEN, MET = 1, 2, 4
Causes: TypeAlias = frozenset[Cause]
NOTHING: Causes = frozenset()

_NAMES: tuple[tuple[int, OutcomeName], ...] = ((MET, "met"), (OPEN, "open"), (BROKEN, "broken"))


@dataclass(frozen=True, slots=True)
class Truth:
    """The outcomes still possible, what they hang on, and the day on which an open duty falls due."""

    mask: int
    causes: Causes = NOTHING
    due: datetime.date | None = None

    @property
    def outcomes(self) -> frozenset[OutcomeName]:
        """Return the names of the outcomes."""
        return frozenset(name for bit, name in _NAMES if self.mask & bit)

    @property
    def sure(self) -> bool:
        """Return whether only one outcome is possible."""
        return self.mask in (BROKEN, OPEN, MET)


TRUE = Truth(MET)
FALSE = Truth(BROKEN)


def unsure(causes: Causes) -> Truth:
    """Return a condition that may be true or false."""
    return Truth(MET | BROKEN, causes)


def truth_of(value: bool) -> Truth:
    """Return the truth of a known condition."""
    return TRUE if value else FALSE


def negation(truth: Truth) -> Truth:
    """Return the opposite: met for broken and broken for met."""
    mask = (truth.mask & OPEN) | (MET if truth.mask & BROKEN else 0) | (BROKEN if truth.mask & MET else 0)
    return Truth(mask, truth.causes)


def all_of(parts: Sequence[Truth]) -> Truth:
    """Return the worst of independent parts; causes only of parts that can still change it; the earliest due date."""
    mask = MET
    for part in parts:
        mask = _LEAST[mask][part.mask]
    if mask in (BROKEN, MET):
        return FALSE if mask == BROKEN else TRUE
    due = min((p.due for p in parts if p.due is not None and p.mask & OPEN), default=None) if mask & OPEN else None
    if mask == OPEN:
        return Truth(OPEN, NOTHING, due)
    causes: set[Cause] = set()
    for at, part in enumerate(parts):
        others = min((_best(other.mask) for i, other in enumerate(parts) if i != at), default=MET)
        if not part.sure and _worst(part.mask) < others:
            causes |= part.causes
    return Truth(mask, frozenset(causes), due)


def any_of(parts: Sequence[Truth]) -> Truth:
    """Return the best of independent parts; causes only of parts that can still change it; the latest due date."""
    mask = BROKEN
    for part in parts:
        mask = _MOST[mask][part.mask]
    if mask in (BROKEN, MET):
        return FALSE if mask == BROKEN else TRUE
    due = latest_due(parts) if mask & OPEN else None
    if mask == OPEN:
        return Truth(OPEN, NOTHING, due)
    causes: set[Cause] = set()
    for at, part in enumerate(parts):
        others = max((_worst(other.mask) for i, other in enumerate(parts) if i != at), default=BROKEN)
        if not part.sure and _best(part.mask) > others:
            causes |= part.causes
    return Truth(mask, frozenset(causes), due)


def latest_due(parts: Iterable[Truth]) -> datetime.date | None:
    """Return the latest date among parts that are open; a part that may be broken promises nothing beside one that can't."""
    dated = [part for part in parts if part.mask & OPEN and part.due is not None]
    held = [part for part in dated if not part.mask & BROKEN] or dated
    return max((part.due for part in held if part.due is not None), default=None)


def one_or_other(condition: Truth, yes: Truth, no: Truth) -> Truth:
    """Return what either branch may give, the condition not being known."""
    mask = yes.mask | no.mask
    dues = [part.due for part in (yes, no) if part.mask & OPEN and part.due is not None]
    due = min(dues, default=None)
    if mask in (BROKEN, OPEN, MET):
        return Truth(mask, NOTHING, due)
    causes = yes.causes | no.causes
    if yes.mask != no.mask or not yes.sure:
        causes |= condition.causes
    return Truth(mask, causes, due)


def at_least(count: int, parts: Sequence[Truth]) -> Truth:
    """Return whether at least so many independent parts hold: the outcome of the n-th best."""
    if count <= 0:
        return TRUE
    if count > len(parts):
        return FALSE
    best = sorted((_best(part.mask) for part in parts), reverse=True)[count - 1]
    worst = sorted((_worst(part.mask) for part in parts), reverse=True)[count - 1]
    mask = best | worst
    can_open = sum(1 for part in parts if part.mask & OPEN)
    held = sum(1 for part in parts if part.mask == MET)
    loose = sum(1 for part in parts if part.mask == MET | BROKEN)
    if held < count <= can_open + held + min(loose, count - 1 - held):
        mask |= OPEN
    dues = sorted((p.due for p in parts if p.mask & OPEN and p.due is not None), reverse=True)
    needed = max(1, count - held)
    due = dues[min(needed, len(dues)) - 1] if dues and mask & OPEN else None
    causes = NOTHING
    if mask not in (BROKEN, OPEN, MET):
        causes = NOTHING.union(*(part.causes for part in parts if not part.sure))
    return Truth(mask, causes, due)


def _best(mask: int) -> int:
    return MET if mask & MET else OPEN if mask & OPEN else BROKEN


def _worst(mask: int) -> int:
    return BROKEN if mask & BROKEN else OPEN if mask & OPEN else MET


def _bits(mask: int) -> list[int]:
    return [bit for bit in (BROKEN, OPEN, MET) if mask & bit]


def _lifted(choose: Callable[[int, int], int]) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(sum({choose(a, b) for a, b in product(_bits(left), _bits(right))}) for right in range(8))
        for left in range(8)
    )


_LEAST = _lifted(min)
_MOST = _lifted(max)


# ---------------------------------------------------------------------- from outcomes to a verdict


@lru_cache(maxsize=4096)
def possible_verdicts(member: int, when: int, require: int, exception: int, pending: int) -> frozenset[Verdict]:
    """Return the verdicts that independent outcomes of the parts of a rule can give."""
    return frozenset(
        _verdict(*outcomes) for outcomes in product(*map(_bits, (member, when, require, exception, pending)))
    )


@lru_cache(maxsize=4096)
def parts_that_matter(*masks: int) -> tuple[bool, ...]:
    """Return for each part of a rule whether its outcome can change the verdict, the others being as they may be."""
    result = []
    for at, mask in enumerate(masks):
        others = [_bits(other) if i != at else [0] for i, other in enumerate(masks)]
        result.append(
            any(
                len({_verdict(*(bit if i == at else o for i, o in enumerate(rest))) for bit in _bits(mask)}) > 1
                for rest in product(*others)
            )
        )
    return tuple(result)


def _verdict(member: int, when: int, require: int, exception: int, pending: int) -> Verdict:
    if member != MET or when != MET:
        return "not_applicable"
    if require == MET:
        return "pass"
    if exception == MET:
        return "excused"
    if OPEN in (require, exception) or pending == MET:
        return "pending"
    return "fail"


def settle(verdicts: frozenset[Verdict]) -> Verdict:
    """Return the one verdict for several possible ones.

    Where none is a breach, the weakest promise stands; where one is, or the rule may not apply, it is unknown.
    """
    if len(verdicts) == 1:
        (only,) = verdicts
        return only
    if "fail" in verdicts or "not_applicable" in verdicts or "unknown" in verdicts:
        return "unknown"
    return "pending" if "pending" in verdicts else "excused"
