"""A finished picture: the SVG for wide and for narrow screens in one block, the same as text, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from pykala.handbook.pictures.drawing import Sheet

NARROW: Final = 288
"""What is left of a screen of 320 px beside the margins of the page."""
WIDE: Final = 640


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page. `svg` is one HTML block without blank lines; `text` says the same in Markdown.

    `origins` name what it tells of: `rule:work-trial@2025/day-length`, `policy:…`, `statement:…/…`, `parameter:…/…`.
    """

    svg: str
    text: str
    title: str
    origins: tuple[str, ...]


def make_picture(
    ident: str, title: str, description: str, draw: Callable[[Sheet], None], text: str, origins: Iterable[str]
) -> Picture:
    """Return a picture that `draw` puts on a sheet of each width; `ident` is unique on the page."""
    drawn = []
    for name, width in (("narrow", NARROW), ("wide", WIDE)):
        sheet = Sheet(width)
        draw(sheet)
        drawn.append(sheet.svg(f"{ident}-{name}", title, description, name))
    figure = "\n".join(('<figure class="picture" data-search-exclude="">', *drawn, "</figure>"))
    return Picture(figure, text, title, tuple(dict.fromkeys(origins)))
