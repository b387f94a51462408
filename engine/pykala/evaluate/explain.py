"""A verdict explained: a `Result` with its reason in, words out.

Nothing is evaluated again: the steps that the evaluator recorded are put in words. A private fact is only said
to be recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from pykala.evaluate.result import Contested, Fact, Reason, Result, Step, Undecided
from pykala.handbook.verbalize import LONG, Verbalizer
from pykala.handbook.words import pick, say, verdict_word, within, word
from pykala.policy.model import LANGUAGES, Lang, UnlessException
from pykala.policy.sources import Register, Statement
from pykala_dsl import core
from pykala_dsl.typesys import (
    BoolType,
    CalendarTimeType,
    DateType,
    EnumType,
    FieldType,
    ListType,
    Period,
    RecordType,
    TextType,
    Type,
)

Mark: TypeAlias = Literal["yes", "no", "open", "unknown"]
Role: TypeAlias = Literal["when", "require", "unless", "pending"]
SHOWN_ELEMENTS: Final = 5
"""How many elements of a list an explanation shows under one quantifier."""

_CAUSES: Final[dict[str, tuple[str, str, str]]] = {
    "fact": ("kirjaamatta: {0}", "inte antecknat: {0}", "not recorded: {0}"),
    "ahead": ("ei ole vielä tapahtunut: {0}", "har inte inträffat än: {0}", "has not happened yet: {0}"),
    "judgement": ("ihmisen arvioitava: {0}", "en människa måste bedöma: {0}", "needs a person: {0}"),
    "parameter": ("luku puuttuu lähteistä: {0}", "talet saknas i källorna: {0}", "number not in the sources: {0}"),
    "reading": ("avoin kysymys: {0}", "öppen fråga: {0}", "open question: {0}"),
    "record": ("asiakirja puuttuu: {0}", "handlingen saknas: {0}", "record not given: {0}"),
    "no_value": ("arvoa ei ole: {0}", "värdet finns inte: {0}", "has no value: {0}"),
}
_ALONE: Final = ("{0} (ratkaisisi yksin)", "{0} (skulle ensam avgöra)", "{0} (would settle it alone)")
_CONTESTED: Final = ("jos {0} {1}: {2}", "om {0} {1}: {2}", "if {0} {1}: {2}")
_AHEAD: Final = ("ei ole vielä tapahtunut ({0})", "har inte inträffat än ({0})", "has not happened yet ({0})")
_MORE: Final = ("ja {0} muuta", "och {0} till", "and {0} more")
_NOW: Final = ("nyt {0}", "nu {0}", "now {0}")
_DIFFERENCE: Final = ("ero {0}", "skillnad {0}", "difference {0}")
_UNVERIFIED: Final = ("{0} (vahvistamaton)", "{0} (obekräftad)", "{0} (unverified)")
_ROLES: Final[dict[Role, tuple[str, str, str]]] = {
    "when": ("ehto", "villkor", "condition"),
    "require": ("vaatimus", "krav", "required"),
    "unless": ("poikkeus", "undantag", "unless"),
    "pending": ("vielä avoinna, kun", "öppet så länge", "open while"),
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """A line of the reason: what was asked, what was found, and the outcome."""

    depth: int
    text: str
    found: str
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the rule that was tried; `name` and `title` are an exception's."""

    role: Role
    role_word: str
    name: str
    title: str
    mark: Mark
    lines: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact that was read: its label, its value in words, and where it stands."""

    label: str
    value: str
    record: str
    path: str


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """A parameter that was read, its value, and the statements that give it."""

    name: str
    label: str
    value: str
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CitationLine:
    """A statement that the rule rests on, as the register has it."""

    source: str
    statement: str
    title: str
    place: str
    says: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a verdict is what it is, in one language."""

    verdict: str
    rule: str
    title: str
    element: str
    record_id: str
    policy: str
    version: str
    message: str
    due: str
    parts: tuple[Part, ...]
    facts: tuple[FactLine, ...]
    parameters: tuple[ParameterLine, ...]
    readings: tuple[str, ...]
    contested: tuple[str, ...]
    undecided: tuple[str, ...]
    nearest: str
    citations: tuple[CitationLine, ...]


def explain(result: Result, verbalizer: Verbalizer, register: Register | None = None) -> Explanation:
    """Return why a verdict is what it is. A result without its reason gives what can be said without one."""
    lang, rule, policy = verbalizer.lang, result.rule, result.policy
    keys = element_keys(result, verbalizer)
    steps = list(_all_steps(result.reason))
    return Explanation(
        verdict=verdict_word(result.verdict, lang),
        rule=rule.id,
        title=result_title(result, lang),
        element=element_text(result, verbalizer),
        record_id=result.record_id,
        policy=policy.title.get(lang) or policy.id,
        version=policy.version,
        message=message_text(result, verbalizer) if result.verdict == "fail" else "",
        due=verbalizer.value(result.due, DateType()) if result.due else "",
        parts=tuple(_parts(result, verbalizer, keys)),
        facts=tuple(_fact_lines(steps, result, verbalizer, keys)),
        parameters=tuple(_parameter_lines(steps, verbalizer)),
        readings=tuple(_reading_lines(steps, verbalizer)),
        contested=tuple(contested_text(verbalizer, item) for item in result.contested),
        undecided=tuple(undecided_text(verbalizer, item, keys) for item in result.undecided),
        nearest=nearest_text(result, verbalizer),
        citations=tuple(citations(result, lang, register)),
    )


# pieces that reports use too


def element_keys(result: Result, verbalizer: Verbalizer) -> dict[str, str]:
    """Return the words by which people know the elements that the reason met, by path (`days[3]` → `8.5.2025`)."""
    keys: dict[str, str] = {}
    for step in _all_steps(result.reason):
        fact = step.fact
        owner, _, name = fact.path.rpartition(".") if fact else ("", "", "")
        if fact is None or fact.state != "given" or fact.private or not owner.endswith("]"):
            continue
        known_by = _identifier(verbalizer, owner)
        if known_by is not None and known_by.name == name:
            keys[owner] = verbalizer.value(fact.value, fact.type)
    if result.at and result.element_key is not None:
        keys[result.at] = _element_key(result, verbalizer)
    return keys


def result_title(result: Result, lang: Lang) -> str:
    """Return what a result is about: its rule, or the whole policy where it stands for that."""
    if result.for_policy:
        return result.policy.title.get(lang) or result.policy.id
    return result.rule.title.get(lang) or result.rule.id


def element_text(result: Result, verbalizer: Verbalizer) -> str:
    """Return what the judged element is called: its date, say, or its number in the list; "" for a whole record."""
    if not result.at:
        return ""
    if result.element_key is not None:
        return _element_key(result, verbalizer)
    index = result.at.rpartition("[")[2].removesuffix("]")
    return f"{int(index) + 1}." if index.isdigit() else result.at


def message_text(result: Result, verbalizer: Verbalizer) -> str:
    """Return the rule's message with its values put in; without one, what the rule requires."""
    messages = result.rule.message
    parts = next((messages[lang] for lang in (verbalizer.lang, *LANGUAGES) if messages.get(lang)), None)
    if parts is None:
        return verbalizer.expr(result.rule.require, result.rule)
    return "".join(
        part.text if part.value is None else _message_value(result, verbalizer, part.value) for part in parts
    )


def undecided_text(verbalizer: Verbalizer, item: Undecided, keys: Mapping[str, str] | None = None) -> str:
    """Return what is undecided, and whether it alone could settle the verdict."""
    match item.kind:
        case "parameter":
            name = verbalizer.parameter_label(item.name)
        case "reading":
            name = verbalizer.question(item.name)
        case "record":
            name = verbalizer.record_label(item.name)
        case "no_value":
            name = item.name
        case "fact" | "judgement":
            name = verbalizer.fact_label(item.name, keys)
    text = pick(_CAUSES["ahead" if item.ahead else item.kind], verbalizer.lang).format(name)
    return pick(_ALONE, verbalizer.lang).format(text) if item.alone else text


def contested_text(verbalizer: Verbalizer, item: Contested) -> str:
    """Return which other reading would give which other verdict."""
    return pick(_CONTESTED, verbalizer.lang).format(
        verbalizer.question(item.reading),
        verbalizer.option(item.reading, item.option),
        verdict_word(item.verdict, verbalizer.lang),
    )


def nearest_text(result: Result, verbalizer: Verbalizer) -> str:
    """Return the nearest change that would turn a deviation, in words, "" where no single fact decides."""
    found = result.nearest
    if found is None:
        return ""
    lang = verbalizer.lang
    private = False
    if found.path is None:
        if found.counted is None:
            return ""
        limit = core.Constant(found.limit, found.type, found.counted.span)
        text = verbalizer.expr(core.Compare(found.op, found.counted, limit, BoolType(), limit.span), result.rule)
    else:
        within_element = found.path.removeprefix(f"{result.at}.") if result.at else found.path
        field = field_at(verbalizer, found.path)
        private = field is not None and field.private
        label = verbalizer.fact_label(found.path, element_keys(result, verbalizer))
        if within_element != found.path and "." not in within_element and "[" not in within_element and field:
            owner = found.path.rpartition(".")[0]
            label = verbalizer.field_label(_type_at(verbalizer, owner) or field.type, field.name)
        text = say(
            "is",
            lang,
            left=label,
            right=verbalizer.limit(found.op, found.type, verbalizer.value(found.limit, found.type)),
        )
    if found.value is None:
        return f"{text} ({word('none', lang)})"
    now = pick(_NOW, lang).format(verbalizer.value(found.value, found.type, private=private))
    if found.difference is None or private:
        return f"{text} ({now})"
    days = isinstance(found.difference, Period) and isinstance(found.type, DateType)
    difference = verbalizer.value(found.difference, CalendarTimeType("days") if days else found.type)
    return f"{text} ({now}, {pick(_DIFFERENCE, lang).format(difference)})"


def exception_title(result: Result, lang: Lang) -> str:
    """Return the title of the exception that excuses, "" without one."""
    found = next((item for item in result.rule.unless if item.name == result.exception), None)
    return within(found.title.get(lang) or found.name) if found else ""


def citations(result: Result, lang: Lang, register: Register | None) -> Iterator[CitationLine]:
    """Yield the statements that the rule rests on, with the place in the source where the register knows it."""
    for cite in result.rule.cite:
        statement = register.statements.get((cite.source, cite.statement)) if register else None
        source = register.sources.get(cite.source) if register else None
        yield CitationLine(
            cite.source,
            cite.statement,
            _title(source.title.get(lang) if source else cite.source, statement, lang),
            statement.place.get(lang) if statement else "",
            statement.says.get(lang) if statement else "",
        )


def _title(title: str, statement: Statement | None, lang: Lang) -> str:
    unverified = statement is not None and statement.unverified
    return pick(_UNVERIFIED, lang).format(title) if unverified else title


# steps in words


def is_private(step: Step) -> bool:
    """Return whether a step's value comes from a private fact, itself or through a step inside it."""
    return (step.fact is not None and step.fact.private) or any(is_private(child) for child in step.steps)


def mark_of(step: Step) -> Mark:
    """Return the outcome of a yes/no step in one word."""
    match step.outcomes:
        case None:
            return "unknown" if step.value is None else "yes"
        case outcomes if len(outcomes) != 1:
            return "unknown"
        case outcomes if "met" in outcomes:
            return "yes"
        case outcomes if "open" in outcomes:
            return "open"
        case _:
            return "no"


def _parts(result: Result, words: Verbalizer, keys: Mapping[str, str]) -> Iterator[Part]:
    reason = result.reason
    if reason is None:
        return
    tried: list[tuple[Role, UnlessException | None, Step | None]] = [
        ("when", None, reason.when),
        ("require", None, reason.require),
        *(("unless", item, step) for item, step in reason.unless),
        ("pending", None, reason.pending_while),
    ]
    for role, exception, step in tried:
        if step is not None:
            yield Part(
                role,
                pick(_ROLES[role], words.lang),
                exception.name if exception else "",
                within(exception.title.get(words.lang) or exception.name) if exception else "",
                mark_of(step),
                tuple(_step_lines(step, result, words, keys, 0, deciding=role == "unless")),
            )


def _step_lines(
    step: Step, result: Result, words: Verbalizer, keys: Mapping[str, str], depth: int, *, deciding: bool = False
) -> Iterator[StepLine]:
    """Yield the lines of a step; `deciding` leaves out what a false `and` does not hang on."""
    expr, lang = step.expr, words.lang
    inner = [child for child in step.steps if child.outcomes is not None]
    if deciding and isinstance(expr, core.And) and mark_of(step) == "no":
        inner = [child for child in inner if mark_of(child) == "no"]
    match expr:
        case core.And() | core.Or() if len(inner) > 1:
            yield StepLine(depth, word("all of" if isinstance(expr, core.And) else "any of", lang), "", mark_of(step))
            for child in inner:
                yield from _step_lines(child, result, words, keys, depth + 1, deciding=deciding)
        case core.And() | core.Or() if len(inner) == 1 and mark_of(inner[0]) == mark_of(step):
            yield from _step_lines(inner[0], result, words, keys, depth, deciding=deciding)
        case core.DefinitionRead() if len(inner) == 1:
            found = words.definition(expr, words.scope(result.rule))
            if found is not None and found.label.get(lang):
                yield StepLine(depth, words.expr(expr, result.rule), "", mark_of(step))
                depth += 1
            yield from _step_lines(inner[0], result, words, keys, depth, deciding=deciding)
        case core.Every() | core.Some() | core.AtLeast():
            yield from _told(step, "", result, words, depth)
            yield from _element_lines(inner, isinstance(expr, core.Every), result, words, keys, depth + 1)
        case _:
            yield from _told(step, _found(step, words), result, words, depth)


def _told(step: Step, found: str, result: Result, words: Verbalizer, depth: int) -> Iterator[StepLine]:
    """Yield a condition with its outcome: a long one by the value of its limit where that is known, else in lines."""
    text, shorter = words.expr(step.expr, result.rule), ""
    if len(text) > LONG:
        shorter = _by_value(step, result, words)
        text = shorter or text
    if len(text) <= LONG or shorter:
        yield StepLine(depth, text, found, mark_of(step))
        return
    for index, line in enumerate(words.condition_lines(step.expr, result.rule)):
        yield StepLine(depth + line.depth, line.text, *(("", None) if index else (found, mark_of(step))))


def _by_value(step: Step, result: Result, words: Verbalizer) -> str:
    """Return a comparison or a deadline with the limit that its long expression came to, "" where that is not known."""
    match step.expr:
        case core.Compare(op, subject, limit):
            pass
        case core.DueBy(subject, limit) | core.IsLate(subject, limit):
            op = "<=" if isinstance(step.expr, core.DueBy) else ">"
        case _:
            return ""
    side = next((child for child in step.steps if child.expr == limit and child.outcomes is None), None)
    if side is None or side.value is None or isinstance(limit, core.Constant | core.ParameterRead) or is_private(side):
        return ""
    value = words.value(side.value, limit.type)
    return say("is", words.lang, left=words.expr(subject, result.rule), right=words.limit(op, limit.type, value))


def _element_lines(
    steps: list[Step], every: bool, result: Result, words: Verbalizer, keys: Mapping[str, str], depth: int
) -> Iterator[StepLine]:
    """Yield the elements that decide: those that do not satisfy an `every`, those that may satisfy a `some`, else all of it."""
    named = [step for step in steps if step.element is not None]
    telling = [step for step in named if mark_of(step) != ("yes" if every else "no")]
    if not telling and not every:
        telling = named
    for step in telling[:SHOWN_ELEMENTS]:
        label = words.fact_label(step.element or "", keys)
        yield StepLine(depth, label, _found(step, words), mark_of(step))
    if len(telling) > SHOWN_ELEMENTS:
        yield StepLine(depth, pick(_MORE, words.lang).format(len(telling) - SHOWN_ELEMENTS), "", None)


def _found(step: Step, words: Verbalizer) -> str:
    """Return what the record says about a condition: the value of its left side, else of the facts it read."""
    expr = step.expr
    if isinstance(expr, core.Compare | core.In | core.DueBy | core.IsLate):
        subject = {"Compare": "left", "In": "item", "DueBy": "event", "IsLate": "event"}[type(expr).__name__]
        wanted: core.Expr = getattr(expr, subject)
        if isinstance(wanted, core.Constant | core.ParameterRead) and isinstance(expr, core.Compare):
            wanted = expr.right
        side = next((child for child in step.steps if child.expr == wanted and child.outcomes is None), None)
        if isinstance(wanted, core.ReadingRead):
            return ""
        if side is not None and side.value is not None:
            return words.value(side.value, side.expr.type, private=is_private(side))
        read = [item.fact for item in _walk(side) if item.fact is not None] if side is not None else []
        if len(read) == 1:
            # A list that is there and gives no value (the earliest of none) is no fact that could be shown for it.
            empty = read[0].state == "given" and read[0].value is None and not read[0].private
            return word("none", words.lang) if empty else _fact_value(read[0], words)
        return word("unknown", words.lang) if side is not None else ""
    facts = list(dict.fromkeys(_fact_value(item.fact, words) for item in _walk(step) if item.fact is not None))
    return ", ".join(facts[:3])


def _fact_value(fact: Fact, words: Verbalizer) -> str:
    if fact.planned is not None:
        return pick(_AHEAD, words.lang).format(words.value(fact.planned, fact.type, private=fact.private))
    match fact.state:
        case "none":
            return word("none", words.lang)
        case "unknown":
            return word("unknown", words.lang)
        case "given" if fact.value is None and not fact.private:
            return word("recorded", words.lang)
        case "given":
            return words.value(fact.value, fact.type, private=fact.private)


def _fact_lines(
    steps: Iterable[Step], result: Result, words: Verbalizer, keys: Mapping[str, str]
) -> Iterator[FactLine]:
    """Yield the facts that were read, each once; of an object that is not there, not its fields too."""
    seen: set[str] = set()
    facts = [step.fact for step in steps if step.fact is not None]
    absent = {fact.path for fact in facts if fact.state != "given"}
    for fact in facts:
        if fact.path in seen or isinstance(fact.type, ListType):
            continue
        if any(fact.path.startswith(f"{path}.") for path in absent):
            continue
        seen.add(fact.path)
        origin = result.record if fact.record in (result.policy.record, "") else fact.record
        yield FactLine(words.fact_label(fact.path, keys), _fact_value(fact, words), origin, fact.path)


def _parameter_lines(steps: Iterable[Step], words: Verbalizer) -> Iterator[ParameterLine]:
    names = dict.fromkeys(step.expr.name for step in steps if isinstance(step.expr, core.ParameterRead))
    for name in names:
        parameter = words.policy.parameters.get(name)
        if parameter is None:
            continue
        unset = parameter.value is None
        value = word("unset", words.lang) if unset else words.value(parameter.value, parameter.type)
        yield ParameterLine(name, words.parameter_label(name), value, tuple(str(cite) for cite in parameter.cite))


def _reading_lines(steps: Iterable[Step], words: Verbalizer) -> Iterator[str]:
    for name in dict.fromkeys(step.expr.name for step in steps if isinstance(step.expr, core.ReadingRead)):
        reading = words.policy.readings.get(name)
        if reading is not None:
            chosen = words.option(name, reading.chosen) if reading.chosen else word("open", words.lang)
            yield say("is", words.lang, left=words.question(name), right=chosen)


def _all_steps(reason: Reason | None) -> Iterator[Step]:
    if reason is None:
        return
    for step in (reason.when, reason.require, *(step for _, step in reason.unless), reason.pending_while):
        if step is not None:
            yield from _walk(step)


def _walk(step: Step) -> Iterator[Step]:
    yield step
    for child in step.steps:
        yield from _walk(child)


def _message_value(result: Result, words: Verbalizer, expr: core.Expr) -> str:
    value = result.message_values.get(expr)
    private = value is not None and reads_private(expr, words, result)
    return words.value(value, expr.type, private=private)


def reads_private(expr: core.Expr, words: Verbalizer, result: Result) -> bool:
    """Return whether a value can hold what a private field says; a yes or no, a count or an amount does not count."""
    if not isinstance(expr.type, EnumType | ListType | TextType):
        return isinstance(expr, core.FieldRead) and expr.field.private
    for part in core.walk(expr):
        if isinstance(part, core.FieldRead) and part.field.private:
            return True
        if isinstance(part, core.DefinitionRead):
            found = words.definition(part, words.scope(result.rule))
            if found is not None and reads_private(found.expr, words, result):
                return True
    return False


def _element_key(result: Result, words: Verbalizer) -> str:
    """Return the words of the judged element's key."""
    known_by = _identifier(words, result.at or "")
    type_: Type = known_by.type if known_by else DateType()
    return words.value(result.element_key, type_, private=known_by is not None and known_by.private)


def field_at(words: Verbalizer, path: str) -> FieldType | None:
    """Return the field that a path of a record leads to, None where it leads to none."""
    owner, _, name = path.rpartition(".")
    type_ = _type_at(words, owner)
    return type_.fields.get(name.partition("[")[0]) if isinstance(type_, RecordType) else None


def _identifier(words: Verbalizer, owner: str) -> FieldType | None:
    """Return the field that people know an element by, from the path of the element (`days[3]`)."""
    field = field_at(words, owner)
    if field is None or not owner.endswith("]") or not isinstance(field.type, ListType):
        return None
    key, element = field.type.identified_by, field.type.element
    return element.fields.get(key) if key and isinstance(element, RecordType) else None


def _type_at(words: Verbalizer, path: str) -> Type | None:
    """Return the type at a path: of the subject for "", of an element for `days[3]`."""
    type_: Type = words.policy.subject
    names = path.split(".") if path else []
    if names and names[0] in words.policy.with_types:
        type_, names = words.policy.with_types[names[0]], names[1:]
    for name in names:
        field = type_.fields.get(name.partition("[")[0]) if isinstance(type_, RecordType) else None
        if field is None:
            return None
        type_ = field.type.element if name.endswith("]") and isinstance(field.type, ListType) else field.type
    return type_
