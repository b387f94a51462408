"""One mistake, one diagnostic: what goes wrong in many places for one reason is said at the first of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pykala_dsl.diagnostics import Diagnostic, Label, sort_diagnostics

# What names something that is missing: each further place says the same.
_NAMING = frozenset(
    "unknown-name unknown-field unknown-member unknown-reading unknown-source unknown-statement bad-example not-in-contents".split()  # noqa: SIM905
)
_SHOWN = 3
DECLARED = "declared here"


def once(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics in order, those that one mistake explains as one with the other places as labels.

    These are a name that means nothing wherever it stands, and whatever points at the same declaration.
    """
    groups: dict[object, list[Diagnostic]] = {}
    for number, item in enumerate(sort_diagnostics(diagnostics)):
        groups.setdefault(_reason(item) or number, []).append(item)
    return sort_diagnostics(_joined(group) for group in groups.values())


def _reason(item: Diagnostic) -> object:
    """Return what explains a diagnostic beyond its own place, or None."""
    if item.code in _NAMING:
        return item.code, item.message, item.labels[0].text
    declared = next((label for label in item.labels[1:] if label.source is not None and label.text == DECLARED), None)
    return None if declared is None else (item.code, declared.source, declared.span)


def _joined(group: list[Diagnostic]) -> Diagnostic:
    first, *others = group
    places = [other for other in others if other.labels[0] != first.labels[0] or other.source != first.source]
    if not places:
        return first
    labels = [Label(other.span, "and here", other.source) for other in places[:_SHOWN]]
    if len(places) > _SHOWN:
        labels[-1] = replace(labels[-1], text=f"and in {len(places) - _SHOWN + 1} places more")
    return replace(first, labels=(*first.labels, *labels))
