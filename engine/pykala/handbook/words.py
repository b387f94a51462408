"""The words of the three languages, as tables: everything that the product says around the labels of the vocabulary.

Finnish and Swedish are never inflected here: a label stands as the vocabulary gives it, after a colon or in
brackets. A template names its parts in braces. Each entry is (Finnish, Swedish, English).
"""

from __future__ import annotations

from functools import cache
from typing import Final

from pykala.handbook.forms import forms
from pykala.policy.model import LANGUAGES, AuditClass, Lang, Responsible, Verdict

NBSP: Final = "\u00a0"

_INDEX: Final[dict[Lang, int]] = {lang: index for index, lang in enumerate(LANGUAGES)}

WORDS: Final[dict[str, tuple[str, str, str]]] = {
    # values
    "yes": ("kyllä", "ja", "yes"),
    "no": ("ei", "nej", "no"),
    "unknown": ("ei tiedossa", "inte känt", "not known"),
    "none": ("ei kirjattu", "saknas", "not recorded"),
    "private": ("«kirjattu»", "«antecknat»", "«recorded»"),
    "recorded": ("kirjattu", "finns", "recorded"),
    "unset": ("ei annettu lähteissä", "anges inte i källorna", "not given in the sources"),
    "item": ("kpl", "st", "item"),
    "items": ("kpl", "st", "items"),
    "open": ("avoin", "öppet", "open"),
    # the shape of a condition: a label and what is said of it
    "is": ("{left}: {right}", "{left}: {right}", "{left}: {right}"),
    "path": ("{field} ({base})", "{field} ({base})", "{field} ({base})"),
    "eq": ("sama kuin {right}", "samma som {right}", "same as {right}"),
    "eq many": ("samat kuin {right}", "samma som {right}", "same as {right}"),
    "ne": ("muu kuin {right}", "inte {right}", "not {right}"),
    "ne computed": ("eri kuin {right}", "inte samma som {right}", "not the same as {right}"),
    "lt": ("vähemmän kuin {right}", "mindre än {right}", "less than {right}"),
    "le": ("enintään {right}", "högst {right}", "at most {right}"),
    "gt": ("enemmän kuin {right}", "mer än {right}", "more than {right}"),
    "ge": ("vähintään {right}", "minst {right}", "at least {right}"),
    "gt count": ("enemmän kuin {right}", "fler än {right}", "more than {right}"),
    "lt count": ("vähemmän kuin {right}", "färre än {right}", "fewer than {right}"),
    "lt date": ("aikaisemmin kuin {right}", "tidigare än {right}", "earlier than {right}"),
    "le date": ("viimeistään {right}", "senast {right}", "no later than {right}"),
    "gt date": ("myöhemmin kuin {right}", "senare än {right}", "later than {right}"),
    "ge date": ("aikaisintaan {right}", "tidigast {right}", "no earlier than {right}"),
    "exactly": ("täsmälleen {right}", "exakt {right}", "exactly {right}"),
    "not exactly": ("muu määrä kuin {right}", "ett annat antal än {right}", "a number other than {right}"),
    "not in": ("muu kuin {right}", "inte {right}", "not {right}"),
    "not in many": ("muu kuin {right}", "varken {right}", "neither {right}"),
    "nor": ("tai", "eller", "nor"),
    "in range": ("rajoissa ({right})", "inom gränserna ({right})", "within {right}"),
    "not in range": ("ei rajoissa ({right})", "inte inom gränserna ({right})", "not within {right}"),
    "in list": ("mukana luettelossa ({right})", "med i listan ({right})", "on the list ({right})"),
    "not in list": ("ei mukana luettelossa ({right})", "inte med i listan ({right})", "not on the list ({right})"),
    "includes": ("joukossa {right}", "bland dem {right}", "including {right}"),
    "not includes": ("joukossa eivät kaikki: {right}", "bland dem inte alla: {right}", "not including all of {right}"),
    "present": ("kirjattu", "finns", "recorded"),
    "missing": ("ei kirjattu", "saknas", "not recorded"),
    "due by": ("viimeistään {right}", "senast {right}", "no later than {right}"),
    "late": ("myöhässä (viimeistään {right})", "för sent (senast {right})", "late (due by {right})"),
    "not late": (
        "ei myöhässä (viimeistään {right})",
        "inte för sent (senast {right})",
        "not late (due by {right})",
    ),
    # connectives
    "always": ("aina", "alltid", "always"),
    "never": ("ei koskaan", "aldrig", "never"),
    "and": ("ja", "och", "and"),
    "or": ("tai", "eller", "or"),
    "not": ("ei päde: ({operand})", "gäller inte: ({operand})", "not: ({operand})"),
    "all of": ("kaikki seuraavat:", "alla följande:", "all of these:"),
    "any of": ("jokin seuraavista:", "något av följande:", "any of these:"),
    "none of": ("ei mikään seuraavista:", "inget av följande:", "none of these:"),
    "not all of": ("eivät kaikki seuraavat:", "inte alla följande:", "not all of these:"),
    "if": (
        "jos {condition}, niin {yes}, muuten {no}",
        "om {condition}, så {yes}, annars {no}",
        "if {condition}, then {yes}, otherwise {no}",
    ),
    "if line": ("jos:", "om:", "if:"),
    "then line": ("silloin:", "då:", "then:"),
    "else line": ("muuten:", "annars:", "otherwise:"),
    # lists
    "where one": ("{element}, jolla ({where})", "{element} där ({where})", "{element} where ({where})"),
    "where many": ("{elements}, joilla ({where})", "{elements} där ({where})", "{elements} where ({where})"),
    "where line one": ("{element}, jolla:", "{element} där:", "{element} where:"),
    "where line many": ("{elements}, joilla:", "{elements} där:", "{elements} where:"),
    "every": ("jokainen {element}", "varje {element}", "every {element}"),
    "not every": ("ei jokainen {element}", "inte varje {element}", "not every {element}"),
    "some": ("vähintään 1 {element}", "minst 1 {element}", "at least 1 {element}"),
    "no element": ("ei yhtään: {elements}", "inga {elements}", "no {elements}"),
    "counted one": ("{amount} {element}", "{amount} {element}", "{amount} {element}"),
    "counted many": ("{amount}: {elements}", "{amount}: {elements}", "{amount}: {elements}"),
    "holds": ("{elements}: {body}", "{elements}: {body}", "{elements}: {body}"),
    "the": ("se {element}", "{element}", "the {element}"),
    "this": ("tämä {element}", "{element} i fråga", "this {element}"),
    "value": ("arvo", "värde", "value"),
    "date": ("päivä", "datum", "date"),
    "dates": ("päivät", "datum", "dates"),
    "count": ("lukumäärä ({elements})", "antal ({elements})", "number ({elements})"),
    "count distinct": (
        "eri arvojen määrä ({key}; {elements})",
        "antal olika värden ({key}; {elements})",
        "number of different values ({key}; {elements})",
    ),
    "sum": ("summa", "summa", "sum"),
    "average": ("keskiarvo", "medeltal", "average"),
    "earliest": ("aikaisin", "tidigaste", "earliest"),
    "latest": ("myöhäisin", "senaste", "latest"),
    "min": ("pienin", "minsta", "smallest"),
    "max": ("suurin", "största", "largest"),
    "pairs": (
        "peräkkäiset: {elements} (järjestys: {key})",
        "i följd: {elements} (ordning: {key})",
        "consecutive: {elements} (order: {key})",
    ),
    "pair": ("peräkkäinen pari ({element})", "par i följd ({element})", "consecutive pair ({element})"),
    "previous": ("edellinen {element}", "föregående {element}", "previous {element}"),
    "next": ("seuraava {element}", "nästa {element}", "next {element}"),
    # dates and functions
    "as of": ("tarkastuspäivä", "granskningsdagen", "the date of the check"),
    "after": ("{date} + {period}", "{period} efter {date}", "{period} after {date}"),
    "before": ("{date} − {period}", "{period} före {date}", "{period} before {date}"),
    "of": ("{share} × {whole}", "{share} av {whole}", "{share} of {whole}"),
    "range": ("{low} – {high}", "{low} – {high}", "{low} – {high}"),
    "range close": ("{low}–{high}", "{low}–{high}", "{low}–{high}"),
    "fn round": ("pyöristys ({0}; tarkkuus {1})", "avrundning ({0}; noggrannhet {1})", "rounded ({0}; to {1})"),
    "fn length": ("päivien määrä ({0})", "antal dagar ({0})", "number of days ({0})"),
    "fn overlap": ("yhteisten päivien määrä ({0}; {1})", "antal gemensamma dagar ({0}; {1})", "shared days ({0}; {1})"),
    "fn weekday": ("viikonpäivä ({0})", "veckodag ({0})", "day of the week ({0})"),
    "fn next_weekday": (
        "seuraava päivä ma–pe ({0} ei mukana)",
        "nästa dag mån–fre ({0} inte med)",
        "next day Mon–Fri ({0} not counted)",
    ),
    "fn working_day_on_or_after": (
        "ensimmäinen työpäivä ({0} tai myöhemmin)",
        "första arbetsdagen ({0} eller senare)",
        "first working day ({0} or later)",
    ),
    "fn working_day_on_or_before": (
        "viimeinen työpäivä ({0} tai aikaisemmin)",
        "sista arbetsdagen ({0} eller tidigare)",
        "last working day ({0} or earlier)",
    ),
}

VERDICT_WORDS: Final[dict[Verdict, tuple[str, str, str]]] = {
    "pass": ("kunnossa", "i sin ordning", "pass"),
    "fail": ("poikkeama", "avvikelse", "fail"),
    "excused": ("poikkeus", "undantag", "excused"),
    "pending": ("odottaa", "väntar", "pending"),
    "unknown": ("ei ratkea", "oavgjort", "unknown"),
    "not_applicable": ("ei koske", "gäller inte", "not applicable"),
}

SEVERITY_WORDS: Final[dict[AuditClass, tuple[str, str, str]]] = {
    "major": ("merkittävä", "betydande", "major"),
    "minor": ("lievä", "mindre", "minor"),
    "suggestion": ("kehittämisehdotus", "utvecklingsförslag", "suggestion"),
}
RESPONSIBLE_WORDS: Final[dict[Responsible, tuple[str, str, str]]] = {
    "provider": ("palveluntuottaja", "serviceproducent", "service provider"),
    "kela": ("Kela", "FPA", "Kela"),
    "client": ("asiakas", "klient", "client"),
    "auditor": ("auditoija", "kvalitetsrevisor", "auditor"),
}

_PROPER: Final = frozenset(
    {"finnish", "swedish", "english", "sámi", "kela", "kelan", "kelas", "kanta", "omakanta", "taito", "nuotti", "laku"}
)


@cache
def _proper() -> frozenset[str]:
    """Return the words that keep their capital inside a sentence, in small letters."""
    english = forms("en")
    return _PROPER | {name.lower() for name in (*english.weekdays, *english.months)}


def word(key: str, lang: Lang) -> str:
    """Return a word, or a template with its parts still open."""
    return WORDS[key][_INDEX[lang]]


def say(key: str, lang: Lang, /, *args: str, **parts: str) -> str:
    """Return a template with its parts put in."""
    return WORDS[key][_INDEX[lang]].format(*args, **parts)


def pick(texts: tuple[str, str, str], lang: Lang) -> str:
    """Return the text of a language from a triple."""
    return texts[_INDEX[lang]]


def verdict_word(verdict: Verdict, lang: Lang) -> str:
    """Return what a verdict is called."""
    return VERDICT_WORDS[verdict][_INDEX[lang]]


def within(label: str) -> str:
    """Return a label as it stands inside a sentence: the first letter small, unless it is a name or an abbreviation."""
    first = label.split(" ", 1)[0].split("-", 1)[0].rstrip(",:;")
    if not first or any(letter.isupper() or letter.isdigit() for letter in first[1:]):
        return label
    if len(first) == 1 and first not in "AI":
        return label
    if {first.lower(), first.lower().removesuffix("'s").removesuffix("’s")} & _proper():
        return label
    return label[0].lower() + label[1:]


def joined(items: list[str], connective: str) -> str:
    """Return `a`, `a or b`, or `a, b or c`; semicolons part items that have commas or connectives of their own."""
    if len(items) < 2:
        return "".join(items)
    if any("," in item or f" {connective} " in item for item in items):
        return f"{'; '.join(items[:-1])}; {connective} {items[-1]}"
    return f"{', '.join(items[:-1])} {connective} {items[-1]}"
