"""From syntax to the typed core: names are resolved, types are checked, every mistake is gathered.

In: nodes and a `Scope`. Out: core expressions; what is wrong stands in `Checker.diagnostics`. An expression
that has been reported gets `ErrorType`, which silences whatever follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import assert_never

from pykala_dsl import core, nodes
from pykala_dsl.arithmetic import result_type
from pykala_dsl.describe import describe, how_to_write, is_orderable, is_quantity, unify
from pykala_dsl.diagnostics import Diagnostic, Label, Severity
from pykala_dsl.functions import FUNCTIONS
from pykala_dsl.printer import print_node
from pykala_dsl.scope import Scope
from pykala_dsl.source import Source, Span
from pykala_dsl.suggest import closest
from pykala_dsl.typesys import (
    BoolType,
    CalendarTimeType,
    CountType,
    DateType,
    EnumType,
    ErrorType,
    ExactTimeType,
    ListType,
    MoneyType,
    NumberType,
    PairType,
    Period,
    RangeType,
    RecordType,
    SetType,
    ShareType,
    Type,
)
from pykala_dsl.words import AGGREGATE_WORDS, AGGREGATES

YES_NO = BoolType()
DUTY = BoolType(duty=True)
ERROR = ErrorType()
DATE = DateType()
COUNT = CountType()

_COUNTING: Mapping[str, nodes.CompareOp] = {"exactly": "=", "at least": ">=", "at most": "<="}


class Checker:
    """Checks expressions of one source file against a scope; `diagnostics` grows as it goes.

    `parameters` says where the value of each parameter stands, for diagnostics in which it takes part.
    """

    def __init__(self, source: Source, parameters: Mapping[str, Label] | None = None) -> None:
        self.source = source
        self.parameters = parameters or {}
        self.diagnostics: list[Diagnostic] = []

    # ------------------------------------------------------------------ entry points

    def condition(self, node: nodes.Node, scope: Scope, *, duty: bool = False, where: str = "here") -> core.Expr:
        """Return a yes/no expression. `duty` says whether `due by` may stand in it; `where` names the place for errors."""
        expr = self._infer(node, scope, None, duty)
        if isinstance(expr.type, BoolType | ErrorType):
            return expr
        self._report(
            "not-a-condition",
            f"`{print_node(node)}` is {describe(expr.type)}, and a condition is wanted {where}",
            (self._label(expr, describe(expr.type)),),
            _condition_help(node, expr.type),
        )
        return _error(node.span)

    def value(self, node: nodes.Node, scope: Scope, expected: Type | None = None) -> core.Expr:
        """Return an expression of any type (a definition, a computed amount), or of the type expected."""
        return self._infer(node, scope, expected, duty_ok=True)

    def binder(self, node: nodes.Binder, scope: Scope) -> tuple[core.Binder, Scope]:
        """Return a binder and the scope inside it."""
        collection = self._infer(node.collection, scope, None, duty_ok=False)
        element = self._element(node, collection)
        if (taken := scope.taken(node.name)) is not None:
            self._report(
                "shadowed-name",
                f"`{node.name}` is already {taken}",
                (Label(node.name_span),),
                "choose another name for the element",
            )
        inner = scope.with_local(node.name, element)
        where = None if node.where is None else self.condition(node.where, inner, where="after `where`")
        return core.Binder(node.name, collection, where, element, node.span), inner

    # ------------------------------------------------------------------ inference

    def _infer(self, node: nodes.Node, scope: Scope, expected: Type | None, duty_ok: bool) -> core.Expr:
        """Return the core of a node. `expected` only decides what a bare name means; nothing is coerced to it."""
        match node:
            case nodes.Number(value, span):
                number = value.numerator if value.denominator == 1 else value
                return core.Constant(number, COUNT if isinstance(number, int) else NumberType(), span)
            case nodes.Quantity(parts, span):
                return _quantity(parts, span)
            case nodes.Date(value, span):
                return core.Constant(value, DATE, span)
            case nodes.Truth(truth, span):
                return core.Constant(truth, YES_NO, span)
            case nodes.Name():
                return self._name(node, scope, expected, duty_ok)
            case nodes.Field():
                return self._field(node, scope)
            case nodes.SetOf():
                return self._set(node, scope, expected)
            case nodes.RangeOf():
                return self._range(node, scope, expected)
            case nodes.Not(operand, span):
                inner = self._condition_under(operand, scope, "under `not`")
                return core.Not(inner, YES_NO, span)
            case nodes.Logic():
                return self._logic(node, scope, duty_ok)
            case nodes.Compare():
                return self._compare(node, scope)
            case nodes.Membership():
                return self._membership(node, scope)
            case nodes.Includes():
                return self._includes(node, scope)
            case nodes.Presence(operand, present, span):
                read = self._infer(operand, scope, None, duty_ok=False)
                there = core.IsPresent(read, YES_NO, span)
                return there if present else core.Not(there, YES_NO, span)
            case nodes.DueBy(event, limit, span):
                if not duty_ok:
                    return self._misplaced_duty(node)
                return core.DueBy(self._event(event, scope), self._date(limit, scope), DUTY, span)
            case nodes.IsLate(event, limit, span):
                return core.IsLate(self._event(event, scope), self._date(limit, scope), YES_NO, span)
            case nodes.Arithmetic():
                return self._arithmetic(node, scope, expected)
            case nodes.IfElse():
                return self._if(node, scope, expected, duty_ok)
            case nodes.Quantifier():
                return self._quantifier(node, scope, duty_ok)
            case nodes.Each(binder, span):
                bound, _ = self.binder(binder, scope)
                identified = (
                    bound.collection.type.identified_by if isinstance(bound.collection.type, ListType) else None
                )
                return core.Each(bound, ListType(bound.element, identified), span)
            case nodes.The(binder, span):
                bound, _ = self.binder(binder, scope)
                return core.The(bound, bound.element, span)
            case nodes.CountOf():
                return self._count(node, scope)
            case nodes.CountDistinct(key, binder, span):
                bound, inside = self.binder(binder, scope)
                return core.CountDistinct(self._scalar(key, inside), bound, COUNT, span)
            case nodes.Aggregate():
                return self._aggregate(node, scope)
            case nodes.Extremum():
                return self._extremum(node, scope)
            case nodes.Pairs():
                return self._pairs(node, scope)
            case nodes.Call():
                return self._call(node, scope)
            case _:
                assert_never(node)

    # ------------------------------------------------------------------ names and fields

    def _name(self, node: nodes.Name, scope: Scope, expected: Type | None, duty_ok: bool) -> core.Expr:
        name, span = node.name, node.span
        resolved = self._resolve(name, scope, span)
        if isinstance(expected, EnumType) and name in expected.members:
            if resolved is not None and isinstance(resolved.type, EnumType) and unify(resolved.type, expected):
                self._report(
                    "ambiguous-name",
                    f"`{name}` is a name of {describe(expected)} and also {scope.taken(name)}",
                    (Label(span),),
                    f"write the path where the field is meant, for example `{scope.subject.name}.{name}`",
                )
                return _error(span)
            return core.Constant(name, expected, span)
        if resolved is None:
            return self._unknown_name(node, scope, expected)
        if isinstance(resolved, core.DefinitionRead) and resolved.type == DUTY and not duty_ok:
            return self._misplaced_duty(node)
        return resolved

    def _resolve(self, name: str, scope: Scope, span: Span) -> core.Expr | None:
        if name in scope.locals:
            return core.Local(name, scope.locals[name], span)
        if name in scope.computed:
            return scope.computed[name]
        if name in scope.rule_definitions:
            return core.DefinitionRead(name, True, scope.rule_definitions[name].type, span)
        if name in scope.definitions:
            return core.DefinitionRead(name, False, scope.definitions[name].type, span)
        if name in scope.parameters:
            return core.ParameterRead(name, scope.parameters[name], span)
        if (declared := scope.subject_field(name)) is not None:
            root = core.Root(scope.subject.name, True, scope.subject, span)
            return core.FieldRead(root, declared, declared.type, span)
        if name == "as_of":
            return core.AsOf(DATE, span)
        if name == scope.subject.name:
            return core.Root(name, True, scope.subject, span)
        if name in scope.records:
            return core.Root(name, False, scope.records[name], span)
        return None

    def _unknown_name(self, node: nodes.Name, scope: Scope, expected: Type | None) -> core.Expr:
        name = node.name
        if isinstance(expected, ErrorType):
            return _error(node.span)  # it may have been a name of the enum that the other side failed to give
        if isinstance(expected, EnumType):
            near = closest(name, expected.members)
            self._report(
                "unknown-member",
                f"`{name}` is not one of the names that can stand here",
                (Label(node.span, describe(expected)),),
                f"did you mean `{near}`?" if near else how_to_write(expected),
            )
            return _error(node.span)
        if name in scope.readings:
            return self._fail(
                "reading-without-word", f"`{name}` is a reading", node.span, f"write `reading({name}) = …`"
            )
        if isinstance(expected, BoolType) and not any(closest(name, [known]) for known in scope.names()):
            return self._fail("unknown-name", f"unknown name `{name}`", node.span, "write `true` or `false`")
        near = closest(name, (*scope.names(), *scope.readings))
        self._report(
            "unknown-name",
            f"unknown name `{name}`",
            (Label(node.span, f"not a field of `{scope.subject.name}`, a definition or a parameter"),),
            f"did you mean `{near}`?" if near else _member_help(name, scope),
        )
        return _error(node.span)

    def _field(self, node: nodes.Field, scope: Scope) -> core.Expr:
        base = self._infer(node.base, scope, None, duty_ok=False)
        match base.type:
            case ErrorType():
                return _error(node.span)
            case RecordType(fields=declared):
                if (found := declared.get(node.name)) is not None:
                    return core.FieldRead(base, found, found.type, node.span)
                return self._unknown_field(node, base.type)
            case PairType(element) if node.name in ("previous", "next"):
                return core.PairSide(base, "previous" if node.name == "previous" else "next", element, node.span)
            case PairType():
                return self._fail(
                    "unknown-field",
                    f"unknown field `{node.name}` of a pair of neighbours",
                    node.name_span,
                    "a pair has `previous` and `next`",
                )
            case ListType():
                listed = print_node(node.base)
                return self._fail(
                    "field-of-list",
                    f"`{listed}` is a list, and `{node.name}` belongs to one element of it",
                    node.name_span,
                    f"say which element: `some x in {listed} satisfies x.{node.name} …` or `every x in {listed} …`",
                )
            case _:
                return self._fail(
                    "field-of-value",
                    f"`{print_node(node.base)}` is {describe(base.type)} and has no fields",
                    node.name_span,
                    f"use `{print_node(node.base)}` itself, without `.{node.name}`",
                )

    def _unknown_field(self, node: nodes.Field, record: RecordType) -> core.Expr:
        near = closest(node.name, record.fields)
        where = next((f.source.path for f in record.fields.values() if f.source is not None), None)
        hint = None
        if near is not None:
            hint = f"did you mean `{near}`?  ({describe(record.fields[near].type)})"
        elif record.fields:
            hint = "it has " + ", ".join(f"`{name}`" for name in list(record.fields)[:12])
        self._report(
            "unknown-field",
            f"unknown field `{node.name}` of {print_node(node.base)}",
            (Label(node.name_span, f"not in {where}" if where else ""),),
            hint,
        )
        return _error(node.span)

    # ------------------------------------------------------------------ conditions

    def _condition_under(self, node: nodes.Node, scope: Scope, where: str) -> core.Expr:
        return self.condition(node, scope, duty=False, where=where)

    def _logic(self, node: nodes.Logic, scope: Scope, duty_ok: bool) -> core.Expr:
        parts = tuple(self.condition(part, scope, duty=duty_ok, where=f"beside `{node.op}`") for part in node.operands)
        kind = DUTY if any(part.type == DUTY for part in parts) else YES_NO
        return core.And(parts, kind, node.span) if node.op == "and" else core.Or(parts, kind, node.span)

    def _compare(self, node: nodes.Compare, scope: Scope) -> core.Expr:
        left, right = self._pair(node.left, node.right, scope)
        if isinstance(left.type, ErrorType) or isinstance(right.type, ErrorType):
            return _error(node.span)
        common = unify(left.type, right.type)
        if common is None:
            return self._mismatch(left, right, node.span, "compared with")
        if isinstance(common, RecordType | PairType | RangeType):
            return self._fail(
                "not-comparable",
                f"{describe(common)} cannot be compared as a whole",
                node.span,
                "compare one of its fields",
            )
        if isinstance(common, CalendarTimeType) and common.unit == "mixed":
            return self._fail(
                "not-comparable",
                "calendar time of months and days together cannot be compared",
                node.span,
                "compare dates instead, for example `a + 1 month + 3 days <= b`",
            )
        if node.op not in ("=", "!=") and not is_orderable(common):
            return self._fail(
                "not-ordered",
                f"{describe(common)} has no order, so `{node.op}` has no meaning",
                node.op_span,
                "write `=`, `!=` or `in {…}`",
            )
        return core.Compare(node.op, left, right, YES_NO, node.span)

    def _pair(self, left: nodes.Node, right: nodes.Node, scope: Scope) -> tuple[core.Expr, core.Expr]:
        """Return both sides; a bare name on one side may be an enum member by the type of the other."""
        if isinstance(left, nodes.Name) and not isinstance(right, nodes.Name | nodes.SetOf):
            second = self._infer(right, scope, None, duty_ok=False)
            return self._infer(left, scope, _element_or_self(second.type), duty_ok=False), second
        first = self._infer(left, scope, None, duty_ok=False)
        return first, self._infer(right, scope, _element_or_self(first.type), duty_ok=False)

    def _membership(self, node: nodes.Membership, scope: Scope) -> core.Expr:
        if isinstance(node.collection, nodes.SetOf | nodes.RangeOf):
            item = self._infer(node.item, scope, None, duty_ok=False)
            collection = self._infer(node.collection, scope, item.type, duty_ok=False)
        else:
            collection = self._infer(node.collection, scope, None, duty_ok=False)
            item = self._infer(node.item, scope, _element_or_self(collection.type), duty_ok=False)
        if isinstance(item.type, ErrorType) or isinstance(collection.type, ErrorType):
            return _error(node.span)
        match collection.type:
            case SetType(element) | ListType(element) | RangeType(element):
                pass
            case _:
                return self._fail(
                    "not-a-collection",
                    f"`{print_node(node.collection)}` is {describe(collection.type)}; `in` wants a set, a range or a list",
                    node.collection.span,
                    "write `=` for a single value, `{a, b}` for a set, `a .. b` for a range",
                )
        if isinstance(element, RecordType):
            return self._fail(
                "not-comparable",
                "the elements of this list are records, and cannot be looked for as a whole",
                node.collection.span,
                f"write `some x in {print_node(node.collection)} satisfies x.… = …`",
            )
        if unify(item.type, element) is None:
            return self._mismatch(item, collection, node.span, "looked for in", other=element)
        held = core.In(item, collection, YES_NO, node.span)
        return core.Not(held, YES_NO, node.span) if node.negated else held

    def _includes(self, node: nodes.Includes, scope: Scope) -> core.Expr:
        collection = self._infer(node.collection, scope, None, duty_ok=False)
        part = self._infer(node.part, scope, _element_or_self(collection.type), duty_ok=False)
        if isinstance(collection.type, ErrorType) or isinstance(part.type, ErrorType):
            return _error(node.span)
        if not isinstance(collection.type, ListType | SetType):
            return self._fail(
                "not-a-collection",
                f"`{print_node(node.collection)}` is {describe(collection.type)}; `includes` wants a list",
                node.collection.span,
                "name a list of the record before it: `attachments includes {gas, ku5}`",
            )
        if not isinstance(part.type, ListType | SetType):
            return self._fail(
                "not-a-collection",
                f"`{print_node(node.part)}` is {describe(part.type)}; `includes` wants a list or a set after it",
                node.part.span,
                f"write `includes {{{print_node(node.part)}}}`",
            )
        if unify(collection.type, part.type) is None:
            return self._mismatch(collection, part, node.span, "compared with")
        return core.Includes(collection, part, YES_NO, node.span)

    # ------------------------------------------------------------------ deadlines

    def _misplaced_duty(self, node: nodes.Node) -> core.Expr:
        better = "`X is late for D`"
        if isinstance(node, nodes.DueBy):
            better = f"`{print_node(nodes.IsLate(node.event, node.limit, node.span))}`"
        return self._fail(
            "duty-misplaced",
            "`due by` is a duty that can be open, and cannot stand in a condition, a comparison or under `not`",
            node.span,
            f"write {better}, which is true once it is late",
        )

    def _date(self, node: nodes.Node, scope: Scope) -> core.Expr:
        expr = self._infer(node, scope, None, duty_ok=False)
        if isinstance(expr.type, DateType | ErrorType):
            return expr
        self._report(
            "type-mismatch",
            f"`{print_node(node)}` is {describe(expr.type)}, and a deadline wants a date",
            (self._label(expr, describe(expr.type)),),
            "a limit is counted from a date: `ended_on + 2 weeks`"
            if isinstance(expr.type, CalendarTimeType)
            else how_to_write(DATE),
        )
        return _error(node.span)

    def _event(self, node: nodes.Node, scope: Scope) -> core.Expr:
        expr = self._date(node, scope)
        for read in _event_fields(expr, scope):
            declared = read.field
            if declared.absence == "unknown" and not declared.required:
                labels = [Label(read.span)]
                if declared.source is not None and declared.span is not None:
                    labels.append(Label(declared.span, "declared here", declared.source))
                self._report(
                    "event-absence",
                    f"`{declared.name}` is the event of a deadline, and its schema does not say that not given means not happened",
                    tuple(labels),
                    f"write `absence: none` beside `{declared.name}` in the record's schema",
                )
        return expr

    # ------------------------------------------------------------------ values

    def _set(self, node: nodes.SetOf, scope: Scope, expected: Type | None) -> core.Expr:
        wanted = _element_or_self(expected)
        items = []
        for item in node.items:
            found = self._infer(item, scope, wanted, duty_ok=False)
            items.append(found)
            if wanted is None and not isinstance(found.type, ErrorType):
                wanted = found.type
        kinds = [item.type for item in items if not isinstance(item.type, ErrorType)]
        if len(kinds) < len(items):
            return _error(node.span)
        element: Type = kinds[0]
        for other in items[1:]:
            common = unify(element, other.type)
            if common is None:
                return self._mismatch(items[0], other, node.span, "in one set with")
            element = common
        if isinstance(element, RecordType | ListType | RangeType | SetType | PairType):
            return self._fail(
                "not-comparable", f"a set cannot hold {describe(element)}", node.span, "put single values into it"
            )
        return core.MakeSet(tuple(items), SetType(element), node.span)

    def _range(self, node: nodes.RangeOf, scope: Scope, expected: Type | None) -> core.Expr:
        if isinstance(expected, EnumType):
            low, high = (self._infer(end, scope, expected, duty_ok=False) for end in (node.low, node.high))
        else:
            low, high = self._pair(node.low, node.high, scope)
        if isinstance(low.type, ErrorType) or isinstance(high.type, ErrorType):
            return _error(node.span)
        common = unify(low.type, high.type)
        if common is None:
            return self._mismatch(low, high, node.span, "in one range with")
        if not is_orderable(common):
            return self._fail(
                "not-ordered",
                f"{describe(common)} has no order, so it has no ranges",
                node.span,
                "list the values: `{a, b}`",
            )
        return core.MakeRange(low, high, RangeType(common), node.span)

    def _arithmetic(self, node: nodes.Arithmetic, scope: Scope, expected: Type | None) -> core.Expr:
        if (name := self._hyphenated(node, scope, expected)) is not None:
            return self._fail(
                "hyphen-in-name",
                f"`{name.replace('_', '-')}` reads as a subtraction",
                node.span,
                f"names are written with an underscore: `{name}`",
            )
        left = self._infer(node.left, scope, None, duty_ok=False)
        right = self._infer(node.right, scope, None, duty_ok=False)
        if isinstance(left.type, ErrorType) or isinstance(right.type, ErrorType):
            return _error(node.span)
        kind = result_type(node.op, left.type, right.type)
        if kind is None:
            return self._bad_arithmetic(node, left, right)
        self._warn_about_months(node, left, right)
        return core.Arithmetic(node.op, left, right, kind, node.span)

    def _hyphenated(self, node: nodes.Arithmetic, scope: Scope, expected: Type | None) -> str | None:
        """Return the name with underscores where a subtraction without spaces can only be a hyphenated name."""
        parts: list[nodes.Name] = []
        rest: nodes.Node = node
        while isinstance(rest, nodes.Arithmetic) and rest.op == "-" and isinstance(rest.right, nodes.Name):
            parts.insert(0, rest.right)
            rest = rest.left
        if not isinstance(rest, nodes.Name):
            return None
        parts.insert(0, rest)
        if any(b.span.start - a.span.end != 1 for a, b in pairwise(parts)):
            return None
        name = "_".join(part.name for part in parts)
        if isinstance(expected, EnumType) and name in expected.members:
            return name
        known = {*scope.names(), *scope.readings}
        return name if name in known or all(part.name not in known for part in parts) else None

    def _bad_arithmetic(self, node: nodes.Arithmetic, left: core.Expr, right: core.Expr) -> core.Expr:
        one, other = describe(left.type), describe(right.type)
        joined = {"+": "added to", "-": "and", "*": "multiplied by", "/": "divided by", "of": "of"}[node.op]
        message = f"{one} {joined} {other}" if node.op != "-" else f"{other} taken from {one}"
        if node.op == "of":
            hint: str | None = "`of` wants a share on its left, for example `0.5 % of turnover`"
        elif isinstance(left.type, DateType) and isinstance(right.type, CountType | NumberType):
            hint = "say the unit: `+ 14 days`, `+ 2 weeks`, `+ 1 month`"
        elif isinstance(left.type, DateType) and isinstance(right.type, ExactTimeType):
            hint = "a date has no hours; write `days`, `weeks`, `months` or `years`"
        elif isinstance(left.type, CalendarTimeType) and isinstance(right.type, DateType):
            hint = "put the date first: `date + 2 weeks`"
        elif node.op == "*" and isinstance(left.type, ShareType):
            hint = "write a share of something with `of`: `0.5 % of turnover`"
        else:
            hint = how_to_write(left.type)
        self._report("type-mismatch", message, self._sides(left, one, right, other), hint)
        return _error(node.span)

    def _warn_about_months(self, node: nodes.Arithmetic, left: core.Expr, right: core.Expr) -> None:
        """Warn where two month steps, or one backwards, give another day at the end of a month (act 150/1930)."""
        if not (isinstance(left.type, DateType) and isinstance(right.type, CalendarTimeType)):
            return
        if right.type.unit == "days":
            return
        if node.op == "-":
            self._report(
                "months-backwards",
                "months counted backwards can miss the day that counting forward gives at the end of a month",
                (Label(node.span),),
                "count forward from the earlier date: `b <= a + 12 months`",
                "warning",
            )
        elif (
            isinstance(left, core.Arithmetic)
            and left.op == "+"
            and isinstance(left.right.type, CalendarTimeType)
            and left.right.type.unit != "days"
        ):
            self._report(
                "months-twice",
                "two steps of months give another day than one step at the end of a month",
                (Label(node.span),),
                "add the months first, in one step: `date + 2 months`",
                "warning",
            )

    def _if(self, node: nodes.IfElse, scope: Scope, expected: Type | None, duty_ok: bool) -> core.Expr:
        condition = self._condition_under(node.condition, scope, "after `if`")
        yes = self._infer(node.yes, scope, expected, duty_ok)
        no = self._infer(node.no, scope, expected or _element_or_self(yes.type), duty_ok)
        if any(isinstance(part.type, ErrorType) for part in (condition, yes, no)):
            return _error(node.span)
        kind = unify(yes.type, no.type)
        if kind is None:
            return self._mismatch(yes, no, node.span, "in one branch, and in the other")
        return core.If(condition, yes, no, kind, node.span)

    # ------------------------------------------------------------------ lists

    def _element(self, node: nodes.Binder, collection: core.Expr) -> Type:
        match collection.type:
            case ListType(element):
                return element
            case RangeType(DateType()):
                return DATE
            case ErrorType():
                return ERROR
            case _:
                self._report(
                    "not-a-list",
                    f"`{print_node(node.collection)}` is {describe(collection.type)}, and a list is wanted after `in`",
                    (self._label(collection, describe(collection.type)),),
                    "name a list of the record, or a range of dates `a .. b`",
                )
                return ERROR

    def _quantifier(self, node: nodes.Quantifier, scope: Scope, duty_ok: bool) -> core.Expr:
        binder, inner = self.binder(node.binder, scope)
        good = duty_ok and node.word in ("every", "some", "at least")
        body = None if node.body is None else self.condition(node.body, inner, duty=good, where="after `satisfies`")
        kind = body.type if body is not None and isinstance(body.type, BoolType) else YES_NO
        match node.word:
            case "every":
                everything = body if body is not None else _error(node.span)
                return core.Every(binder, everything, kind, node.span)
            case "some":
                return core.Some(binder, body, kind, node.span)
            case "no":
                return core.Not(core.Some(binder, body, YES_NO, node.span), YES_NO, node.span)
            case "exactly" | "at least" | "at most":
                pass
            case _:
                assert_never(node.word)
        number = self._number_of(node.count, scope) if node.count is not None else _error(node.span)
        if isinstance(number.type, ErrorType):
            return number
        if body is not None and kind == DUTY:
            return core.AtLeast(number, binder, body, DUTY, node.span)
        counted = core.Count(_filtered(binder, body), COUNT, node.span)
        return core.Compare(_COUNTING[node.word], counted, number, YES_NO, node.span)

    def _number_of(self, node: nodes.Node, scope: Scope) -> core.Expr:
        number = self._infer(node, scope, None, duty_ok=False)
        if isinstance(number.type, CountType | ErrorType):
            return number
        return self._fail(
            "type-mismatch",
            f"`{print_node(node)}` is {describe(number.type)}, and a count is wanted",
            node.span,
            how_to_write(COUNT),
        )

    def _count(self, node: nodes.CountOf, scope: Scope) -> core.Expr:
        if isinstance(node.what, nodes.Binder):
            binder, _ = self.binder(node.what, scope)
            return core.Count(binder, COUNT, node.span)
        collection = self._infer(node.what, scope, None, duty_ok=False)
        match collection.type:
            case ErrorType():
                return _error(node.span)
            case ListType(element):
                return core.Count(core.Binder("it", collection, None, element, node.span), COUNT, node.span)
            case _:
                return self._fail(
                    "not-a-list",
                    f"`{print_node(node.what)}` is {describe(collection.type)}, and `count` wants a list",
                    node.what.span,
                    "name a list, or bind its elements: `count(day in days where …)`",
                )

    def _scalar(self, node: nodes.Node, scope: Scope) -> core.Expr:
        expr = self._infer(node, scope, None, duty_ok=False)
        if isinstance(expr.type, RecordType | ListType | PairType | RangeType | SetType):
            return self._fail(
                "not-comparable",
                f"`{print_node(node)}` is {describe(expr.type)}, and a single value is wanted",
                node.span,
                "name one field of it",
            )
        return expr

    def _aggregate(self, node: nodes.Aggregate, scope: Scope) -> core.Expr:
        binder, inner = self.binder(node.binder, scope)
        value = self._infer(node.value, inner, None, duty_ok=False)
        if isinstance(value.type, ErrorType):
            return _error(node.span)
        kind = self._aggregate_type(node.name, value, node.value.span)
        return core.Aggregate(node.name, value, binder, kind, node.span) if kind else _error(node.span)

    def _aggregate_type(self, name: nodes.AggregateName, value: core.Expr, span: Span) -> Type | None:
        kind = value.type
        match name:
            case "earliest" | "latest":
                fits, hint = (
                    isinstance(kind, DateType),
                    f"write `{'min' if name == 'earliest' else 'max'}` for quantities",
                )
            case "min" | "max":
                fits, hint = is_quantity(kind), f"write `{'earliest' if name == 'min' else 'latest'}` for dates"
            case "sum" | "average":
                fits, hint = is_quantity(kind), "only quantities can be added up"
            case _:
                assert_never(name)
        if not fits:
            self._report("type-mismatch", f"`{name}` of {describe(kind)}", (self._label(value, describe(kind)),), hint)
            return None
        return NumberType() if name == "average" and isinstance(kind, CountType) else kind

    def _extremum(self, node: nodes.Extremum, scope: Scope) -> core.Expr:
        values = tuple(self._infer(value, scope, None, duty_ok=False) for value in node.values)
        if any(isinstance(value.type, ErrorType) for value in values):
            return _error(node.span)
        if node.name in ("sum", "average"):
            listed = " + ".join(print_node(value) for value in node.values)
            return self._fail(
                "aggregate-of-values",
                f"`{node.name}` wants a list: `{node.name}(x.amount for x in list)`",
                node.span,
                f"write `{listed}` to add single values up",
            )
        kind: Type = values[0].type
        for value in values[1:]:
            common = unify(kind, value.type)
            if common is None:
                return self._mismatch(values[0], value, node.span, "compared with")
            kind = common
        if self._aggregate_type(node.name, values[0], node.values[0].span) is None:
            return _error(node.span)
        return core.Extremum(node.name, values, kind, node.span)

    def _pairs(self, node: nodes.Pairs, scope: Scope) -> core.Expr:
        collection = self._infer(node.collection, scope, None, duty_ok=False)
        if isinstance(collection.type, ErrorType):
            return _error(node.span)
        if not (isinstance(collection.type, ListType) and isinstance(collection.type.element, RecordType)):
            return self._fail(
                "not-a-list",
                f"`{print_node(node.collection)}` is {describe(collection.type)}, and `pairs` wants a list of records",
                node.collection.span,
                "for example `pairs(periods by from)`",
            )
        key: core.Expr = core.Local("it", collection.type.element, node.key_span)
        for name in node.key:
            declared = key.type.fields.get(name) if isinstance(key.type, RecordType) else None
            if declared is None:
                fields = key.type.fields if isinstance(key.type, RecordType) else {}
                near = closest(name, fields)
                return self._fail(
                    "unknown-field",
                    f"unknown field `{name}` of the elements of {print_node(node.collection)}",
                    node.key_span,
                    f"did you mean `{near}`?" if near else "it has " + ", ".join(f"`{field}`" for field in fields),
                )
            key = core.FieldRead(key, declared, declared.type, node.key_span)
        if not is_orderable(key.type):
            return self._fail(
                "not-ordered",
                f"{describe(key.type)} has no order, so it cannot sort a list",
                node.key_span,
                "sort by a date or a number",
            )
        pair = ListType(PairType(collection.type.element), None)
        return core.Pairs(collection, "it", key, pair, node.span)

    # ------------------------------------------------------------------ calls

    def _call(self, node: nodes.Call, scope: Scope) -> core.Expr:
        if node.name == "reading":
            return self._reading(node, scope)
        function = FUNCTIONS.get(node.name)
        if function is None:
            near = closest(node.name, (*FUNCTIONS, "reading", "count", *sorted(AGGREGATES))) or AGGREGATE_WORDS.get(
                node.name
            )
            return self._fail(
                "unknown-function",
                f"unknown function `{node.name}`",
                node.name_span,
                f"did you mean `{near}`?" if near else "the functions are " + ", ".join(f"`{f}`" for f in FUNCTIONS),
            )
        arguments = tuple(self._infer(argument, scope, None, duty_ok=False) for argument in node.arguments)
        if any(isinstance(argument.type, ErrorType) for argument in arguments):
            return _error(node.span)
        counts = {len(overload.arguments) for overload in function.overloads}
        if len(arguments) not in counts:
            wanted = " or ".join(str(count) for count in sorted(counts))
            return self._fail(
                "argument-count",
                f"`{node.name}` takes {wanted} argument{'' if counts == {1} else 's'}, not {len(arguments)}",
                node.span,
                f"for example `{function.examples[0][0]}`",
            )
        for overload in function.overloads:
            if all(_fits(a.type, wanted) for a, wanted in zip(arguments, overload.arguments, strict=True)):
                return core.Call(node.name, arguments, overload.result, node.span)
        shown = " and ".join(describe(argument.type) for argument in arguments)
        self._report(
            "type-mismatch",
            f"`{node.name}` of {shown}",
            tuple(self._label(argument, describe(argument.type)) for argument in arguments),
            f"write `count({print_node(node.arguments[0])})` for how many there are"
            if isinstance(arguments[0].type, ListType)
            else f"for example `{function.examples[0][0]}`",
        )
        return _error(node.span)

    def _reading(self, node: nodes.Call, scope: Scope) -> core.Expr:
        argument = node.arguments[0] if len(node.arguments) == 1 else None
        if not isinstance(argument, nodes.Name):
            return self._fail(
                "unknown-reading",
                "`reading` takes the name of one reading",
                node.span,
                "write `reading(name) = option`",
            )
        kind = scope.readings.get(argument.name)
        if kind is None:
            near = closest(argument.name, scope.readings)
            return self._fail(
                "unknown-reading",
                f"unknown reading `{argument.name}`",
                argument.span,
                f"did you mean `{near}`?" if near else "declare it under `readings` of the policy",
            )
        return core.ReadingRead(argument.name, kind, node.span)

    # ------------------------------------------------------------------ reports

    def _report(
        self, code: str, message: str, labels: tuple[Label, ...], hint: str | None, severity: Severity = "error"
    ) -> None:
        self.diagnostics.append(Diagnostic(code, message, self.source, labels, hint, severity))

    def _fail(self, code: str, message: str, span: Span, hint: str | None) -> core.Expr:
        self._report(code, message, (Label(span),), hint)
        return _error(span)

    def _mismatch(
        self, left: core.Expr, right: core.Expr, span: Span, joined: str, other: Type | None = None
    ) -> core.Expr:
        one, two = left.type, other or right.type
        message = f"{describe(one)} {joined} {describe(two)}"
        wanted = two if isinstance(left, core.Constant) else one
        hint = _mismatch_help(one, two) or how_to_write(wanted) or "compare things of the same kind"
        self._report("type-mismatch", message, self._sides(left, describe(one), right, describe(two)), hint)
        return _error(span)

    def _sides(self, left: core.Expr, one: str, right: core.Expr, other: str) -> tuple[Label, ...]:
        """Return the labels of two sides that do not go together, and of the parameters among them."""
        read = [side.name for side in (left, right) if isinstance(side, core.ParameterRead)]
        declared = [self.parameters[name] for name in read if name in self.parameters]
        return (self._label(left, one), self._label(right, other), *declared)

    def _label(self, expr: core.Expr, text: str) -> Label:
        if isinstance(expr, core.FieldRead) and expr.field.source is not None and expr.field.span is not None:
            declared = expr.field
            line = expr.field.source.position(expr.field.span.start)[0]
            return Label(expr.span, f"{text}, from {declared.source.path}:{line}" if declared.source else text)
        if isinstance(expr, core.ParameterRead):
            return Label(expr.span, f"{text}, a parameter")
        return Label(expr.span, text)


def _error(span: Span) -> core.Expr:
    return core.Constant(False, ERROR, span)


def _quantity(parts: tuple[tuple[Fraction, nodes.Unit], ...], span: Span) -> core.Constant:
    amount, unit = parts[0]
    whole = amount.numerator if amount.denominator == 1 else amount
    match unit:
        case "h" | "min":
            minutes = sum((n * (60 if u == "h" else 1) for n, u in parts), Fraction(0))
            return core.Constant(_plain(minutes), ExactTimeType(), span)
        case "days" | "weeks":
            days = int(amount) * (7 if unit == "weeks" else 1)
            return core.Constant(Period(0, days), CalendarTimeType("days"), span)
        case "months" | "years":
            months = int(amount) * (12 if unit == "years" else 1)
            return core.Constant(Period(months, 0), CalendarTimeType("months"), span)
        case "EUR":
            return core.Constant(whole, MoneyType(), span)
        case "%":
            return core.Constant(_plain(amount / 100), ShareType(), span)
        case _:
            assert_never(unit)


def _plain(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value


def _member_help(name: str, scope: Scope) -> str:
    """Return an advice on a name that means nothing by itself: it may be what a field can be."""
    kinds = {**{name: scope.subject.fields[name].type for name in scope.subject.fields}, **scope.locals}
    for owner, kind in kinds.items():
        inner = kind.fields if owner in scope.locals and isinstance(kind, RecordType) else {}
        for path, found in ((owner, kind), *((f"{owner}.{field}", inner[field].type) for field in inner)):
            if isinstance(found, EnumType) and name in found.members:
                return f"`{name}` is what `{path}` can be: write `{path} = {name}`, or `{path} in {{{name}, …}}`"
    return "`pykala fields` lists the fields that a rule can use"


def _element_or_self(kind: Type | None) -> Type | None:
    match kind:
        case SetType(element) | ListType(element) | RangeType(element):
            return element
        case _:
            return kind


def _fits(given: Type, wanted: Type) -> bool:
    if isinstance(given, RangeType) and isinstance(wanted, RangeType):
        return given.bound == wanted.bound
    return unify(given, wanted) == wanted


def _filtered(binder: core.Binder, body: core.Expr | None) -> core.Binder:
    if body is None:
        return binder
    where = body if binder.where is None else core.And((binder.where, body), YES_NO, body.span)
    return replace(binder, where=where)


def _event_fields(expr: core.Expr, scope: Scope) -> Iterable[core.FieldRead]:
    """Yield the reads that can give the date of an event: through definitions, branches and aggregates."""
    match expr:
        case core.FieldRead():
            yield expr
        case core.DefinitionRead(name, in_rule):
            known = scope.rule_definitions if in_rule else scope.definitions
            if name in known:
                yield from _event_fields(known[name], scope)
        case core.If(_, yes, no):
            yield from _event_fields(yes, scope)
            yield from _event_fields(no, scope)
        case core.Aggregate("earliest" | "latest", value):
            yield from _event_fields(value, scope)
        case core.Extremum(_, values):
            for value in values:
                yield from _event_fields(value, scope)
        case _:
            return


def _mismatch_help(one: Type, other: Type) -> str | None:
    match one, other:
        case CalendarTimeType(), CalendarTimeType():
            return "days go with days and weeks, months with months and years; they cannot be compared with each other"
        case (ListType(), _) | (_, ListType()):
            return "a list is no single value: count it with `count(…)`, or ask `some x in … satisfies …`"
        case (RecordType(), _) | (_, RecordType()):
            return "compare one of its fields"
        case _:
            return None


def _condition_help(node: nodes.Node, kind: Type) -> str:
    shown = print_node(node)
    match kind:
        case ListType() if isinstance(node, nodes.Each):
            return f"`each` makes a list: write `every {shown.removeprefix('each ')} satisfies …`, or `some` in place of `each`"
        case ListType():
            return f"write `some x in {shown} …`, `every x in {shown} satisfies …`, or `count({shown}) >= 1`"
        case RecordType():
            return f"write `{shown} is present`, or compare one of its fields"
        case EnumType(_, members):
            return f"compare it: `{shown} = {members[0]}`" if members else "compare it"
        case _ if isinstance(node, nodes.Name | nodes.Field):
            return f"compare it with something, or write `{shown} is present`"
        case _:
            return "compare it with something"
