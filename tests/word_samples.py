"""A small world for the tests of words and reports: a record type, its labels in three languages, a policy."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from pykala.handbook.verbalize import Verbalizer
from pykala.policy.model import (
    Citation,
    Definition,
    InForce,
    Lang,
    Parameter,
    Policy,
    Reading,
    Rule,
    Severity,
    Text,
    UnlessException,
)
from pykala_dsl import core
from pykala_dsl.checker import Checker
from pykala_dsl.parser import parse_binder, parse_expression
from pykala_dsl.scope import Scope
from pykala_dsl.source import Fragment, Source, Span
from pykala_dsl.typesys import (
    BoolType,
    CalendarTimeType,
    CountType,
    DateType,
    EnumType,
    ExactTimeType,
    FieldType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    ShareType,
    TextType,
    Type,
)

SOURCE: Final = Source("sample.yaml", "")
SPAN: Final = Span(0, 0)

PHASE = EnumType("phase", ("planning", "workplace"))
STATUS = EnumType("status", ("planned", "delivered", "absent"))
REASON = EnumType("reason", ("work_ability", "functional_capacity", "other"))
ATTACHMENT = EnumType("attachment", ("GAS", "KU5"))


def _record(name: str, *fields: FieldType) -> RecordType:
    return RecordType(name, {field.name: field for field in fields})


FLEX = _record("case.days[].flex", FieldType("reason", REASON, absence="none"))
DAY = _record(
    "case.days[]",
    FieldType("date", DateType(), required=True),
    FieldType("length", ExactTimeType()),
    FieldType("status", STATUS),
    FieldType("phase", PHASE),
    FieldType("paid", BoolType()),
    FieldType("flex", FLEX, absence="none"),
)
CONTACT = _record(
    "case.contacts[]",
    FieldType("date", DateType(), event=True, absence="none"),
    FieldType("end", DateType()),
    FieldType("coach", TextType(), private=True),
    FieldType("length", ExactTimeType()),
)
LINE = _record("case.lines[]", FieldType("day_date", DateType()), FieldType("amount", MoneyType()))
MEETING = _record("case.first_meeting", FieldType("date", DateType()))
CASE = _record(
    "case",
    FieldType("phase", PHASE),
    FieldType("days", ListType(DAY, "date")),
    FieldType("contacts", ListType(CONTACT, "date")),
    FieldType("lines", ListType(LINE)),
    FieldType("first_meeting", MEETING),
    FieldType("started_on", DateType(), event=True, absence="none"),
    FieldType("ended_on", DateType(), event=True, absence="none"),
    FieldType("suitable", BoolType(), judged=True),
    FieldType("waived", BoolType()),
    FieldType("flex_days", ListType(DateType())),
    FieldType("attachments", ListType(ATTACHMENT)),
    FieldType("turnover", MoneyType()),
    FieldType("clients", CountType()),
    FieldType("factor", NumberType()),
    FieldType("share", ShareType()),
    FieldType("notice", CalendarTimeType("days")),
    FieldType("reason", REASON, private=True),
)
CERTIFICATE = _record("certificate", FieldType("given_on", DateType()), FieldType("visit", MEETING))

LABELS: Final[dict[str, tuple[str, str, str]]] = {
    "case": ("Tapaus", "Ärende", "Case"),
    "certificate": ("Osallistumistodistus", "Deltagarintyg", "Certificate of participation"),
    "certificate.given_on": ("Antopäivä", "Utfärdat", "Given on"),
    "certificate.visit": ("Käynti", "Besök", "Visit"),
    "case.phase": ("Vaihe", "Fas", "Phase"),
    "case.days": ("Kuntoutuspäivät", "Rehabiliteringsdagar", "Rehabilitation days"),
    "case.days[]": ("Kuntoutuspäivä", "Rehabiliteringsdag", "Rehabilitation day"),
    "case.days[].date": ("Päivä", "Datum", "Date"),
    "case.days[].length": ("Pituus", "Längd", "Length"),
    "case.days[].status": ("Tila", "Status", "Status"),
    "case.days[].phase": ("Vaihe", "Fas", "Phase"),
    "case.days[].paid": ("Palkallinen työ", "Avlönat arbete", "Paid work"),
    "case.days[].flex": ("Jousto", "Flexibilitet", "Flex"),
    "case.days[].flex.reason": ("Syy", "Orsak", "Reason"),
    "case.contacts": ("Yhteydenotot", "Kontakter", "Contacts"),
    "case.contacts[]": ("Yhteydenotto", "Kontakt", "Contact"),
    "case.contacts[].date": ("Päivä", "Datum", "Date"),
    "case.contacts[].end": ("Päättyminen", "Slut", "End"),
    "case.contacts[].coach": ("Valmentaja", "Coach", "Coach"),
    "case.contacts[].length": ("Kesto", "Längd", "Length"),
    "case.lines": ("Laskurivit", "Fakturarader", "Invoice lines"),
    "case.lines[]": ("Laskurivi", "Fakturarad", "Invoice line"),
    "case.lines[].day_date": ("Rivin päivä", "Radens datum", "Date of the line"),
    "case.lines[].amount": ("Määrä", "Belopp", "Amount"),
    "case.first_meeting": ("Ensimmäinen tapaaminen", "Första mötet", "First meeting"),
    "case.first_meeting.date": ("Päivä", "Datum", "Date"),
    "case.started_on": ("Aloitus", "Start", "Started on"),
    "case.ended_on": ("Päättyminen", "Slut", "Ended on"),
    "case.suitable": ("Soveltuva", "Lämplig", "Suitable"),
    "case.waived": ("Luovuttu", "Avstått", "Waived"),
    "case.flex_days": ("Joustopäivät", "Flexdagar", "Flex days"),
    "case.attachments": ("Liitteet", "Bilagor", "Attachments"),
    "case.turnover": ("Liikevaihto", "Omsättning", "Turnover"),
    "case.clients": ("Asiakkaita", "Klienter", "Clients"),
    "case.factor": ("Kerroin", "Faktor", "Factor"),
    "case.share": ("Osuus", "Andel", "Share"),
    "case.notice": ("Ilmoitusaika", "Varseltid", "Notice"),
    "case.reason": ("Syy", "Orsak", "Reason"),
    "phase.planning": ("Suunnittelu", "Planering", "Planning"),
    "phase.workplace": ("Työpaikalla", "På arbetsplats", "At the workplace"),
    "status.planned": ("Suunniteltu", "Planerad", "Planned"),
    "status.delivered": ("Toteutunut", "Genomförd", "Delivered"),
    "status.absent": ("Poissa", "Frånvaro", "Absent"),
    "reason.work_ability": ("Työkyky", "Arbetsförmåga", "Work ability"),
    "reason.functional_capacity": ("Toimintakyky", "Funktionsförmåga", "Functional capacity"),
    "reason.other": ("Muu", "Annan", "Other"),
    "attachment.GAS": ("GAS-lomake", "GAS-blankett", "GAS form"),
    "attachment.KU5": ("KU 5", "KU 5", "KU 5"),
}


def text(key: str) -> Text:
    """Return a label of the sample world."""
    return Text(*LABELS[key]) if key in LABELS else Text()


@dataclass(frozen=True)
class SampleKind:
    label: Text


@dataclass(frozen=True)
class SampleVocabulary:
    """The labels above in the shape of a vocabulary."""

    kinds: Mapping[str, SampleKind]

    def field_label(self, record_type_name: str, field_name: str, /) -> Text:
        return text(f"{record_type_name}.{field_name}")

    def member_label(self, enum_name: str, member: str, /) -> Text:
        return text(f"{enum_name}.{member}")

    def element_label(self, record_type_name: str, /) -> Text:
        return text(record_type_name)


VOCABULARY = SampleVocabulary({kind: SampleKind(text(kind)) for kind in ("case", "certificate")})

_PARAMETERS: Final[dict[str, tuple[Type, core.Value | None, Text]]] = {
    "shortest_day": (ExactTimeType(), 360, Text("Lyhin päivä", "Kortaste dag", "Shortest day")),
    "video_cap": (CountType(), None, Text("Kuvapuhelujen enimmäismäärä", "Högsta antal videosamtal", "Video call cap")),
    "cap": (CountType(), 45, Text("Enimmäismäärä", "Högsta antal", "Cap")),
}
_READINGS: Final = {
    "short_illness": (
        Text("Pidentääkö lyhyt sairaus aikaa?", "Förlänger en kort sjukdom tiden?", "Does a short illness extend it?"),
        {"extends": Text("Pidentää", "Förlänger", "Extends"), "does_not": Text("Ei pidennä", "Nej", "Does not")},
    )
}
_DEFINITIONS: Final = {
    "delivered": ("each day in days where day.status = delivered", Text()),
    "workdays": (
        "each day in days where day.phase = workplace",
        Text("Työpaikkapäivät", "Arbetsplatsdagar", "Workplace days"),
    ),
    "month_end": ("first_meeting.date + 1 month", Text()),
    "deadline": ("first_meeting.date + 14 days", Text("Määräpäivä", "Förfallodag", "Deadline")),
    "extends": ("reading(short_illness) = extends or waived", Text()),
    "both": ("shortest_day + 1 h", Text()),
    "span": ("started_on .. ended_on", Text("Kuntoutusaika", "Rehabiliteringstid", "Rehabilitation period")),
    "open_span": ("started_on .. as_of", Text()),
}


class World:
    """The sample policy, and expressions checked in it."""

    def __init__(self) -> None:
        self.checker = Checker(SOURCE)
        parameters = {
            name: Parameter(name, type_, value, label, (cite("day-length"),), SOURCE, SPAN)
            for name, (type_, value, label) in _PARAMETERS.items()
        }
        readings = {
            name: Reading(name, question, options, None, Text(), (), SOURCE, SPAN)
            for name, (question, options) in _READINGS.items()
        }
        self.scope = Scope(
            CASE,
            records={"certificate": CERTIFICATE},
            parameters={name: parameter.type for name, parameter in parameters.items()},
            readings={name: reading.type for name, reading in readings.items()},
        )
        definitions: dict[str, Definition] = {}
        for name, (written, label) in _DEFINITIONS.items():
            definitions[name] = Definition(name, self.expr(written), SOURCE, SPAN, label)
            self.scope = replace(self.scope, definitions={key: found.expr for key, found in definitions.items()})
        self.policy = Policy(
            id="work-trial",
            version="2025-04",
            title=Text("Työkokeilu", "Arbetsprövning", "Work try-out"),
            service="work-trial",
            subject=CASE,
            record="case",
            with_records={"certificate": "optional"},
            with_types={"certificate": CERTIFICATE},
            applies_to=None,
            selected_by=None,
            in_force=InForce(datetime.date(2025, 4, 1)),
            transition=None,
            followed_until=None,
            amends=None,
            includes=(),
            readings=readings,
            parameters=parameters,
            definitions=definitions,
            typical=MappingProxyType({}),
            rules=(),
            sha256="0" * 64,
            source=SOURCE,
            span=SPAN,
        )

    def expr(self, written: str, scope: Scope | None = None) -> core.Expr:
        """Return the typed core of an expression; a mistake in a test's text fails the test."""
        found = self.checker.value(parse_expression(Fragment.of(written)), scope or self.scope)
        assert not self.checker.diagnostics, self.checker.diagnostics
        return found

    def rule(
        self,
        require: str,
        *,
        rule_id: str = "day-length",
        title: Text | None = None,
        for_each: str | None = None,
        define: Mapping[str, str] | None = None,
        when: str | None = None,
        unless: Mapping[str, str] | None = None,
        pending_while: str | None = None,
        computes: Mapping[str, str] | None = None,
        message: Mapping[Lang, tuple[str, ...]] | None = None,
        severity: Severity | None = None,
    ) -> Rule:
        """Return a rule; a message alternates between text and expressions, text first."""
        from pykala.policy.model import MessagePart

        scope, binder = self.scope, None
        if for_each is not None:
            binder, scope = self.checker.binder(parse_binder(Fragment.of(for_each)), scope)
        definitions = {name: self._definition(name, written, scope) for name, written in (define or {}).items()}
        scope = replace(scope, rule_definitions={name: found.expr for name, found in definitions.items()})
        amounts = {name: self._definition(name, written, scope) for name, written in (computes or {}).items()}
        named = replace(scope, computed={name: found.expr for name, found in amounts.items()})
        return Rule(
            id=rule_id,
            phase="delivery",
            severity=severity or Severity(),
            title=title
            or Text("Kuntoutuspäivän pituus", "Rehabiliteringsdagens längd", "Length of the rehabilitation day"),
            note=Text(),
            cite=(cite("day-length"),),
            for_each=binder,
            definitions=definitions,
            when=self.expr(when, scope) if when else None,
            require=self.expr(require, scope),
            unless=tuple(
                UnlessException(name, Text(), self.expr(written, scope), SOURCE, SPAN)
                for name, written in (unless or {}).items()
            ),
            pending_while=self.expr(pending_while, scope) if pending_while else None,
            computes=amounts,
            message={
                lang: tuple(
                    MessagePart(part, self.expr(part, named) if index % 2 else None) for index, part in enumerate(parts)
                )
                for lang, parts in (message or {}).items()
            },
            examples=(),
            source=SOURCE,
            span=SPAN,
        )

    def _definition(self, name: str, written: str, scope: Scope) -> Definition:
        return Definition(name, self.expr(written, scope), SOURCE, SPAN)

    def with_rules(self, *rules: Rule) -> Policy:
        """Return the policy with these rules."""
        return replace(self.policy, rules=rules)

    def words(self, lang: Lang, policy: Policy | None = None) -> Verbalizer:
        """Return the words of the policy in a language."""
        return Verbalizer(VOCABULARY, policy or self.policy, lang)


def cite(statement: str) -> Citation:
    """Return a citation of the sample source."""
    return Citation("work-trial-2025", statement, SPAN)
