"""Markdown from data: escaping, links between pages, lists and tables. Plain text in, Markdown out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import takewhile

from pykala.handbook.page import file_of
from pykala.handbook.verbalize import Line
from pykala.policy.model import LANGUAGES, Lang, Text

_SPECIAL = re.compile(r"([\\`*_{}\[\]|#~^$])")
_STARTS_LIST = re.compile(r"^(\s*\d+)([.)])|^(\s*)([-+=>:])")


def text(plain: str) -> str:
    r"""Return plain text as Markdown that shows it as it is.

    >>> text("a_b <c> | 5 * 6")
    'a\\_b &lt;c&gt; \\| 5 \\* 6'
    """
    one_line = " ".join(plain.split(" ")).replace("\n", " ")
    shown = _SPECIAL.sub(r"\\\1", escape(one_line, quote=False))
    return _STARTS_LIST.sub(lambda found: f"{found[1] or found[3]}\\{found[2] or found[4]}", shown)


def said(told: Text, lang: Lang) -> str:
    """Return a text in a language; what is there in another language alone says so to a screen reader."""
    shown = text(told.get(lang))
    own = lang if getattr(told, lang) else next((each for each in LANGUAGES if getattr(told, each)), lang)
    return shown if own == lang else f'<span lang="{own}">{shown}</span>'


def target(to: str, at: str) -> str:
    """Return the link from one page to another as a relative path between their files.

    >>> target("sources/work-trial-2025/#day-length", "work-trial/day-length/")
    '../../sources/work-trial-2025/index.md#day-length'
    """
    path, hash_, place = to.partition("#")
    relative = posixpath.relpath(file_of(path), at.rstrip("/") or ".")
    return f"{relative}{hash_}{place}"


def link(shown: str, to: str, at: str) -> str:
    """Return a link from the page `at` to another page; `shown` is plain text."""
    return linked(text(shown), to, at)


def linked(shown: str, to: str, at: str) -> str:
    """Return a link whose words are Markdown already."""
    return f"[{shown}]({target(to, at)})"


def bullets(items: Iterable[str]) -> str:
    """Return a list of items that are Markdown already; an item of several lines keeps them inside."""
    found = [f"- {item.replace(chr(10), chr(10) + '    ')}" for item in items]
    return ("\n\n" if any("\n" in item for item in found) else "\n").join(found)


def lines(found: Sequence[Line]) -> str:
    """Return the lines of a condition as a nested list; a single line stands alone."""
    if len(found) == 1:
        return text(found[0].text)
    return "\n".join(f"{'    ' * line.depth}- {text(line.text)}" for line in found)


def nested(found: Sequence[Line]) -> str:
    """Return the lines of a condition as an HTML list, for the cell of a table."""
    if len(found) == 1:
        return text(found[0].text)
    parts: list[str] = []

    def level(rest: Sequence[Line], depth: int) -> None:
        parts.append("<ul>")
        at = 0
        while at < len(rest):
            parts.append(f"<li>{text(rest[at].text)}")
            inner = list(takewhile(lambda line: line.depth > depth, rest[at + 1 :]))
            if inner:
                level(inner, min(line.depth for line in inner))
            parts.append("</li>")
            at += 1 + len(inner)
        parts.append("</ul>")

    level(found, min(line.depth for line in found))
    return "".join(parts)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose cells are Markdown already; a line break in a cell is shown as one."""

    def row(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("\n", "<br>") for cell in cells) + " |"

    return "\n".join((row(header), row(["---"] * len(header)), *(row(cells) for cells in rows)))


def heading(level: int, title: str, anchor: str = "") -> str:
    """Return a heading of plain text, with an anchor of its own where one is given."""
    mark = f" {{ #{anchor} }}" if anchor else ""
    return f"{'#' * level} {text(title)}{mark}"


def details(summary: str, body: str, *, shown: bool = False) -> str:
    """Return Markdown that a reader opens when wanted."""
    return f"<details{' open' if shown else ''} markdown>\n<summary>{escape(summary)}</summary>\n\n{body}\n\n</details>"


def box(kind: str, body: str, anchor: str = "") -> str:
    """Return Markdown inside a box of a kind that the stylesheet knows, with an anchor where one is given."""
    mark = f' id="{anchor}"' if anchor else ""
    return f'<div class="{kind}"{mark} markdown>\n\n{body}\n\n</div>'
