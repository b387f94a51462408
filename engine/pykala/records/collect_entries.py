"""From the `collect:` of one schema file to checked collections; the vocabulary's types are there already.

Expressions go through the checker of the language; what is wrong is gathered as diagnostics.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from pykala.policy.model import Text
from pykala.policy.reading import NodeReader
from pykala.policy.strict_yaml import Mapping as YamlMapping
from pykala.policy.strict_yaml import Scalar, YamlNode
from pykala.records.collection import (
    HOWS,
    OF_THE_YEAR,
    PERIODS,
    CollectedField,
    Collection,
    Derived,
    Gathered,
    Grouped,
    How,
    Listed,
    Period,
    Stream,
    may_be_blank,
)
from pykala_dsl import core, nodes
from pykala_dsl.checker import Checker
from pykala_dsl.describe import describe, is_quantity
from pykala_dsl.diagnostics import Diagnostic, Label
from pykala_dsl.scope import Scope
from pykala_dsl.source import Source, Span
from pykala_dsl.suggest import closest
from pykala_dsl.typesys import (
    CountType,
    DateType,
    EnumType,
    ErrorType,
    FieldType,
    ListType,
    NumberType,
    RecordType,
    TextType,
    Type,
)

_COLLECTION = ("label", "like", "on_request", "by", "period", "from", "fields")
_STREAM = ("record", "for each", "where", "dated", "keys")
_GATHERED = ("of", *HOWS)


def read_collections(
    node: YamlNode, source: Source, kind: RecordType, kinds: Mapping[str, RecordType]
) -> tuple[tuple[Collection, ...], list[Diagnostic]]:
    """Return the collections of a kind, and what is wrong with them."""
    reader = _Reader(NodeReader(source), Checker(source), kind, kinds, node)
    found = [
        each
        for key, value in reader.nodes.entries(node, "`collect`", "write a name for each way to collect")
        if (each := reader.collection(key, value)) is not None
    ]
    diagnostics = [*reader.nodes.diagnostics, *reader.checker.diagnostics, *reader.nodes.findings]
    return tuple(found), diagnostics


@dataclass(slots=True)
class _Reader:
    nodes: NodeReader
    checker: Checker
    kind: RecordType
    kinds: Mapping[str, RecordType]
    root: YamlNode
    streams: dict[str, Stream] = field(default_factory=dict)
    scopes: dict[str, Scope] = field(default_factory=dict)

    def collection(self, key: Scalar, node: YamlNode) -> Collection | None:
        self.nodes.name(key, "the name of a way to collect")
        entry = self._whole(key, node)
        if entry is None:
            return None
        self.nodes.keys(entry, _COLLECTION, ("period", "from", "fields"), f"`{key.text}`", key.span)
        label = Text()
        if (words := entry.key("label")) is not None:
            label = self.nodes.language_map(entry.get("label"), f"the label of `{key.text}`", words.span)
        period = self.nodes.choice(entry.get("period"), PERIODS, "the period of a collection")
        by = tuple(self._keys(entry))
        self.streams, self.scopes = {}, {}
        for name, stream in self.nodes.entries(entry.get("from"), "`from`"):
            self._stream(name, stream, by, yearly=period == "year")
        fields = tuple(self._fields(entry, by))
        if period is None:
            return None
        on_request = self.nodes.choice(entry.get("on_request"), ("true", "false"), "`on_request`") == "true"
        return Collection(
            key.text,
            self.kind,
            label,
            by,
            cast("Period", period),
            self.streams,
            fields,
            self.nodes.source,
            on_request,
        )

    def _whole(self, key: Scalar, node: YamlNode) -> YamlMapping | None:
        """Return the entries of a collection, with those of the one that it is `like` where it has none of its own."""
        entry = self.nodes.mapping(node, f"`{key.text}`")
        like = self.nodes.scalar(entry.get("like"), "`like`") if entry is not None else None
        if entry is None or like is None:
            return entry
        others = {
            name.text: value for name, value in self.nodes.entries(self.root, "`collect`") if name.text != key.text
        }
        other = others.get(like.text)
        if not isinstance(other, YamlMapping) or other.get("like") is not None:
            near = closest(like.text, others)
            hint = f"did you mean `{near}`?" if near else "name one that is written out in this file"
            self.nodes.report("unknown-name", f"there is no collection `{like.text}` to be like", like.span, hint)
            return None
        inherited = (each for each in other.entries if entry.get(each[0].text) is None and each[0].text != "label")
        return YamlMapping((*entry.entries, *inherited), entry.span)

    def _keys(self, entry: YamlMapping) -> Iterator[str]:
        for item in self.nodes.one_or_more(entry.get("by")):
            scalar = self.nodes.scalar(item, "a key")
            declared = self._declared(scalar, self.kind) if scalar else None
            if scalar is None or declared is None:
                continue
            if not isinstance(declared.type, TextType | EnumType | CountType):
                self._bad(f"records cannot be grouped by {describe(declared.type)}", scalar.span, "group by a text")
            yield declared.name

    # ------------------------------------------------------------------ streams

    def _stream(self, key: Scalar, node: YamlNode, by: tuple[str, ...], *, yearly: bool) -> None:
        self.nodes.name(key, "the name of what is collected from")
        entry = self.nodes.mapping(node, f"`{key.text}`")
        if entry is None:
            return
        self.nodes.keys(entry, _STREAM, ("record",), f"`{key.text}`", key.span)
        kind = self.nodes.scalar(entry.get("record"), "`record`")
        if kind is None:
            return
        if kind.text == self.kind.name:
            self._bad(
                f"a {kind.text} is not collected from others of its kind",
                kind.span,
                "leave it out: such a record among the files completes the collected one",
            )
            return
        if kind.text not in self.kinds:
            near = closest(kind.text, self.kinds)
            hint = f"did you mean `{near}`?" if near else "known: " + ", ".join(sorted(self.kinds))
            self.nodes.report("unknown-record-kind", f"there are no records `{kind.text}`", kind.span, hint)
            return
        scope = Scope(self.kinds[kind.text])
        for_each = None
        binder = self.nodes.binder(entry.get("for each"), "`for each`")
        if binder is not None:
            for_each, scope = self.checker.binder(binder, scope)
        where = self._condition(entry, "where", scope)
        dated = self._dated(entry, key, scope, yearly=yearly)
        given = {name.text: (name, value) for name, value in self.nodes.entries(entry.get("keys"), "`keys`")}
        keys: dict[str, core.Expr] = {}
        for name, (scalar, value) in given.items():
            expr = self._expr(value, f"the key `{name}`", scope, self._key_type(name), public=True)
            if expr is not None and isinstance(expr.type, ListType | RecordType):
                self._bad(f"the key `{name}` is {describe(expr.type)}", scalar.span, "a key is one value")
            if expr is not None:
                keys[name] = expr
        for name in by:
            if name not in given and (own := self._same_named(name, scope, key.span)) is not None:
                keys[name] = own
        self.streams[key.text] = Stream(key.text, kind.text, for_each, where, dated, keys, self.nodes.source)
        self.scopes[key.text] = scope

    def _dated(self, entry: YamlMapping, key: Scalar, scope: Scope, *, yearly: bool) -> core.Expr | None:
        node = entry.get("dated")
        if node is None and yearly:
            hint = "add `dated:` with the date that decides it, or `dated: always`"
            self._bad(f"`{key.text}` does not say to which year it belongs", key.span, hint)
        if node is None or (isinstance(node, Scalar) and node.text == "always"):
            return None
        expr = self._expr(node, "`dated`", scope, DateType())
        if expr is not None and not isinstance(expr.type, DateType):
            self._bad(
                f"`dated` is {describe(expr.type)}, and no date", node.span, "name the date that decides the year"
            )
            return None
        return expr

    def _key_type(self, name: str) -> Type | None:
        if name in self.kind.fields:
            return self.kind.fields[name].type
        for declared in self.kind.fields.values():
            if isinstance(declared.type, ListType) and isinstance(declared.type.element, RecordType):
                inner = declared.type.element.fields.get(name)
                if inner is not None:
                    return inner.type
        return None

    def _same_named(self, name: str, scope: Scope, at: Span) -> core.Expr | None:
        own = scope.subject_field(name)
        if own is None or not _agree(own.type, self.kind.fields[name].type):
            self._bad(
                f"a {scope.subject.name} has no `{name}` to be grouped by",
                at,
                f"say which of its fields it is: `keys: {{{name}: …}}`",
            )
            return None
        root = core.Root(scope.subject.name, True, scope.subject, at)
        expr = core.FieldRead(root, own, own.type, at)
        return expr if self._public(expr, at) else None

    # ------------------------------------------------------------------ fields

    def _fields(self, entry: YamlMapping, by: tuple[str, ...]) -> Iterator[CollectedField]:
        for key, node in self.nodes.entries(entry.get("fields"), "`fields`"):
            if key.text in by:
                if entry.get("like") is None:
                    self._bad(f"`{key.text}` is a key already", key.span, "leave it out: each record has its keys")
                continue
            declared = self._declared(key, self.kind)
            found = self._field(key, node, declared) if declared is not None else None
            if found is None:
                continue
            if found.field.absence == "none" and not _always_said(found):
                self._bad(
                    f"`{key.text}` not given means that there is none, and a collected field may be in doubt",
                    key.span,
                    "declare it without `absence: none`, or leave it to people",
                )
            yield found

    def _field(self, key: Scalar, node: YamlNode, declared: FieldType) -> CollectedField | None:
        if isinstance(node, Scalar):
            scope = Scope(self.kind, locals=OF_THE_YEAR)
            expr = self._expr(node, f"`{key.text}`", scope, declared.type, public=True)
            if expr is None or not self._fits(expr, declared.type, key.text, node.span):
                return None
            return Derived(declared, expr)
        entry = self.nodes.mapping(node, f"`{key.text}`")
        if entry is None:
            return None
        if entry.get("each") is not None:
            return self._list(key, entry, declared)
        return self._gathered(key, entry, declared)

    def _gathered(self, key: Scalar, entry: YamlMapping, declared: FieldType) -> Gathered | None:
        self.nodes.keys(entry, _GATHERED, ("of",), f"`{key.text}`", key.span)
        named = [how for how in HOWS if entry.get(how) is not None]
        if len(named) != 1:
            hint = "write one of " + ", ".join(f"`{how}:`" for how in HOWS) + ", or `each:` for a list"
            self._bad(f"`{key.text}` does not say what becomes of its records", key.span, hint)
            return None
        how = named[0]
        exprs: dict[str, core.Expr] = {}
        for name in self._of(entry):
            expected = (
                declared.type.element if how == "values" and isinstance(declared.type, ListType) else declared.type
            )
            wanted = None if how == "count" else expected
            expr = self._expr(entry.get(how), f"`{how}`", self.scopes[name], wanted, public=how != "count")
            if expr is None or not self._goes(how, expr, declared, key):
                return None
            exprs[name] = expr
        return Gathered(declared, how, exprs) if exprs else None

    def _goes(self, how: How, expr: core.Expr, declared: FieldType, key: Scalar) -> bool:
        kind = declared.type
        if isinstance(expr.type, ErrorType):
            return False
        match how:
            case "count":
                plain = not isinstance(expr.type, ListType | RecordType)
                if not plain or not isinstance(kind, CountType):
                    hint = "count single values, such as `count: client.id`, into a field of `type: integer`"
                    return self._bad(f"`{key.text}` cannot be a count of {describe(expr.type)}", key.span, hint)
                return True
            case "values":
                if not isinstance(kind, ListType):
                    return self._bad(f"`{key.text}` is no list", key.span, "write `value:`, or declare it as an array")
                return self._fits(expr, kind.element, key.text, expr.span)
            case "sum" if not is_quantity(kind):
                return self._bad(
                    f"`{key.text}` is {describe(kind)}, which cannot be added up", key.span, "write `value:`"
                )
            case "earliest" | "latest" if not isinstance(kind, DateType):
                return self._bad(f"`{key.text}` is {describe(kind)}, and no date", key.span, "write `value:`")
            case _:
                return self._fits(expr, kind, key.text, expr.span)

    def _list(self, key: Scalar, entry: YamlMapping, declared: FieldType) -> Listed | Grouped | None:
        kind = declared.type
        if not isinstance(kind, ListType) or not isinstance(kind.element, RecordType):
            self._bad(f"`{key.text}` is no list of elements with fields", key.span, "write `value:` or `values:`")
            return None
        by = self.nodes.scalar(entry.get("by"), "`by`")
        self.nodes.keys(entry, ("of", "by", "each"), () if by else ("of",), f"`{key.text}`", key.span)
        if declared.absence == "none" and not may_be_blank(kind.element):
            hint = "declare the list without `absence: none`"
            self._bad(f"`{key.text}` could not show that an element may be missing", key.span, hint)
        if by is None:
            return self._listed(entry, declared, kind.element)
        return self._grouped(key, entry, declared, kind.element, by)

    def _listed(self, entry: YamlMapping, declared: FieldType, element: RecordType) -> Listed:
        exprs: dict[str, dict[str, core.Expr]] = {}
        for stream in self._of(entry):
            exprs[stream] = {}
            for name, value in self.nodes.entries(entry.get("each"), "`each`"):
                target = self._declared(name, element)
                if target is None:
                    continue
                expr = self._expr(value, f"`{name.text}`", self.scopes[stream], target.type, public=True)
                if expr is not None and self._fits(expr, target.type, name.text, value.span):
                    exprs[stream][name.text] = expr
        return Listed(declared, element, exprs)

    def _grouped(
        self, key: Scalar, entry: YamlMapping, declared: FieldType, element: RecordType, by: Scalar
    ) -> Grouped | None:
        target = self._declared(by, element)
        if target is None:
            return None
        fields: list[Gathered] = []
        for name, value in self.nodes.entries(entry.get("each"), "`each`"):
            inner = self._declared(name, element)
            under = self.nodes.mapping(value, f"`{name.text}`")
            found = self._gathered(name, under, inner) if inner is not None and under is not None else None
            if found is not None:
                fields.append(found)
        bringing = dict.fromkeys(stream for found in fields for stream in found.exprs)
        if entry.get("of") is not None:
            bringing |= dict.fromkeys(self._of(entry))
        for stream in bringing:
            if by.text not in self.streams[stream].keys:
                hint = f"add it to the `keys:` of `{stream}`"
                self._bad(f"`{stream}` does not say what its `{by.text}` is", key.span, hint)
                return None
        return Grouped(declared, element, by.text, tuple(fields), tuple(bringing))

    def _of(self, entry: YamlMapping) -> Iterator[str]:
        for item in self.nodes.one_or_more(entry.get("of")):
            scalar = self.nodes.scalar(item, "`of`")
            if scalar is None or scalar.text in self.streams:
                if scalar is not None:
                    yield scalar.text
                continue
            near = closest(scalar.text, self.streams)
            hint = f"did you mean `{near}`?" if near else "name one of those under `from`"
            self.nodes.report("unknown-name", f"nothing is collected from `{scalar.text}`", scalar.span, hint)

    # ------------------------------------------------------------------ parts

    def _declared(self, key: Scalar, record: RecordType) -> FieldType | None:
        found = record.fields.get(key.text)
        if found is None:
            near = closest(key.text, record.fields)
            hint = f"did you mean `{near}`?" if near else "declare it under `properties` first"
            self.nodes.report("unknown-field", f"`{record.name}` has no field `{key.text}`", key.span, hint)
        elif isinstance(found.type, NumberType):
            self._bad(f"`{key.text}` is a plain number, which is not collected", key.span, "collect a count or money")
            return None
        return found

    def _condition(self, entry: YamlMapping, key: str, scope: Scope) -> core.Expr | None:
        node = self.nodes.expression(entry.get(key), f"`{key}`")
        return self.checker.condition(node, scope, where=f"in `{key}`") if node is not None else None

    def _expr(
        self, node: YamlNode | None, what: str, scope: Scope, expected: Type | None, *, public: bool = False
    ) -> core.Expr | None:
        found: nodes.Node | None = self.nodes.expression(node, what)
        if found is None or node is None:
            return None
        expr = self.checker.value(found, scope, expected)
        if isinstance(expr.type, ErrorType):
            return None
        return expr if not public or self._public(expr, node.span) else None

    def _public(self, expr: core.Expr, at: Span) -> bool:
        private = next(
            (e.field.name for e in core.walk(expr) if isinstance(e, core.FieldRead) and e.field.private), None
        )
        if private is None:
            return True
        self.nodes.report(
            "private-collected",
            f"`{private}` is private, and would enter the collected record",
            at,
            "count it with `count:`, or collect another field",
        )
        return False

    def _fits(self, expr: core.Expr, kind: Type, name: str, at: Span) -> bool:
        if _agree(expr.type, kind):
            return True
        self.checker.diagnostics.append(
            Diagnostic(
                "type-mismatch",
                f"`{name}` is {describe(kind)}, and this is {describe(expr.type)}",
                self.nodes.source,
                (Label(at),),
                "collect a value of the field's own type",
            )
        )
        return False

    def _bad(self, message: str, span: Span, hint: str) -> bool:
        self.nodes.report("bad-collection", message, span, hint)
        return False


def _agree(one: Type, other: Type) -> bool:
    match one, other:
        case (ErrorType(), _) | (_, ErrorType()):
            return True
        case EnumType(_, a), EnumType(_, b):
            return bool(set(a) & set(b))
        case ListType(a), ListType(b):
            return _agree(a, b)
        case _:
            return one == other


def _always_said(found: CollectedField) -> bool:
    """Return whether a field whose absence means "none" is never left out in doubt."""
    match found:
        case Derived(_, expr):
            return isinstance(expr, core.Constant)
        case Listed() | Grouped():
            return True
        case Gathered():
            return False
