"""An impact in words: what `pykala impact` prints, as text, as Markdown for a pull request, or as JSON.

In: an `Impact` and the vocabularies of its sides. Out: lines in one language, or data in all three.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pykala.evaluate import explain as words_of
from pykala.evaluate.because import because_json
from pykala.evaluate.result import Result
from pykala.handbook.numbers import date, number
from pykala.handbook.verbalize import Labels, Verbalizer
from pykala.handbook.words import NBSP, pick, verdict_word
from pykala.policy.model import LANGUAGES, Lang
from pykala.quality.impact import Direction, Expected, Impact, Outcome, RuleImpact, Turn, Turned

FORMAT: Final = "pykala.impact/1"
_WORDS: Final[dict[str, tuple[str, str, str]]] = {
    "heading": ("Sääntöjen muutos: {0} → {1}", "Ändring av reglerna: {0} → {1}", "Policy change: {0} → {1}"),
    "none": ("ei sääntöä", "ingen regel", "no rule"),
    "nothing": (
        "Yhdenkään tietueen tulos ei muutu ({0} tietuetta).",
        "Inget resultat ändras ({0} poster).",
        "No verdict changes ({0} records).",
    ),
    "so many": (
        "{0} tietuetta {1} tietueesta muuttuu ({2} %); tarkastuspäivä {3}.",
        "{0} av {1} poster ändras ({2} %); granskningsdag {3}.",
        "{0} of {1} records change ({2} %); as of {3}.",
    ),
    "rule": ("sääntö", "regel", "rule"),
    "change": ("muutos", "ändring", "change"),
    "records": ("tietueita", "poster", "records"),
    "verdicts": ("tuloksia", "resultat", "verdicts"),
    "of all": ("kaikista", "av alla", "of all"),
    "examples": ("Esimerkkejä", "Exempel", "Examples"),
    "before": ("ennen", "före", "before"),
    "after": ("nyt", "nu", "after"),
    "unexpected": (
        "Muutoksia, joita ei ole kirjattu odotetuiksi:",
        "Ändringar som inte är antecknade som väntade:",
        "Changes that are not among the expected ones:",
    ),
    "missing": (
        "Odotettuja muutoksia, joita ei tullut:",
        "Väntade ändringar som inte kom:",
        "Expected changes that did not come:",
    ),
    "as meant": (
        "Muutokset ovat ne, jotka on kirjattu odotetuiksi.",
        "Ändringarna är de som är antecknade som väntade.",
        "The changes are the expected ones.",
    ),
    "none expected": (
        "Odotettuja muutoksia ei ole kirjattu.",
        "Inga väntade ändringar är antecknade.",
        "No expected changes are declared.",
    ),
    "problems": (
        "Tietueita, joita ei voitu lukea: {0}",
        "Poster som inte kunde läsas: {0}",
        "Records that could not be read: {0}",
    ),
}


@dataclass(frozen=True, slots=True)
class ImpactWords:
    """Puts an impact into the words of one language; each side has a vocabulary of its own."""

    lang: Lang
    before: Labels
    after: Labels

    def word(self, key: str, *args: object) -> str:
        """Return a word of the report."""
        return pick(_WORDS[key], self.lang).format(*args)

    def outcome(self, outcome: Outcome) -> str:
        """Return a verdict in words."""
        return self.word("none") if outcome == "none" else verdict_word(outcome, self.lang)

    def direction(self, direction: Direction) -> str:
        """Return `pass → fail` in words."""
        return f"{self.outcome(direction[0])} → {self.outcome(direction[1])}"

    def title(self, rule: RuleImpact) -> str:
        """Return what a rule is called, or its id where the side that has it no longer names it."""
        found = rule.policy.rule(rule.rule_id)
        return (found.title.get(self.lang) if found is not None else "") or rule.rule_id

    def element(self, turned: Turned) -> str:
        """Return the record and the element that an example is about."""
        result = turned.after or turned.before
        assert result is not None
        words = Verbalizer(self.after if turned.after else self.before, result.policy, self.lang)
        element = words_of.element_text(result, words) if turned.at is not None else ""
        return f"{turned.record_id} {element}".rstrip()

    def why(self, result: Result | None, *, old: bool) -> str:
        """Return a verdict and the reason for it in a line."""
        if result is None:
            return self.word("none")
        words = Verbalizer(self.before if old else self.after, result.policy, self.lang)
        match result.verdict:
            case "fail":
                told = words_of.message_text(result, words)
            case "unknown":
                keys = words_of.element_keys(result, words)
                told = "; ".join(words_of.undecided_text(words, item, keys) for item in result.undecided)
            case "excused":
                told = words_of.exception_title(result, self.lang)
            case "pending":
                told = "" if result.due is None else date(result.due, self.lang)
            case "pass" | "not_applicable":
                told = "; ".join(self._facts(result, words))
        verdict = verdict_word(result.verdict, self.lang)
        return f"{verdict}: {told}" if told else verdict

    def _facts(self, result: Result, words: Verbalizer) -> list[str]:
        """Return the first facts that a verdict rests on, which no message tells."""
        if result.reason is None:
            return []
        found = words_of.explain(result, words).facts
        return [f"{line.label} {line.value}" for line in found[:3]]


def impact_lines(
    found: Impact,
    words: ImpactWords,
    surplus: Sequence[Expected] = (),
    missing: Sequence[Expected] = (),
    *,
    declared: bool = True,
    markdown: bool = False,
) -> Iterator[str]:
    """Yield the lines of an impact for people, what was not expected last. Spaces are plain, for searching."""
    form = _markdown if markdown else _text
    for line in (*form(found, words), *_judgement(found, words, surplus, missing, declared, markdown)):
        yield line.replace(NBSP, " ")


def _head(found: Impact, words: ImpactWords) -> str:
    lang = words.lang
    if not found.turned:
        return words.word("nothing", number(found.records, lang))
    share = found.turned * 1000 // found.records
    text = f"{share // 10}.{share % 10}"
    shown = text if lang == "en" else text.replace(".", ",")
    return words.word(
        "so many", number(found.turned, lang), number(found.records, lang), shown, date(found.as_of, lang)
    )


def _text(found: Impact, words: ImpactWords) -> Iterator[str]:
    yield words.word("heading", found.before, found.after)
    yield _head(found, words)
    for rule in found.rules:
        yield ""
        yield f"{rule.name} · {words.title(rule)}"
        for turn in rule.turns:
            counts = f"{len(turn.records)} {words.word('records')}, {turn.verdicts} {words.word('verdicts')}"
            yield f"  {words.direction(turn.direction)}: {counts}"
            for example in turn.examples:
                yield f"    {words.element(example)}"
                yield f"      {words.word('before')}: {words.why(example.before, old=True)}"
                yield f"      {words.word('after')}: {words.why(example.after, old=False)}"


def _markdown(found: Impact, words: ImpactWords) -> Iterator[str]:
    yield f"### {words.word('heading', found.before, found.after)}"
    yield ""
    yield _head(found, words)
    if not found.rules:
        return
    names = [words.word(key) for key in ("rule", "change", "records", "verdicts")]
    yield from ("", "| " + " | ".join(names) + " |", "|---|---|--:|--:|")
    for rule in found.rules:
        for turn in rule.turns:
            cells = (
                f"`{rule.name}` {_cell(words.title(rule))}",
                words.direction(turn.direction),
                number(len(turn.records), words.lang),
                number(turn.verdicts, words.lang),
            )
            yield "| " + " | ".join(cells) + " |"
    yield from ("", f"<details><summary>{words.word('examples')}</summary>", "")
    for rule in found.rules:
        for turn in rule.turns:
            for example in turn.examples:
                yield f"- **{_cell(words.element(example))}** · `{rule.name}`"
                yield f"  - {words.word('before')}: {_cell(words.why(example.before, old=True))}"
                yield f"  - {words.word('after')}: {_cell(words.why(example.after, old=False))}"
    yield from ("", "</details>")


def _judgement(
    found: Impact,
    words: ImpactWords,
    surplus: Sequence[Expected],
    missing: Sequence[Expected],
    declared: bool,
    markdown: bool,
) -> Iterator[str]:
    if found.problems:
        yield from ("", words.word("problems", len(found.problems)))
    if found.turned and not declared:
        yield from ("", words.word("none expected"))
    elif (found.turned or declared) and not surplus and not missing:
        if found.turned:
            yield from ("", words.word("as meant"))
        return
    for key, items in (("unexpected", surplus if declared else ()), ("missing", missing)):
        if items:
            yield from ("", words.word(key))
            mark = "- " if markdown else "  "
            yield from (f"{mark}{_expected_text(item, words)}" for item in items)


def _expected_text(item: Expected, words: ImpactWords) -> str:
    count = "" if item.records is None else f" ({item.records} {words.word('records')})"
    return f"{item.rule}: {words.direction(item.direction)}{count}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


# ---------------------------------------------------------------------- JSON


def impact_json(
    found: Impact, before: Labels, after: Labels, surplus: Iterable[Expected] = (), missing: Iterable[Expected] = ()
) -> dict[str, Any]:
    """Return an impact as data; texts are in all languages."""
    words = {lang: ImpactWords(lang, before, after) for lang in LANGUAGES}
    return {
        "format": FORMAT,
        "before": found.before,
        "after": found.after,
        "as_of": found.as_of.isoformat(),
        "records": found.records,
        "turned": found.turned,
        "rules": [
            {
                "policy": rule.policy.id,
                "rule": rule.rule_id,
                "title": {lang: each.title(rule) for lang, each in words.items()},
                "records": rule.records,
                "turns": [_turn_json(turn, words) for turn in rule.turns],
            }
            for rule in found.rules
        ],
        "unexpected": [_expected_json(item) for item in surplus],
        "missing": [_expected_json(item) for item in missing],
        "errors": [
            {"record": problem.origin, "code": problem.code, "path": problem.path, "message": problem.message}
            for problem in found.problems
        ],
    }


def _turn_json(turn: Turn, words: dict[Lang, ImpactWords]) -> dict[str, Any]:
    return {
        "from": turn.direction[0],
        "to": turn.direction[1],
        "verdicts": turn.verdicts,
        "records": list(turn.records),
        "examples": [
            {
                "record": example.record,
                "record_id": example.record_id,
                "at": example.at,
                **{side: _side_json(example, words, old=side == "before") for side in ("before", "after")},
            }
            for example in turn.examples
        ],
    }


def _side_json(example: Turned, words: dict[Lang, ImpactWords], *, old: bool) -> dict[str, Any] | None:
    result = example.before if old else example.after
    if result is None:
        return None
    labels = words["fi"].before if old else words["fi"].after
    return {
        "verdict": result.verdict,
        "why": {lang: each.why(result, old=old) for lang, each in words.items()},
        "because": because_json(result, labels),
    }


def _expected_json(item: Expected) -> dict[str, Any]:
    return {"rule": item.rule, "from": item.direction[0], "to": item.direction[1], "records": item.records}
