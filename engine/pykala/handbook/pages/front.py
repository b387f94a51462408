"""The front page, and the accessibility statement."""

from __future__ import annotations

from pykala.handbook import markup
from pykala.handbook.addresses import (
    ACCESSIBILITY,
    BACKGROUND,
    CALCULATOR,
    CHANGES,
    CONTACTS,
    PARAMETERS,
    QUESTIONS,
    SOURCES,
    service_page,
)
from pykala.handbook.book import Edition
from pykala.handbook.page import Block, Page
from pykala.policy.contents import Service
from pykala.policy.model import UNREVIEWED

TOOLS = (
    ("calculator", CALCULATOR),
    ("contacts", CONTACTS),
    ("what changed", CHANGES),
    ("questions", QUESTIONS),
    ("parameters", PARAMETERS),
    ("sources", SOURCES),
    ("background", BACKGROUND),
    ("accessibility", ACCESSIBILITY),
)
"""The pages that every handbook has, by the word that names them."""


def front_page(edition: Edition) -> Page:
    """Return the front page: the services, what is shared by them, and the tools."""
    contents = edition.book.policies.contents
    blocks = [Block(edition.say("front lead"))]
    if about := contents.about.get(edition.lang):
        blocks.append(Block(markup.box("note", markup.text(about))))
    if edition.lang in UNREVIEWED:
        blocks.append(Block(markup.box("note", markup.text(UNREVIEWED[edition.lang]))))
    for key, shared in (("services", False), ("shared services", True)):
        found = [each for each in contents.services.values() if each.shared == shared]
        used = {policy.service for policy in edition.book.newest.values()}
        items = [_service(each, edition) for each in found if each.id in used]
        if items:
            origins = tuple(f"service:{each.id}" for each in found)
            blocks.append(Block(f"{markup.heading(2, edition.say(key))}\n\n{markup.bullets(items)}", origins))
    tools = markup.bullets(markup.link(edition.say(key), path, "") for key, path in TOOLS)
    blocks.append(Block(f"{markup.heading(2, edition.say('tools'))}\n\n{tools}"))
    return Page("", edition.title, tuple(blocks), description=edition.say("front lead"))


def _service(service: Service, edition: Edition) -> str:
    """Return a service as an item of a list: its name, and the first thing to know of whom it is for."""
    link = markup.link(service.title.get(edition.lang), service_page(service.id), "")
    first = service.for_whom.get(edition.lang).partition(". ")[0].rstrip(".")
    return f"{link}: {markup.text(first)}." if first else link


def accessibility(edition: Edition) -> Page:
    """Return the accessibility statement, with a place for the channel of feedback that the publisher fills in."""
    known = markup.bullets(edition.say(key) for key in ("accessibility search", "accessibility guides"))
    blocks = (
        Block(edition.say("accessibility lead")),
        Block(edition.say("accessibility tested")),
        Block(f"{markup.heading(2, edition.say('accessibility known'))}\n\n{known}"),
        Block(f"{markup.heading(2, edition.say('feedback'), 'feedback')}\n\n{edition.say('feedback text')}"),
    )
    return Page(ACCESSIBILITY, edition.say("accessibility"), blocks)
