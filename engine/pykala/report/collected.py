"""What collecting leaves to tell: what the records rest on, which had no place, which fields stayed open and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Final

from pykala.handbook.numbers import date
from pykala.handbook.words import pick
from pykala.policy.model import Lang
from pykala.records.collect import Collected
from pykala.records.vocabulary import Vocabulary
from pykala.report.style import cleaned

SHOWN_AT_MOST = 20

_TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "collected": (
        "Koottu {0}, tilanne {1}; lähteenä {2}.",
        "Sammanställt {0}, läget {1}; källa {2}.",
        "Collected {0}, as of {1}; from {2}.",
    ),
    "unused": ("Ei käytetty: {0}.", "Inte använt: {0}.", "Not used: {0}."),
    "absent": ("Tietueiden joukossa ei ole: {0}.", "Bland posterna finns inte: {0}.", "Not among the records: {0}."),
    "unplaced": (
        "Nämä eivät kerro, mihin ne kuuluvat. Mitä ne voisivat muuttaa, jää auki:",
        "Dessa säger inte vart de hör. Det som de kunde ändra förblir öppet:",
        "These do not say where they belong. What they could change stays open:",
    ),
    "unfilled": ("Auki jäi:", "Öppet förblev:", "Left open:"),
    "people": (
        "Näitä ei koota mistään; ne lisää ihminen: {0}.",
        "Dessa sammanställs inte; en människa lägger till dem: {0}.",
        "Nothing collects these; people add them: {0}.",
    ),
    "unmatched": (
        "Ei täydennä mitään koottua, viety sellaisenaan: {0}.",
        "Kompletterar inget sammanställt, taget som det är: {0}.",
        "Completes nothing that was collected, taken as it is: {0}.",
    ),
    "more": ("… ja {0} muuta", "… och {0} till", "… and {0} more"),
}


def write_notes(collected: Collected, vocabulary: Vocabulary, kind: str, lang: Lang, out: IO[str]) -> None:
    """Write what the collected records rest on and what they leave open, in a language. No value of a record is shown."""
    for line in notes(collected, vocabulary, kind, lang):
        out.write(cleaned(line) + "\n")


def notes(collected: Collected, vocabulary: Vocabulary, kind: str, lang: Lang) -> Iterator[str]:
    """Yield the lines of the notes."""

    def tell(key: str, *args: object) -> str:
        return pick(_TEXTS[key], lang).format(*args)

    def counted(kinds: dict[str, int]) -> str:
        return ", ".join(f"{count} × {_label(vocabulary, name, lang)}" for name, count in kinds.items())

    yield tell(
        "collected", counted({kind: len(collected.records)}), date(collected.as_of, lang), counted(collected.read)
    )
    if collected.unused:
        yield tell("unused", counted(collected.unused))
    if collected.absent:
        yield tell("absent", ", ".join(_label(vocabulary, name, lang) for name in collected.absent))
    if collected.unmatched:
        yield tell("unmatched", ", ".join(collected.unmatched))
    if collected.unplaced:
        yield tell("unplaced")
        several = len(vocabulary.kinds[kind].collections) > 1
        lines = (
            f"{each.origin} ({each.id}): {', '.join(each.facts)}" + (f" [{each.collection}]" if several else "")
            for each in collected.unplaced
        )
        yield from _capped(lines, len(collected.unplaced), lang)
    if collected.unfilled:
        yield tell("unfilled")
        fields: dict[str, list[str]] = {}
        for each in collected.unfilled:
            fields.setdefault(each.path, []).append(each.record_id)
        lines = (f"{path}: {_some(ids, lang)}" for path, ids in fields.items())
        yield from _capped(lines, len(fields), lang)
    if collected.left_to_people:
        yield tell("people", ", ".join(collected.left_to_people))


def _capped(lines: Iterable[str], count: int, lang: Lang) -> Iterator[str]:
    for _, line in zip(range(SHOWN_AT_MOST), lines, strict=False):
        yield f"  {line}"
    if count > SHOWN_AT_MOST:
        yield "  " + pick(_TEXTS["more"], lang).format(count - SHOWN_AT_MOST)


def _some(ids: list[str], lang: Lang) -> str:
    shown = ", ".join(ids[:5])
    return shown if len(ids) <= 5 else f"{shown} {pick(_TEXTS['more'], lang).format(len(ids) - 5)}"


def _label(vocabulary: Vocabulary, kind: str, lang: Lang) -> str:
    return vocabulary.kinds[kind].label.get(lang).lower()
