"""The handbook of one language as a list of pages, and the checks that each must pass. Knows nothing of a site builder."""

from __future__ import annotations

from collections.abc import Iterator

from pykala.handbook.addresses import (
    CALCULATOR,
    CHANGES,
    CONTACTS,
    QUESTIONS,
    SOURCES,
)
from pykala.handbook.book import Edition
from pykala.handbook.page import Block, Page, untraced
from pykala.handbook.pages.calculator import calculator
from pykala.handbook.pages.changes import changes_overview, policy_changes
from pykala.handbook.pages.front import accessibility, front_page
from pykala.handbook.pages.policy import policy_page
from pykala.handbook.pages.register import (
    background,
    contacts,
    parameters,
    questions,
    source_document,
    sources_overview,
)
from pykala.handbook.pages.rule import rule_page
from pykala.handbook.pages.service import phase_checklist, phases_of, service_overview

MENU = (
    ("services", ""),
    ("calculator", CALCULATOR),
    ("contacts", CONTACTS),
    ("what changed", CHANGES),
    ("questions", QUESTIONS),
    ("sources", SOURCES),
)
"""What the menu on every page lists: the word that names it, and its path."""


class UntracedError(ValueError):
    """A page shows a number, a severity or a contact that leads back to nothing."""


def pages(edition: Edition) -> Iterator[Page]:
    """Yield every page of the handbook.

    Raises:
        UntracedError: where a page shows something that comes from no rule, parameter or entry of the register.
    """
    for page in _pages(edition):
        for line in untraced(page):
            raise UntracedError(f"page `{page.path}` shows what leads back to no rule, parameter or entry: {line}")
        for block in page.everything:
            _check_origins(block, page, edition)
        yield page


def _pages(edition: Edition) -> Iterator[Page]:
    book = edition.book
    contents, register = book.policies.contents, book.policies.register
    yield front_page(edition)
    used = {policy.service for policy in book.newest.values()}
    for service in contents.services.values():
        if service.id in used or not service.shared:
            yield service_overview(service, edition)
            for phase in phases_of(service, book):
                yield phase_checklist(service, phase, edition)
    for policy_id, versions in book.versions.items():
        for policy, _ in versions:
            yield policy_page(policy, edition)
            for rule in policy.rules:
                yield rule_page(policy, rule, edition)
        if len(versions) > 1:
            yield policy_changes(policy_id, edition)
    yield calculator(edition)
    yield changes_overview(edition)
    yield sources_overview(edition)
    for source in register.sources.values():
        yield source_document(source, edition)
    yield contacts(edition)
    yield background(edition)
    yield questions(edition)
    yield parameters(edition)
    yield accessibility(edition)


def _check_origins(block: Block, page: Page, edition: Edition) -> None:
    for origin in block.origins:
        if not edition.book.knows(origin):
            raise UntracedError(f"page `{page.path}` names `{origin}`, which is not there")
