"""The phases of a service in the order of the handbook, each with the limits of its rules.

In: the policies of a service, and those shared ones that concern it. Out: a box for each phase that a rule of theirs is
of, with what must come by when and what that is counted from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pykala.handbook.pictures.drawing import Sheet
from pykala.handbook.pictures.limits import limit_entries, limit_origins
from pykala.handbook.pictures.outline import Entry, markdown, paragraphs
from pykala.handbook.pictures.picture import Picture, make_picture
from pykala.handbook.pictures.picture_words import say
from pykala.handbook.services import rule_concerns, service_policies
from pykala.handbook.verbalize import Verbalizer
from pykala.policy.loader import PolicySet
from pykala.policy.model import Lang, Rule
from pykala.policy.versions import by_policy


def service_phases(policies: PolicySet, service: str, lang: Lang) -> Picture | None:
    """Return the phases of a service with their limits; None where no rule of it sets a limit."""
    rules = [
        (Verbalizer(policies.vocabulary, versions[-1], lang), rule)
        for versions in by_policy(service_policies(policies, service)).values()
        for rule in versions[-1].rules
        if rule_concerns(policies, service, versions[-1], rule)
    ]
    used = {rule.phase for _, rule in rules}
    phases = [
        (phase.title.get(lang), [pair for pair in rules if pair[1].phase == phase.id])
        for phase in policies.contents.phases.values()
        if phase.id in used
    ]
    steps = [Entry(title, tuple(_limits(of_phase)), strong=True) for title, of_phase in phases]
    if not any(step.under for step in steps):
        return None
    return make_picture(
        f"phases-{service}",
        say("phases", lang, service_title(policies, service, lang)),
        say("phases about", lang),
        lambda sheet: _draw(sheet, steps),
        markdown(steps, numbered=True),
        (origin for _, of_phase in phases for words, rule in of_phase for origin in limit_origins(rule, words)),
    )


def service_title(policies: PolicySet, service: str, lang: Lang) -> str:
    """Return what a service is called."""
    return policies.contents.services[service].title.get(lang)


def _limits(rules: Sequence[tuple[Verbalizer, Rule]]) -> Iterator[Entry]:
    for words, rule in rules:
        if limits := limit_entries(rule, words):
            yield Entry(rule.title.get(words.lang), limits)


def _draw(sheet: Sheet, steps: Sequence[Entry]) -> None:
    for at, step in enumerate(steps):
        if at:
            sheet.arrow_down(16, tip=False)
        sheet.card(list(paragraphs([step])), number=str(at + 1))
