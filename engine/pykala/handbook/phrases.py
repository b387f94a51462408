"""The typed core in Finnish, Swedish or English: a condition in, words out.

The third reader of the core. It knows the labels of the vocabulary and of the policy, never a record. A label
is never inflected: what is said of it stands after a colon (`length: at least 6 h`), what it belongs to in
brackets (`date (first meeting)`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Protocol, assert_never

from pykala.handbook import numbers
from pykala.handbook.words import NBSP, joined, say, within, word
from pykala.policy.model import Definition, Lang, Parameter, Policy, Rule, Text
from pykala_dsl import core
from pykala_dsl.operators import MIRRORED, NEGATED, CompareOp
from pykala_dsl.typesys import (
    BoolType,
    CalendarTimeType,
    DateType,
    EnumType,
    ListType,
    PairType,
    Period,
    RangeType,
    RecordType,
    SetType,
    Type,
)

_OP_WORDS: Final[dict[CompareOp, str]] = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_PRECEDENCE: Final = {"+": 1, "-": 1, "*": 2, "/": 2, "of": 2}
_SYMBOLS: Final = {"+": "+", "-": "−", "*": "×", "/": "/"}


class KindLabel(Protocol):
    """A kind of record, of which the words need the label alone."""

    @property
    def label(self) -> Text:
        """Return what a record of the kind is called."""


class Labels(Protocol):
    """What the words need of a vocabulary."""

    @property
    def kinds(self) -> Mapping[str, KindLabel]:
        """Return the kinds of records by name."""

    def field_label(self, record_type_name: str, field_name: str, /) -> Text:
        """Return what a field is called."""

    def member_label(self, enum_name: str, member: str, /) -> Text:
        """Return what a member of an enum is called."""

    def element_label(self, record_type_name: str, /) -> Text:
        """Return what one element of a list is called."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: in which rule, and the labels of the variables bound around it, innermost last."""

    rule: str | None = None
    locals: tuple[tuple[str, str], ...] = ()

    def bind(self, name: str, label: str) -> Scope:
        """Return the scope inside a binder."""
        return replace(self, locals=(*self.locals, (name, label)))


@dataclass(frozen=True, slots=True)
class Elements:
    """What a binder runs over: one element, several, the bare label of one, and the conditions on it with their scopes."""

    one: str
    many: str
    label: str
    where: tuple[tuple[core.Expr, Scope], ...] = ()


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of single expressions of one policy, in one language."""

    vocabulary: Labels
    policy: Policy
    lang: Lang

    # what callers use

    def expr(self, expr: core.Expr, rule: Rule | None = None) -> str:
        """Return an expression in words: a yes/no expression as a condition, any other as a value."""
        return self.text(expr, self.scope(rule))

    def binder(self, binder: core.Binder, rule: Rule | None = None) -> str:
        """Return `every rehabilitation day where (…)`."""
        return say("every", self.lang, element=self.binder_one(self.elements(binder, Scope(rule.id if rule else None))))

    def value(self, value: object, type_: Type, *, private: bool = False) -> str:
        """Return a value in words; None is not known, a private one is said to be there."""
        if private:
            return word("private", self.lang)
        if value is None:
            return word("unknown", self.lang)
        if isinstance(value, str) and isinstance(type_, EnumType):
            return self._member(type_, value)
        if isinstance(value, bool | int | Fraction | str | datetime.date | Period):
            return numbers.plain_value(value, type_, self.lang)
        if isinstance(value, list | tuple):
            return self._list_value(value, type_)
        return word("recorded", self.lang)

    def scope(self, rule: Rule | None) -> Scope:
        """Return the scope of a rule's conditions: its element is bound, where it has one."""
        scope = Scope(rule.id if rule else None)
        if rule is None or rule.for_each is None:
            return scope
        return scope.bind(rule.for_each.name, self.elements(rule.for_each, scope).label)

    def text(self, expr: core.Expr, scope: Scope) -> str:
        """Return an expression in words inside a scope."""
        return self.condition(expr, scope) if isinstance(expr.type, BoolType) else self._value(expr, scope)

    def limit(self, op: CompareOp, type_: Type, right: str) -> str:
        """Return what is said of a thing that a comparison holds for: `at least 6 h`, for `=` the value alone."""
        if op == "=":
            return right
        dated = op != "!=" and isinstance(type_, DateType)
        return say(f"{_OP_WORDS[op]} date" if dated else _OP_WORDS[op], self.lang, right=right)

    def record_label(self, kind: str) -> str:
        """Return what a record of a kind is called."""
        found = self.vocabulary.kinds.get(kind)
        return within(found.label.get(self.lang) or kind) if found else kind

    def element_label(self, type_: Type) -> str:
        """Return what one element of a list is called."""
        match type_:
            case RecordType():
                return within(self.vocabulary.element_label(type_.name).get(self.lang) or type_.name)
            case PairType():
                return say("pair", self.lang, element=self.element_label(type_.element))
            case DateType():
                return word("date", self.lang)
            case _:
                return word("value", self.lang)

    def field_label(self, type_: Type, name: str) -> str:
        """Return what a field of a record type is called."""
        if not isinstance(type_, RecordType):
            return name
        return within(self.vocabulary.field_label(type_.name, name).get(self.lang) or name)

    def parameter_label(self, name: str) -> str:
        """Return what a parameter is called."""
        parameter = self.policy.parameters.get(name)
        return within((parameter.label.get(self.lang) if parameter else "") or name)

    def question(self, reading: str) -> str:
        """Return the question of a reading in quotation marks."""
        found = self.policy.readings.get(reading)
        return f"«{(found.question.get(self.lang) if found else '') or reading}»"

    def option(self, reading: str, option: str) -> str:
        """Return what an option of a reading says, in quotation marks."""
        found = self.policy.readings.get(reading)
        text = (found.options[option].get(self.lang) if found and option in found.options else "") or option
        return f"«{within(text).removesuffix('.')}»"

    def definition(self, read: core.DefinitionRead, scope: Scope) -> Definition | None:
        """Return the definition that is read, of the rule or of the policy."""
        rule = self.policy.rule(scope.rule) if read.in_rule and scope.rule else None
        return (rule.definitions if rule else self.policy.definitions).get(read.name)

    def definition_scope(self, read: core.DefinitionRead, scope: Scope) -> Scope:
        """Return the scope that a definition's expression stands in."""
        if read.in_rule and scope.rule:
            return self.scope(self.policy.rule(scope.rule))
        return Scope()

    # conditions

    def condition(self, expr: core.Expr, scope: Scope, *, positive: bool = True) -> str:
        """Return a yes/no expression in words, or its denial where not `positive`."""
        match expr:
            case core.Not():
                return self.condition(expr.operand, scope, positive=not positive)
            case core.And() | core.Or():
                connective = word("and" if isinstance(expr, core.And) else "or", self.lang)
                text = f" {connective} ".join(self.bracketed(part, scope) for part in expr.operands)
                return text if positive else say("not", self.lang, operand=text)
            case core.Compare():
                return self._compare(expr, scope, positive=positive)
            case core.In():
                return self._is(expr.item, self._in(expr, scope, positive=positive), scope)
            case core.Includes():
                key = "includes" if positive else "not includes"
                return self._is(expr.collection, say(key, self.lang, right=self._value(expr.part, scope)), scope)
            case core.IsPresent():
                return self._is(expr.operand, word("present" if positive else "missing", self.lang), scope)
            case core.DueBy():
                text = self._is(expr.event, say("due by", self.lang, right=self._value(expr.limit, scope)), scope)
                return text if positive else say("not", self.lang, operand=text)
            case core.IsLate():
                key = "late" if positive else "not late"
                return self._is(expr.event, say(key, self.lang, right=self._value(expr.limit, scope)), scope)
            case core.Every():
                elements = self.elements(expr.binder, scope)
                body = self.condition(expr.body, scope.bind(expr.binder.name, elements.label))
                head = say("every" if positive else "not every", self.lang, element=self.binder_one(elements))
                return say("holds", self.lang, elements=head, body=body)
            case core.Some():
                return self._some(expr, scope, positive=positive)
            case core.AtLeast():
                text = self._counted(">=", expr.binder, expr.count, expr.body, scope)
                return text if positive else say("not", self.lang, operand=text)
            case core.If() if isinstance(expr.type, BoolType):
                return say(
                    "if",
                    self.lang,
                    condition=self.bracketed(expr.condition, scope),
                    yes=self.bracketed(expr.yes, scope, positive=positive),
                    no=self.bracketed(expr.no, scope, positive=positive),
                )
            case core.Constant():
                return word("always" if bool(expr.value) is positive else "never", self.lang)
            case core.DefinitionRead() if (found := self.definition(expr, scope)) and not found.label.get(self.lang):
                return self.condition(found.expr, self.definition_scope(expr, scope), positive=positive)
            case _:
                return self._is(expr, word("yes" if positive else "no", self.lang), scope)

    def bracketed(self, expr: core.Expr, scope: Scope, *, positive: bool = True) -> str:
        """Return a condition as a part of a longer one: in brackets where it has parts of its own."""
        text = self.condition(expr, scope, positive=positive)
        return f"({text})" if self.is_composite(expr, scope) or self._has_two_bounds(expr, scope) else text

    def is_composite(self, expr: core.Expr, scope: Scope) -> bool:
        """Return whether the words of a condition need brackets inside a longer one."""
        match expr:
            case core.And() | core.Or() | core.Every() | core.If():
                return True
            case core.Not():
                return self.is_composite(expr.operand, scope)
            case core.DefinitionRead() if (found := self.definition(expr, scope)) and not found.label.get(self.lang):
                return self.is_composite(found.expr, self.definition_scope(expr, scope))
            case _:
                return False

    def _has_two_bounds(self, expr: core.Expr, scope: Scope) -> bool:
        """Return whether the words of a condition say two bounds, joined by a connective of their own."""
        inner, inner_scope = self.opened(expr, scope)
        while isinstance(inner, core.Not):
            inner, inner_scope = self.opened(inner.operand, inner_scope)
        return isinstance(inner, core.In) and isinstance(self.opened(inner.collection, inner_scope)[0], core.MakeRange)

    def _is(self, subject: core.Expr, predicate: str, scope: Scope) -> str:
        return say("is", self.lang, left=self._value(subject, scope), right=predicate)

    def _compare(self, expr: core.Compare, scope: Scope, *, positive: bool) -> str:
        op: CompareOp = expr.op if positive else NEGATED[expr.op]
        left, right = expr.left, expr.right
        left_rank, right_rank = _rank(left), _rank(right)
        if right_rank > left_rank:
            left, right, op = right, left, MIRRORED[op]
        if isinstance(left, core.Count) and _is_fixed(right):
            return self._counted(op, left.binder, right, None, scope)
        if _is_fixed(right):
            return self._is(left, self.limit(op, left.type, self._value(right, scope)), scope)
        key = {"=": "eq", "!=": "ne computed"}.get(op)
        if op == "=" and isinstance(left.type, ListType | SetType):
            key = "eq many"
        words = self._value(right, scope)
        return self._is(left, say(key, self.lang, right=words) if key else self.limit(op, left.type, words), scope)

    def _in(self, expr: core.In, scope: Scope, *, positive: bool) -> str:
        collection = expr.collection
        inner, inner_scope = self.opened(collection, scope)
        if isinstance(inner, core.MakeRange):
            low, high = self._value(inner.low, inner_scope), self._value(inner.high, inner_scope)
            type_ = expr.item.type
            if positive:
                return f"{self.limit('>=', type_, low)} {word('and', self.lang)} {self.limit('<=', type_, high)}"
            return f"{self.limit('<', type_, low)} {word('or', self.lang)} {self.limit('>', type_, high)}"
        if isinstance(collection, core.MakeSet):
            items = [self._value(item, scope) for item in collection.items]
            if positive:
                return joined(items, word("or", self.lang))
            key = "not in many" if len(items) > 1 else "not in"
            return say(key, self.lang, right=joined(items, word("nor", self.lang)))
        kind = "range" if isinstance(collection.type, RangeType) else "list"
        return say(f"in {kind}" if positive else f"not in {kind}", self.lang, right=self._value(collection, scope))

    def _some(self, expr: core.Some, scope: Scope, *, positive: bool) -> str:
        elements = self._filtered(self.elements(expr.binder, scope), expr.binder, expr.body, scope)
        if positive:
            return say("some", self.lang, element=self.binder_one(elements))
        return say("no element", self.lang, elements=self._many(elements))

    def _counted(
        self, op: CompareOp, binder: core.Binder, amount: core.Expr, body: core.Expr | None, scope: Scope
    ) -> str:
        elements = self._filtered(self.elements(binder, scope), binder, body, scope)
        key = {"=": "exactly", "!=": "not exactly", "<": "lt count", ">": "gt count"}.get(op, _OP_WORDS[op])
        words = say(key, self.lang, right=self._value(amount, scope))
        if isinstance(amount, core.Constant) and amount.value == 1 and op != "!=":
            return say("counted one", self.lang, amount=words, element=self.binder_one(elements))
        return say("counted many", self.lang, amount=words, elements=self._many(elements))

    def _filtered(self, elements: Elements, binder: core.Binder, body: core.Expr | None, scope: Scope) -> Elements:
        """Return the elements with the body of a quantifier as a further condition: in words it is one."""
        if body is None:
            return elements
        return replace(elements, where=(*elements.where, (body, scope.bind(binder.name, elements.label))))

    # lists

    def elements(self, binder: core.Binder, scope: Scope) -> Elements:
        """Return what a binder runs over; definitions without a label are opened, their conditions joined to its own."""
        elements = self._collection(binder.collection, binder.element, scope)
        return self._filtered(elements, binder, binder.where, scope)

    def _collection(self, collection: core.Expr, element: Type, scope: Scope) -> Elements:
        label = self.element_label(element)
        match collection:
            case core.Each():
                return self.elements(collection.binder, scope)
            case core.DefinitionRead() if found := self.definition(collection, scope):
                own = within(found.label.get(self.lang))
                if own:
                    return Elements(say("path", self.lang, field=label, base=own), own, label)
                return self._collection(found.expr, element, self.definition_scope(collection, scope))
            case core.MakeRange():
                span = self._value(collection, scope)
                many = say("path", self.lang, field=word("dates", self.lang), base=span)
                return Elements(say("path", self.lang, field=label, base=span), many, label)
            case _:
                many = self._value(collection, scope)
                named = isinstance(element, RecordType | PairType)
                return Elements(label if named else say("path", self.lang, field=label, base=many), many, label)

    def binder_one(self, elements: Elements) -> str:
        """Return one element with the conditions on it."""
        if not elements.where:
            return elements.one
        return say("where one", self.lang, element=elements.one, where=self._where(elements))

    def _many(self, elements: Elements) -> str:
        if not elements.where:
            return elements.many
        return say("where many", self.lang, elements=elements.many, where=self._where(elements))

    def _where(self, elements: Elements) -> str:
        if len(elements.where) == 1:
            return self.condition(*elements.where[0])
        return f" {word('and', self.lang)} ".join(self.bracketed(*condition) for condition in elements.where)

    # values

    def _value(self, expr: core.Expr, scope: Scope) -> str:
        """Return an expression in words where a value is asked for."""
        match expr:
            case core.Constant():
                return self.value(expr.value, expr.type)
            case core.AsOf():
                return word("as of", self.lang)
            case core.Root():
                return self.record_label(expr.record)
            case core.FieldRead():
                return self._path(expr, scope)
            case core.PairSide():
                element = self.element_label(expr.type)
                return say(expr.side, self.lang, element=element)
            case core.Local():
                label = self._local(expr, scope) or self.element_label(expr.type)
                return say("this", self.lang, element=label) if self._outer_local(expr, scope) else label
            case core.DefinitionRead():
                found = self.definition(expr, scope)
                if found is None:
                    return expr.name
                label = within(found.label.get(self.lang))
                return label or self.text(found.expr, self.definition_scope(expr, scope))
            case core.ParameterRead():
                return self._parameter(self.policy.parameters.get(expr.name), expr.name)
            case core.ReadingRead():
                return self.question(expr.name)
            case core.MakeSet():
                return joined([self._value(item, scope) for item in expr.items], word("and", self.lang))
            case core.MakeRange():
                return self._range(expr, scope)
            case core.Arithmetic():
                return self._arithmetic(expr, scope)
            case core.If() if not isinstance(expr.type, BoolType):
                return "({})".format(
                    say(
                        "if",
                        self.lang,
                        condition=self.bracketed(expr.condition, scope),
                        yes=self._value(expr.yes, scope),
                        no=self._value(expr.no, scope),
                    )
                )
            case core.Count():
                return say("count", self.lang, elements=self._many(self.elements(expr.binder, scope)))
            case core.CountDistinct():
                elements = self.elements(expr.binder, scope)
                key = self._value(expr.key, scope.bind(expr.binder.name, elements.label))
                return say("count distinct", self.lang, key=key, elements=self._many(elements))
            case core.Each():
                return self._many(self.elements(expr.binder, scope))
            case core.The():
                return say("the", self.lang, element=self.binder_one(self.elements(expr.binder, scope)))
            case core.Aggregate():
                elements = self.elements(expr.binder, scope)
                parts = [self._many(elements)]
                if not isinstance(expr.value, core.Local):
                    parts.insert(0, self._value(expr.value, scope.bind(expr.binder.name, elements.label)))
                return f"{word(expr.name, self.lang)} ({'; '.join(parts)})"
            case core.Extremum():
                return f"{word(expr.name, self.lang)} ({'; '.join(self._value(value, scope) for value in expr.values)})"
            case core.Pairs():
                key = self._value(expr.key, scope.bind(expr.name, ""))
                return say("pairs", self.lang, elements=self._value(expr.collection, scope), key=key)
            case core.Call():
                arguments = [self._value(argument, scope) for argument in expr.arguments]
                return say(f"fn {expr.function}", self.lang, *arguments)
            case (
                core.Not()
                | core.And()
                | core.Or()
                | core.Compare()
                | core.In()
                | core.Includes()
                | core.IsPresent()
                | core.DueBy()
                | core.IsLate()
                | core.If()
                | core.Every()
                | core.Some()
                | core.AtLeast()
            ):
                return f"({self.condition(expr, scope)})"
            case _:
                assert_never(expr)

    def _range(self, expr: core.MakeRange, scope: Scope) -> str:
        """Return `1.4.2025–31.12.2025`; a dash has spaces around it where what it joins has some, or is a label."""
        low, high = self._value(expr.low, scope), self._value(expr.high, scope)
        plain = isinstance(expr.low, core.Constant) and isinstance(expr.high, core.Constant)
        close = plain and not {" ", NBSP} & {*low, *high}
        return say("range close" if close else "range", self.lang, low=low, high=high)

    def _path(self, expr: core.FieldRead, scope: Scope) -> str:
        """Return `reason (flex)`: the field, and what it belongs to unless that is plain from the place."""
        label, owners = self.field_label(expr.base.type, expr.field.name), []
        base = expr.base
        while isinstance(base, core.FieldRead):
            owners.append(self.field_label(base.base.type, base.field.name))
            base = base.base
        match base:
            case core.Root() if base.subject:
                pass
            case core.Local():
                owners += filter(None, [self._outer_local(base, scope)])
            case _:
                owners.append(self._value(base, scope))
        return say("path", self.lang, field=label, base=", ".join(owners)) if owners else label

    def _local(self, expr: core.Local, scope: Scope) -> str:
        return next((label for name, label in reversed(scope.locals) if name == expr.name), "")

    def _outer_local(self, expr: core.Local, scope: Scope) -> str:
        """Return what an outer variable is called, "" for the innermost one, whose fields need no owner."""
        names = [name for name, _ in scope.locals]
        if expr.name not in names or names[-1] == expr.name:
            return ""
        label = self._local(expr, scope)
        return say("this", self.lang, element=label) if label == scope.locals[-1][1] else label

    def _arithmetic(self, expr: core.Arithmetic, scope: Scope) -> str:
        left, right = expr.left, expr.right
        if expr.op == "+" and isinstance(right.type, DateType):
            left, right = right, left
        if isinstance(left.type, DateType) and isinstance(right.type, CalendarTimeType) and _is_fixed(right):
            date, periods = left, [self._value(right, scope)]
            # "1 month + 21 days after x" rather than "21 days after 1 month after x".
            while (inner := self._opened(date, scope)) and inner.op == expr.op == "+" and _is_fixed(inner.right):
                if not isinstance(inner.left.type, DateType):
                    break
                date = inner.left
                periods.insert(0, self._value(inner.right, scope))
            key = "after" if expr.op == "+" else "before"
            return say(key, self.lang, date=self._value(date, scope), period=" + ".join(periods))
        sides = [self._factor(expr, side, scope) for side in (expr.left, expr.right)]
        if expr.op == "of":
            return say("of", self.lang, share=sides[0], whole=sides[1])
        return f" {_SYMBOLS[expr.op]} ".join(sides)

    def opened(self, expr: core.Expr, scope: Scope) -> tuple[core.Expr, Scope]:
        """Return what an expression stands for where it only names a definition without a label, and its scope."""
        while isinstance(expr, core.DefinitionRead):
            found = self.definition(expr, scope)
            if found is None or found.label.get(self.lang):
                break
            scope = self.definition_scope(expr, scope)
            expr = found.expr
        return expr, scope

    def _opened(self, expr: core.Expr, scope: Scope) -> core.Arithmetic | None:
        inner, _ = self.opened(expr, scope)
        return inner if isinstance(inner, core.Arithmetic) else None

    def _factor(self, parent: core.Arithmetic, side: core.Expr, scope: Scope) -> str:
        text, inner = self._value(side, scope), self._opened(side, scope)
        if inner is None:
            return text
        own, outer = _PRECEDENCE[inner.op], _PRECEDENCE[parent.op]
        loose = own < outer or (own == outer and side is parent.right and parent.op != "+")
        return f"({text})" if loose else text

    def _parameter(self, parameter: Parameter | None, name: str) -> str:
        label = self.parameter_label(name)
        if parameter is None or parameter.value is None:
            return say("path", self.lang, field=label, base=word("unset", self.lang))
        return say("path", self.lang, field=self.value(parameter.value, parameter.type), base=label)

    def _member(self, type_: EnumType, member: str) -> str:
        if type_.name.startswith("reading "):
            return self.option(type_.name.removeprefix("reading "), member)
        if type_.name == "weekday":
            return numbers.plain_value(member, type_, self.lang)
        return within(self.vocabulary.member_label(type_.name, member).get(self.lang) or member)

    def _list_value(self, values: list[object] | tuple[object, ...], type_: Type) -> str:
        element = type_.element if isinstance(type_, ListType | SetType) else None
        if element is not None and not isinstance(element, RecordType) and 0 < len(values) <= 6:
            return ", ".join(self.value(value, element) for value in values)
        return f"{numbers.number(len(values), self.lang)} {word('item' if len(values) == 1 else 'items', self.lang)}"


def _rank(expr: core.Expr) -> int:
    """Return how much a side of a comparison wants to be what is spoken of: counts before facts, facts before numbers."""
    return 0 if _is_fixed(expr) else 2 if isinstance(expr, core.Count) else 1


def _is_fixed(expr: core.Expr) -> bool:
    """Return whether an expression is a constant or a parameter: what a thing is compared with."""
    return isinstance(expr, core.Constant | core.ParameterRead)
