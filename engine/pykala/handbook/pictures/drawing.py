"""The drawing kit: a sheet that shapes and texts are put on from the top down, and the SVG that comes of it.

Every text stands in a box that was made as tall as its lines by `measure`, so that none leaves it. Colours and strokes
belong to classes of `pictures.css`, which all begin with `p-`; the attributes here are what is seen without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree

from pykala.handbook.pictures.measure import Font, text_width, wrap

HEAD: Final = Font(16, bold=True)
STRONG: Final = Font(15, bold=True)
PLAIN: Final = Font(15)
SMALL: Final = Font(14)

PAD: Final = 12
GAP: Final = 4
"""Between two paragraphs of a box."""
STEP: Final = 14
"""How far a paragraph is set in for each level."""
BADGE: Final = 14
"""The radius of the disc that a number stands on."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text of a box: its font, how deep it is set in, and a mark before its first line."""

    text: str
    font: Font = PLAIN
    level: int = 0
    mark: str = ""

    def lines(self, width: float) -> list[str]:
        """Return its lines in a box whose texts are so wide."""
        return wrap(self.text, width - self.inset, self.font)

    @property
    def inset(self) -> float:
        """Return how far its lines are set in."""
        return self.level * STEP + (text_width(f"{self.mark} ", self.font) if self.mark else 0)


def height_of(paragraphs: Sequence[Paragraph], width: float) -> float:
    """Return how tall paragraphs are that are so wide."""
    lines = sum(len(item.lines(width)) * item.font.leading for item in paragraphs)
    return round(lines + GAP * max(0, len(paragraphs) - 1), 1)


@dataclass(slots=True)
class Sheet:
    """What is drawn so far, and how wide it may be. `y` is where the next thing begins."""

    width: float
    y: float = 1
    parts: list[ElementTree.Element] = field(default_factory=list)

    def group(self, name: str) -> Group:
        """Return a new group of shapes on the sheet, in the order in which they are painted."""
        element = ElementTree.Element("g", {"class": " ".join(f"p-{each}" for each in name.split())})
        self.parts.append(element)
        return Group(element)

    def card(
        self, paragraphs: Sequence[Paragraph], *, name: str = "card", number: str = "", x: float = 1, width: float = 0
    ) -> None:
        """Put a box with texts on the sheet, below all that is there; `number` stands on a disc before them."""
        width = width or self.width - 2 * x
        left = x + PAD + (2 * BADGE + 8 if number else 0)
        room = x + width - PAD - left
        drop = 4 if number else 0
        height = max(height_of(paragraphs, room) + drop, 2 * BADGE if number else 0) + 2 * PAD
        group = self.group(name)
        group.rect(x, self.y, width, height, radius=6)
        if number:
            group.badge(x + PAD + BADGE, self.y + PAD + BADGE, number)
        group.paragraphs(left, self.y + PAD + drop, room, paragraphs)
        self.y = round(self.y + height, 1)

    def texts(self, paragraphs: Sequence[Paragraph]) -> None:
        """Write paragraphs below all that is there, without a box."""
        group, room = self.group("texts"), self.width - 2
        group.paragraphs(1, self.y, room, paragraphs)
        self.y = round(self.y + height_of(paragraphs, room), 1)

    def arrow_down(self, length: float = 26, *, tip: bool = True) -> None:
        """Put an arrow that leads from what is above to what comes below, or a plain line."""
        group, x = self.group("flow"), 1 + PAD + BADGE
        end = self.y + length
        if tip:
            group.line(x, self.y, x, end - 10)
            group.polygon([(x - 6, end - 11), (x + 6, end - 11), (x, end - 3)], name="tip")
        else:
            group.line(x, self.y, x, end)
        self.y = round(end, 1)

    def svg(self, ident: str, title: str, description: str, name: str) -> str:
        """Return the picture as SVG on one line; `name` is the class by which the stylesheet shows it."""
        height = number(self.y + 1)
        root = ElementTree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": name,
                "role": "img",
                "aria-labelledby": f"{ident}-title",
                "aria-describedby": f"{ident}-desc",
                "width": f"{number(self.width / 16)}em",
                "viewBox": f"0 0 {number(self.width)} {height}",
            },
        )
        ElementTree.SubElement(root, "title", {"id": f"{ident}-title"}).text = title
        ElementTree.SubElement(root, "desc", {"id": f"{ident}-desc"}).text = description
        root.extend(self.parts)
        return ElementTree.tostring(root, encoding="unicode")


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes that belong together; the first rectangle of a group is the box of its texts."""

    element: ElementTree.Element

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        radius: float = 0,
        name: str = "box",
        behind: bool = False,
    ) -> None:
        """Draw a rectangle; `behind` everything that the group has."""
        sides = {"x": x, "y": y, "width": width, "height": height} | ({"rx": radius} if radius else {})
        self._shape("rect", name, {key: number(value) for key, value in sides.items()})
        if behind:
            drawn = self.element[-1]
            self.element.remove(drawn)
            self.element.insert(0, drawn)

    def line(self, x1: float, y1: float, x2: float, y2: float, *, name: str = "line") -> None:
        """Draw a line."""
        ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
        self._shape("line", name, {key: number(value) for key, value in ends.items()})

    def polygon(self, points: Iterable[tuple[float, float]], *, name: str) -> None:
        """Draw a shape with corners."""
        corners = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        self._shape("polygon", name, {"points": corners})

    def badge(self, x: float, y: float, text: str) -> None:
        """Draw a disc with a number on it."""
        self._shape("circle", "badge", {"cx": number(x), "cy": number(y), "r": number(BADGE)})
        self.words(x - text_width(text, STRONG) / 2, y + 5, text, STRONG, name="badge-text")

    def words(self, x: float, y: float, text: str, font: Font, *, name: str = "") -> None:
        """Write one line; `y` is its base line."""
        self._text(font, name, [(x, y, text)])

    def paragraphs(self, x: float, y: float, width: float, paragraphs: Sequence[Paragraph]) -> None:
        """Write paragraphs from the top `y` down, each broken into lines that fit in the width."""
        for item in paragraphs:
            base = y + item.font.size * 0.98
            if item.mark:
                self.words(x + item.level * STEP, base, item.mark, item.font, name="dash")
            lines = item.lines(width)
            self._text(
                item.font, "", [(x + item.inset, base + at * item.font.leading, line) for at, line in enumerate(lines)]
            )
            y += len(lines) * item.font.leading + GAP

    def _shape(self, tag: str, name: str, attributes: dict[str, str]) -> None:
        seen = {"class": f"p-{name}", "fill": "none", "stroke": "currentColor"}
        ElementTree.SubElement(self.element, tag, seen | attributes)

    def _text(self, font: Font, name: str, lines: Sequence[tuple[float, float, str]]) -> None:
        attributes = {"font-size": number(font.size), "fill": "currentColor"}
        if font.bold:
            attributes["font-weight"] = "bold"
        if name:
            attributes["class"] = f"p-{name}"
        text = ElementTree.SubElement(self.element, "text", attributes)
        for x, y, line in lines:
            ElementTree.SubElement(text, "tspan", {"x": number(x), "y": number(y)}).text = line


def number(value: float) -> str:
    """Return a number of the drawing, with one decimal at most."""
    return f"{round(value, 1):g}"
