"""Where the pages of the handbook stand: the one place that reports, links and the site take their paths from.

A path is a folder below the top folder of a language; `sources/work-trial-2025/#day-length` names a place on a page.
"""

from __future__ import annotations

from typing import Final

from pykala.policy.model import Lang

DEFAULT: Final[Lang] = "fi"
"""The language at the top of the site; the others stand in folders of their own."""
CONTACTS: Final = "contacts/"
QUESTIONS: Final = "questions/"
SOURCES: Final = "sources/"
PARAMETERS: Final = "parameters/"
BACKGROUND: Final = "background/"
CALCULATOR: Final = "calculator/"
CHANGES: Final = "changes/"
ACCESSIBILITY: Final = "accessibility/"
SERVICES: Final = "services/"
DEVELOPERS: Final = "developers/"
"""The folder of the pages that are written by hand, in `docs/`."""
HANDBOOK: Final = "handbook/"
"""The folder that the handbook is built into, from the top folder of a repository."""

RESERVED: Final = frozenset(
    path.rstrip("/")
    for path in (
        *(
            CONTACTS,
            QUESTIONS,
            SOURCES,
            PARAMETERS,
            BACKGROUND,
            CALCULATOR,
            CHANGES,
            ACCESSIBILITY,
            SERVICES,
            DEVELOPERS,
        ),
        *("fi", "sv", "en", "assets", "search"),
    )
)
"""Names that no policy can have, since a page or a folder of the handbook has them."""


def policy_page(policy_id: str, version: str | None = None) -> str:
    """Return the page of a policy; `version` is given where it is not the newest one."""
    return f"{policy_id}/" if version is None else f"{policy_id}/version-{version}/"


def rule_page(policy_id: str, rule_id: str, version: str | None = None) -> str:
    """Return the page of a rule; `version` is given where a newer one has the rule too.

    >>> rule_page("work-trial", "day-length")
    'work-trial/day-length/'
    """
    return f"{policy_page(policy_id, version)}{rule_id}/"


def service_page(service: str) -> str:
    """Return the overview of a service."""
    return f"{SERVICES}{service}/"


def phase_page(service: str, phase: str) -> str:
    """Return the checklist of a phase of a service."""
    return f"{SERVICES}{service}/{phase}/"


def changes_page(policy_id: str) -> str:
    """Return the page that tells what changed between the versions of a policy."""
    return f"{CHANGES}{policy_id}/"


def source_page(source: str) -> str:
    """Return the page of a source of the register."""
    return f"{SOURCES}{source}/"


def statement_place(source: str, statement: str) -> str:
    """Return the place of a statement on the page of its source.

    >>> statement_place("work-trial-2025", "day-length")
    'sources/work-trial-2025/#day-length'
    """
    return f"{source_page(source)}#{statement}"


def calculator_place(rule_page: str) -> str:
    """Return the calculator with the limit of a rule filled in.

    >>> calculator_place("work-trial/rehab-start/")
    'calculator/#work-trial/rehab-start'
    """
    return f"{CALCULATOR}#{rule_page.rstrip('/')}"


def diagnostic_page(code: str) -> str:
    """Return the page of a diagnostic, from the top folder of the site: it is written by hand, in English.

    >>> diagnostic_page("unknown-field")
    'en/developers/diagnostics/unknown-field.html'
    """
    return f"en/{DEVELOPERS}diagnostics/{code}.html"
