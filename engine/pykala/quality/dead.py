"""Parts of a rule that can never matter: a condition that cannot hold, a requirement that cannot be broken.

In: a checked rule in its policy. Out: lint findings. Each is a proof (`possible`); what cannot be proved is not said.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from pykala.policy.model import Policy, Rule
from pykala.policy.versions import days_in_force
from pykala.quality.possible import Opened, can_hold, conjuncts
from pykala_dsl import core
from pykala_dsl.diagnostics import Diagnostic, Label
from pykala_dsl.source import Span
from pykala_dsl.typesys import BoolType, DateType

_Conditions = list[tuple[core.Expr, bool]]


def dead_parts(rule: Rule, policy: Policy, versions: tuple[Policy, ...]) -> Iterator[Diagnostic]:
    """Yield what can never apply, fail or excuse in a rule, and what it asks twice. `versions` are those of its policy."""
    opened = Opened(policy, rule)
    scope = _scope(rule, policy, versions)
    condition: _Conditions = [] if rule.when is None else [(rule.when, True)]
    if not can_hold(scope + condition, opened):
        at = rule.when.span if rule.when is not None else rule.span
        hint = "correct the condition, or remove the rule; `in_force` and `applies_to` are part of it"
        yield _finding("never-applies", f"rule `{rule.id}` can never apply", rule, at, hint)
        return
    asks_nothing = isinstance(rule.require, core.Constant)  # a permission, which says so
    if (
        not asks_nothing
        and not _is_duty(rule.require)
        and not can_hold([*scope, *condition, (rule.require, False)], opened)
    ):
        hint = "the condition already says what is required; require what it leaves open"
        yield _finding("never-fails", f"rule `{rule.id}` can never fail", rule, rule.require.span, hint)
        return
    for item in rule.unless:
        broken: _Conditions = [] if _is_duty(rule.require) else [(rule.require, False)]
        if not can_hold([*scope, *condition, *broken, (item.condition, True)], opened):
            hint = "where it holds, nothing is broken or the rule does not apply; correct it, or remove it"
            message = f"exception `{item.name}` of rule `{rule.id}` can never lift anything"
            yield Diagnostic("idle-exception", message, item.source, (Label(item.condition.span),), hint, "warning")
            continue
        for part in conjuncts(item.condition, opened):
            if _is_date_test(part) and not can_hold([*scope, *condition, (part, False)], opened):
                hint = "the rule or its version has ended by then; give the exception the rule's own date, or none"
                message = f"exception `{item.name}` ends later than what rule `{rule.id}` asks about"
                yield Diagnostic("outliving-exception", message, item.source, (Label(part.span),), hint, "warning")
    yield from _repeated(rule, policy, opened)


def _scope(rule: Rule, policy: Policy, versions: tuple[Policy, ...]) -> _Conditions:
    """Return what holds of every record and element that a rule is asked about."""
    found: _Conditions = [(expr, True) for expr in (policy.applies_to,) if expr is not None]
    if policy.selected_by is not None:
        days = next((days for each, days in days_in_force(versions) if each.name == policy.name), policy.in_force)
        for op, day in ((">=", days.first_day), ("<=", days.last_day)):
            if day is not None:
                found.append((_date_test(policy.selected_by, op == ">=", day), True))
    binder = rule.for_each
    while binder is not None:
        if binder.where is not None:
            found.append((binder.where, True))
        inner = Opened(policy, rule).expr(binder.collection)
        # Another binder's element has another name; its filter speaks of the same facts only if the names agree.
        binder = inner.binder if isinstance(inner, core.Each) and inner.binder.name == binder.name else None
    return found


def _date_test(date: core.Expr, first: bool, day: datetime.date) -> core.Expr:
    nowhere = Span(0, 0)
    constant = core.Constant(day, DateType(), nowhere)
    return core.Compare(">=" if first else "<=", date, constant, BoolType(), nowhere)


def _is_date_test(expr: core.Expr) -> bool:
    return isinstance(expr, core.Compare) and isinstance(expr.left.type, DateType)


def _is_duty(expr: core.Expr) -> bool:
    return isinstance(expr.type, BoolType) and expr.type.duty


def _repeated(rule: Rule, policy: Policy, opened: Opened) -> Iterator[Diagnostic]:
    """Yield the conditions of a rule that its requirement asks again."""
    asked: set[core.Expr] = set()
    for expr, _ in _scope(rule, policy, (policy,)):
        asked.update(conjuncts(expr, opened))
    if rule.when is not None:
        asked.update(conjuncts(rule.when, opened))
    operands = rule.require.operands if isinstance(rule.require, core.And) else (rule.require,)
    for operand in operands:
        known = set(conjuncts(operand, opened))
        if known and known <= asked:
            hint = "leave it out: where it does not hold, the rule does not apply"
            message = f"rule `{rule.id}` requires what its condition says already"
            yield _finding("repeated-condition", message, rule, operand.span, hint)


def _finding(code: str, message: str, rule: Rule, span: Span, hint: str) -> Diagnostic:
    return Diagnostic(code, message, rule.source, (Label(span),), hint, "warning")
