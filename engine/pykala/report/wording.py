"""The words of reports, beside those of conditions (`handbook.words`): headings, counts, what is said of dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pykala.handbook.numbers import number
from pykala.handbook.words import NBSP, pick
from pykala.policy.model import UNREVIEWED, Lang, Verdict
from pykala.report.style import Row, Segment, row

SYMBOLS: Final[dict[Verdict, str]] = {
    "pass": "✓",
    "fail": "✗",
    "excused": "○",
    "pending": "…",
    "unknown": "?",
    "not_applicable": "–",
}
CONTESTED_SYMBOL: Final = "~"

TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "version": ("versio {0}", "version {0}", "version {0}"),
    "old version": (
        "versio {0}, noudatettavissa {1} asti",
        "version {0}, får följas till och med {1}",
        "version {0}, may be followed until {1}",
    ),
    "contested": ("tulkinta", "tolkning", "reading"),
    "due": ("viimeistään {0} ({1})", "senast {0} ({1})", "due {0} ({1})"),
    "no due date": ("ei määräpäivää", "inget förfallodatum", "no due date"),
    "today": ("tänään", "i dag", "today"),
    "more": ("ja {0} muuta: {1}", "och {0} till: {1}", "and {0} more: {1}"),
    "so many more": ("ja {0} muuta", "och {0} till", "and {0} more"),
    "times": ("{0} × {1}", "{0} × {1}", "{0} × {1}"),
    "exception": ("{0}: {1}", "{0}: {1}", "{0}: {1}"),
    "as of": ("tarkastuspäivä {0}", "granskningsdag {0}", "as of {0}"),
    "seconds": ("{0} s", "{0} s", "{0} s"),
    "nothing due": ("Mikään ei eräänny.", "Inget förfaller.", "Nothing falls due."),
    "no policy": ("Mikään sääntö ei koske: {0}", "Inga regler gäller: {0}", "No policy judges: {0}"),
    "facts": ("tiedot", "uppgifter", "facts"),
    "parameter": ("parametri {0}", "parameter {0}", "parameter {0}"),
    "reading": ("tulkinta", "tolkning", "reading"),
    "undecided": ("ei ratkea", "oavgjort", "undecided"),
    "nearest": ("lähin muutos", "närmaste ändring", "nearest change"),
    "source": ("lähde", "källa", "source"),
    "due date": ("määräpäivä", "förfallodag", "due"),
    "reading the records": ("luetaan", "läses in", "reading"),
    "judging the records": ("tarkastetaan", "granskas", "checking"),
    "nothing undecided": ("Kaikki ratkesi.", "Allt avgjordes.", "Everything was decided."),
}

COUNTS: Final[dict[str, tuple[tuple[str, str], tuple[str, str], tuple[str, str]]]] = {
    "record": (("tietue", "tietuetta"), ("post", "poster"), ("record", "records")),
    "in order": (("kunnossa", "kunnossa"), ("i sin ordning", "i sin ordning"), ("in order", "in order")),
    "pass": (("kunnossa", "kunnossa"), ("i sin ordning", "i sin ordning"), ("pass", "pass")),
    "fail": (("poikkeama", "poikkeamaa"), ("avvikelse", "avvikelser"), ("deviation", "deviations")),
    "in records": (("tietueessa", "tietueessa"), ("post", "poster"), ("record", "records")),
    "excused": (("poikkeus", "poikkeusta"), ("undantag", "undantag"), ("excused", "excused")),
    "pending": (("odottaa", "odottaa"), ("väntar", "väntar"), ("pending", "pending")),
    "unknown": (("ei ratkea", "ei ratkea"), ("oavgjord", "oavgjorda"), ("undecided", "undecided")),
    "not_applicable": (("ei koske", "ei koske"), ("gäller inte", "gäller inte"), ("not applicable", "not applicable")),
    "contested": (("tulkinta", "tulkintaa"), ("tolkning", "tolkningar"), ("reading", "readings")),
    "error": (("virhe", "virhettä"), ("fel", "fel"), ("error", "errors")),
    "days left": (("päivä jäljellä", "päivää jäljellä"), ("dag kvar", "dagar kvar"), ("day left", "days left")),
    "open point": (("avoin kohta", "avointa kohtaa"), ("öppen punkt", "öppna punkter"), ("open point", "open points")),
    "verdict": (("tulos", "tulosta"), ("resultat", "resultat"), ("verdict", "verdicts")),
}


def tell(key: str, lang: Lang, /, *args: object) -> str:
    """Return a text of a report with its parts put in."""
    return pick(TEXTS[key], lang).format(*args)


def counted(key: str, count: int, lang: Lang) -> str:
    """Return a number and what is counted: `1 poikkeama`, `2 poikkeamaa`."""
    forms = COUNTS[key][("fi", "sv", "en").index(lang)]
    return f"{number(count, lang)}{NBSP}{forms[count != 1].replace(' ', NBSP)}"


def unreviewed_rows(lang: Lang) -> Iterator[Row]:
    """Yield the mark of a language whose texts no native reader has reviewed; nothing for the others."""
    if lang in UNREVIEWED:
        yield row(Segment(UNREVIEWED[lang], "dim"))
