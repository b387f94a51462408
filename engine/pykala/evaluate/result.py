"""What an evaluation returns: verdicts, what is undecided, and the steps that were taken.

Data alone; the evaluator fills it, reports and explanations read it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pykala.policy.model import Policy, Rule, UnlessException, Verdict
from pykala_dsl import core
from pykala_dsl.operators import CompareOp
from pykala_dsl.typesys import Type

WithReasons: TypeAlias = bool | Literal["telling"]
"""Which results carry their reason: all, none, or those with something to tell."""
CauseKind: TypeAlias = Literal["fact", "judgement", "parameter", "reading", "record", "no_value"]


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """Something that is not known, and that the value of an expression hangs on.

    `name` is a path (`days[0].length`, `case.days` in another record), a parameter, a reading, a record
    kind, or for `no_value` the expression that has none.
    """

    kind: CauseKind
    name: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """A cause of an unknown verdict; `alone`: giving this one could decide by itself.

    `ahead`: an event that the record dates after the check's date, so that it has not happened yet.
    """

    kind: CauseKind
    name: str
    alone: bool
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Contested:
    """A chosen reading, another option of it, and the verdict that option would give."""

    reading: str
    option: str
    verdict: Verdict


OutcomeName: TypeAlias = Literal["met", "open", "broken"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that was read: its path in the record, and the value (None: not given or recorded as none).

    `planned` is the date of an event that lies after the check's; then `state` is "none", since it has not happened.
    """

    record: str
    path: str
    state: Literal["given", "none", "unknown"]
    value: core.Value | None
    type: Type
    private: bool
    planned: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One evaluated expression with its result and the steps inside it: a node of the reason tree.

    A yes/no expression has `outcomes` (those still possible); any other has `value`, or None where it is not
    known. `element` says which element of a list the step belongs to (its path), where there is one.
    """

    expr: core.Expr
    outcomes: frozenset[OutcomeName] | None
    value: object | None
    fact: Fact | None
    element: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason tree of one verdict: the steps of each part of the rule that was evaluated.

    `unless` holds only the exceptions that were tried (in file order).
    """

    when: Step | None
    require: Step | None
    unless: tuple[tuple[UnlessException, Step], ...]
    pending_while: Step | None


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest change that turns a deviation: one fact, or one count, against a limit that is known.

    To be met, `path op limit` must hold; `path` is the fact's, None for a count (`counted` is then its
    expression). `value` is what was found (None: it has not happened), `difference` how far that is from the
    limit: days as a `Period` for dates, else in the unit of `type`; None where the type has no differences.
    """

    path: str | None
    counted: core.Expr | None
    op: CompareOp
    limit: core.Value
    value: core.Value | None
    type: Type
    difference: core.Value | None


@dataclass(frozen=True, slots=True)
class Result:
    """One verdict of one rule on one record, or on one element of its list.

    `at` is the path of the element (`days[3]`), None for a rule without `for each` or with nothing to judge;
    `element_key` is what people know the element by (its date, say). `due` is given for a pending duty.
    `values` holds the computed amounts and their types, None where one is not known; `message_values` what the
    message of a deviation shows.
    """

    record: str
    record_id: str
    policy: Policy = field(repr=False)
    rule: Rule = field(repr=False)
    verdict: Verdict
    at: str | None = None
    element_key: core.Value | None = None
    due: datetime.date | None = None
    exception: str | None = None
    undecided: tuple[Undecided, ...] = ()
    contested: tuple[Contested, ...] = ()
    values: Mapping[str, tuple[core.Value | None, Type]] = field(default_factory=dict)
    message_values: Mapping[core.Expr, core.Value | None] = field(default_factory=dict)
    reason: Reason | None = None
    nearest: Nearest | None = None
    for_policy: bool = False
    """Whether the verdict stands for the whole policy: it is not known whether the policy applies to the record.

    `rule` is then the policy's first one.
    """

    @property
    def tells(self) -> bool:
        """Return whether there is something to tell: it is not in order, applies, or hangs on a reading."""
        return tells(self.verdict, self.contested)


def tells(verdict: Verdict, contested: tuple[Contested, ...]) -> bool:
    """Return whether a verdict has something to tell."""
    return verdict not in ("pass", "not_applicable") or bool(contested)
