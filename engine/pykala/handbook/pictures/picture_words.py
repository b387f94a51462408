"""The fixed words of the pictures: (Finnish, Swedish, English), never inflected; parts stand in braces."""

from __future__ import annotations

from typing import Final

from pykala.handbook.words import pick
from pykala.policy.model import Lang

PICTURE_WORDS: Final[dict[str, tuple[str, str, str]]] = {
    # versions in time
    "timeline": ("Versiot aikajanalla: {0}", "Versionerna på en tidslinje: {0}", "Versions in time: {0}"),
    "timeline about": (
        "Jokainen palkki on yksi versio. Nuoli tarkoittaa, ettei alkua tai loppua ole annettu. Sama on tekstinä kuvan jälkeen.",
        "Varje stapel är en version. En pil betyder att början eller slutet inte har angetts. Samma sak står som text efter bilden.",
        "Each bar is one version. An arrow means that the beginning or the end is not given. The same follows as text.",
    ),
    "version": ("Versio\u00a0{0}", "Version\u00a0{0}", "Version\u00a0{0}"),
    "from": ("Voimassa {0} alkaen", "I kraft från och med {0}", "In force from {0}"),
    "until": ("Voimassa {0} asti", "I kraft till och med {0}", "In force until {0}"),
    "between": ("Voimassa {0}–{1}", "I kraft {0}–{1}", "In force {0} – {1}"),
    "always": (
        "Voimassa: alku- ja loppupäivää ei ole annettu",
        "I kraft: första och sista dag har inte angetts",
        "In force: no first or last day is given",
    ),
    "followed": (
        "Saa vielä noudattaa: {0} asti",
        "Får ännu följas: till och med {0}",
        "May still be followed: until {0}",
    ),
    "selected by": ("Version ratkaisee: {0}", "Versionen bestäms av: {0}", "The version depends on: {0}"),
    "in force": ("voimassa", "i kraft", "in force"),
    "may be followed": ("saa vielä noudattaa", "får ännu följas", "may still be followed"),
    "open end": (
        "alkua tai loppua ei ole annettu",
        "början eller slutet har inte angetts",
        "beginning or end not given",
    ),
    # choice by area
    "rings": ("Alueet järjestyksessä: {0}", "Områdena i ordning: {0}", "The areas in order: {0}"),
    "rings about": (
        "Sisäkkäiset alueet, sisin ensin. Laajempi alue avautuu, kun sen ehdot täyttyvät. Sama on tekstinä kuvan jälkeen.",
        "Områden inuti varandra, det innersta först. Ett större område öppnas när villkoren är uppfyllda. Samma sak står som text efter bilden.",
        "Areas one inside another, the innermost first. A wider area opens when its conditions hold. The same follows as text.",
    ),
    "opens when": ("Avautuu, kun", "Öppnas när", "Opens when"),
    "may be chosen": ("Voi valita, kun", "Kan väljas när", "May be chosen when"),
    # limits, phases and steps
    "limit": ("{0} – määräaika: {1}", "{0} – tidsfrist: {1}", "{0} – time limit: {1}"),
    "limit exception": ("Poikkeus ({0}): {1}", "Undantag ({0}): {1}", "Exception ({0}): {1}"),
    "process": ("Vaihe vaiheelta: {0}", "Steg för steg: {0}", "Step by step: {0}"),
    "process about": (
        "Vaiheet ylhäältä alas, määräajat niiden kohdalla. Sama on tekstinä kuvan jälkeen.",
        "Stegen uppifrån och ner, med tidsfristerna vid varje steg. Samma sak står som text efter bilden.",
        "The steps from the top down, each with its limits. The same follows as text.",
    ),
    "phases": ("Vaiheet ja määräajat: {0}", "Skeden och tidsfrister: {0}", "Phases and time limits: {0}"),
    "phases about": (
        "Palvelun vaiheet ylhäältä alas, määräajat niiden kohdalla. Sama on tekstinä kuvan jälkeen.",
        "Tjänstens skeden uppifrån och ner, med tidsfristerna vid varje skede. Samma sak står som text efter bilden.",
        "The phases of the service from the top down, each with its time limits. The same follows as text.",
    ),
    "no date": ("Säännöt ilman päivää: {0}", "Regler utan datum: {0}", "Rules without a date: {0}"),
}


def say(key: str, lang: Lang, *parts: str) -> str:
    """Return a word or a sentence with its parts put in."""
    return pick(PICTURE_WORDS[key], lang).format(*parts)
