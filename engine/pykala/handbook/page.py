"""A page of the handbook as data: blocks of Markdown, each naming what it tells of. Knows nothing of any site builder.

A block that shows a number, a date, a severity or a contact names its origins, so that a reader can always be led back
to a rule, a parameter or an entry of the register; `untraced` finds the blocks that do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pykala.handbook.words import SEVERITY_WORDS

_TARGET = re.compile(r"\]\([^)]*\)|<[^>]*>|\{[:#][^}]*\}|&#?\w+;")
_TELLING = re.compile(r"\d|@|https?:")
_SEVERITIES = frozenset(name for names in SEVERITY_WORDS.values() for name in names)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of Markdown. `origins` name what it tells of: `rule:work-trial@2025/day-length`, `statement:…/…`."""

    text: str
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page. `path` is its folder (`work-trial/day-length/`), "" for the front page.

    `trail` leads to it from the front page: titles and paths. `superseded` is told in a banner: what replaced the
    version that the page tells of, and the path of that.
    """

    path: str
    title: str
    blocks: tuple[Block, ...]
    description: str = ""
    trail: tuple[tuple[str, str], ...] = ()
    superseded: tuple[str, str] | None = None
    beside: tuple[Block, ...] = ()
    """What stands beside the page on a wide screen and below it on a narrow one."""

    @property
    def markdown(self) -> str:
        """Return the text of the page."""
        return "\n\n".join(block.text for block in self.blocks) + "\n"

    @property
    def everything(self) -> tuple[Block, ...]:
        """Return the blocks of the page and those beside it."""
        return (*self.blocks, *self.beside)


def untraced(page: Page) -> Iterator[str]:
    """Yield the lines that show a number, a severity or a contact and do not say where it comes from."""
    for block in page.everything:
        if block.origins:
            continue
        for line in block.text.splitlines():
            shown = _TARGET.sub("", line)
            if _TELLING.search(shown) or any(word in _SEVERITIES for word in shown.lower().split()):
                yield line.strip()


def file_of(path: str) -> str:
    """Return the file that a page stands in, from the top folder of its language."""
    return f"{path}index.md"


def origins_of(blocks: Iterable[Block]) -> set[str]:
    """Return every origin that blocks name."""
    return {origin for block in blocks for origin in block.origins}
