"""The pages that are written by hand, by language: `name.fi.md` is the Finnish page of `name.md`, which is English.

In: paths of a folder, and Markdown. Out: which languages a page has, and Markdown whose links lead to a page that there is.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pykala.policy.model import LANGUAGES, Lang

_LINK = re.compile(r"\[([^\[\]]*)\]\(([^():#\s]+\.md)(#[^()\s]*)?\)")


@dataclass(frozen=True, slots=True)
class Written:
    """Every page that is written by hand, by name and language."""

    pages: frozenset[tuple[str, Lang]] = frozenset()

    @classmethod
    def of(cls, paths: Iterable[str]) -> Written:
        """Return the pages of a folder.

        Examples:
            >>> sorted(Written.of(["a.md", "a.fi.md", "b.md"]).pages)
            [('a.md', 'en'), ('a.md', 'fi'), ('b.md', 'en')]
        """
        return cls(frozenset(name_of(path) for path in paths))

    def has(self, name: str, lang: Lang) -> bool:
        """Return whether there is such a page in a language."""
        return (name, lang) in self.pages

    def lead(self, markdown: str, name: str, lang: Lang, address: Callable[[str], str]) -> str:
        """Return the text of a page with its links to pages that only English has leading there.

        `address` gives the address of the English page of a name.

        Examples:
            >>> Written.of(["a.md", "a.fi.md", "b.md"]).lead("[b](b.md)", "a.md", "fi", lambda name: f"en/{name}")
            '<a href="en/b.md" hreflang="en" lang="en">b</a>'
        """

        def led(found: re.Match[str]) -> str:
            text, path, place = found.groups(default="")
            to = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            if self.has(to, lang) or not self.has(to, "en"):
                return found[0]
            return f'<a href="{address(to)}{place}" hreflang="en" lang="en">{text}</a>'

        return _LINK.sub(led, markdown)


def name_of(path: str) -> tuple[str, Lang]:
    """Return the name of a page without its language, and the language.

    Examples:
        >>> name_of("guides/first-rule.sv.md"), name_of("index.md")
        (('guides/first-rule.md', 'sv'), ('index.md', 'en'))
    """
    stem, _, ending = path.rpartition(".")
    name, _, said = stem.rpartition(".")
    lang = next((each for each in LANGUAGES if name and each == said), None)
    return (path, "en") if lang is None else (f"{name}.{ending}", lang)
