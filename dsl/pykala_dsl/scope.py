"""What the names of an expression can mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pykala_dsl import core
from pykala_dsl.typesys import EnumType, FieldType, RecordType, Type


@dataclass(frozen=True, slots=True)
class Scope:
    """The names in reach, in order of precedence: locals, rule and policy definitions, parameters, fields, records.

    `computed` holds the rule's computed amounts, which only messages may name; they stand for their expression.
    """

    subject: RecordType
    records: Mapping[str, RecordType] = field(default_factory=dict)
    parameters: Mapping[str, Type] = field(default_factory=dict)
    readings: Mapping[str, EnumType] = field(default_factory=dict)
    definitions: Mapping[str, core.Expr] = field(default_factory=dict)
    rule_definitions: Mapping[str, core.Expr] = field(default_factory=dict)
    computed: Mapping[str, core.Expr] = field(default_factory=dict)
    locals: Mapping[str, Type] = field(default_factory=dict)

    def with_local(self, name: str, kind: Type) -> Scope:
        """Return the scope inside a binder."""
        return replace(self, locals={**self.locals, name: kind})

    def taken(self, name: str) -> str | None:
        """Return what the name already means (`a parameter`, …), or None where it is free to be bound."""
        for what, names in (
            ("a bound name", self.locals),
            ("a definition of this rule", self.rule_definitions),
            ("a definition of the policy", self.definitions),
            ("a parameter", self.parameters),
            ("a field of the record", self.subject.fields),
            ("a record", self.records),
        ):
            if name in names:
                return what
        return "the date of the check" if name == "as_of" else "the record" if name == self.subject.name else None

    def names(self) -> Iterator[str]:
        """Yield every name in reach, for suggestions."""
        yield "as_of"
        yield self.subject.name
        for names in (
            self.locals,
            self.computed,
            self.rule_definitions,
            self.definitions,
            self.parameters,
            self.subject.fields,
            self.records,
        ):
            yield from names

    def subject_field(self, name: str) -> FieldType | None:
        """Return the subject's field of that name."""
        return self.subject.fields.get(name)
