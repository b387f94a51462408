"""The built handbook as files: which pages there are, of which kind, in which language, and what they link to.

In: the folder that `pykala docs build` wrote. Out: pages as data, read without a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

LANGUAGES = ("fi", "sv", "en")
LISTS = ("contacts", "questions", "sources", "parameters", "background", "calculator", "changes", "accessibility")


@dataclass(frozen=True)
class SitePage:
    """A page of the site: its language, and its path below the top folder of that language."""

    site: Path
    lang: str
    path: str

    @property
    def url(self) -> str:
        """Return the path from the top folder of the site."""
        return self.path if self.lang == "fi" else f"{self.lang}/{self.path}"

    @property
    def file(self) -> Path:
        return self.site / self.url

    @cached_property
    def html(self) -> str:
        return self.file.read_text(encoding="utf-8")

    @property
    def kind(self) -> str:
        """Return what the page tells of, as its path says it."""
        match self.path.split("/"):
            case ["index.html"]:
                return "front"
            case ["404.html"]:
                return "404"
            case ["developers", *_]:
                return "guide"
            case ["services", _, "index.html"]:
                return "service"
            case ["services", _, _, "index.html"]:
                return "checklist"
            case ["changes", _, "index.html"]:
                return "change"
            case ["sources", _, "index.html"]:
                return "source"
            case [name, "index.html"] if name in LISTS:
                return name
            case [_, "index.html"]:
                return "policy"
            case [_, version, "index.html"] if version.startswith("version-"):
                return "old policy"
            case [_, version, _, "index.html"] if version.startswith("version-"):
                return "old rule"
            case [_, _, "index.html"]:
                return "rule"
        raise AssertionError(f"no kind of page has the path {self.path}")


def site_pages(site: Path) -> list[SitePage]:
    """Return every page of a site, in the order of its paths."""
    found = []
    for file in sorted(site.rglob("*.html")):
        first, _, rest = file.relative_to(site).as_posix().partition("/")
        known = first in LANGUAGES
        found.append(SitePage(site, first if known else "fi", rest if known else file.relative_to(site).as_posix()))
    return found


def one_of_each_kind(pages: list[SitePage]) -> list[SitePage]:
    """Return the longest page of each kind in each language: it shows the most."""
    chosen: dict[tuple[str, str], SitePage] = {}
    for page in pages:
        best = chosen.get((page.lang, page.kind))
        if best is None or page.file.stat().st_size > best.file.stat().st_size:
            chosen[page.lang, page.kind] = page
    return list(chosen.values())


@dataclass
class Anchors(HTMLParser):
    """The links of a page, and the places on it that links can lead to."""

    links: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.places.append(value)
            elif value is not None and (name == "src" or (name == "href" and tag in {"a", "area", "link"})):
                self.links.append(value)


def read_anchors(html: str) -> Anchors:
    """Return the links and the places of a page."""
    found = Anchors()
    found.feed(html)
    return found


def target(page: SitePage, link: str) -> tuple[Path, str]:
    """Return the file that a link of a page leads to, and the place in it ("" where it names none)."""
    path, _, place = link.partition("#")
    file = page.file.parent / unquote(path.partition("?")[0]) if path else page.file
    return Path(re.sub(r"/+$", "", str(file.resolve()))), unquote(place)


def shape(html: str) -> frozenset[str]:
    """Return every place of a tag below the body: the tags above it, each with its attributes but for texts and ids.

    Two pages of the same shape differ in words, in where their links lead, and in how often a part is repeated.
    """
    body = html.partition("<body")[2]
    body = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", "", body, flags=re.DOTALL)
    found: set[str] = set()
    above: list[tuple[str, str]] = []
    for closing, name, rest in re.findall(r"<(/?)([a-zA-Z][\w-]*)([^>]*)>", body):
        tag = name.lower()
        if closing:
            while above and above.pop()[0] != tag:
                pass
            continue
        path = f"{above[-1][1] if above else ''}/{tag}{_attributes(rest)}"
        found.add(path)
        if tag not in VOID and not rest.endswith("/"):
            above.append((tag, path))
    return frozenset(found)


VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_TEXTS = {"id", "href", "src", "title", "content", "for", "aria-label", "aria-labelledby", "aria-describedby", "value"}
_DRAWN = {"x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "d", "points", "width", "height", "viewbox", "transform"}


def _attributes(text: str) -> str:
    pairs = re.findall(r'([\w:-]+)(?:\s*=\s*("[^"]*"|\'[^\']*\'|[^\s"\'>]+))?', text)
    kept = sorted(
        name.lower() if name.lower() in _TEXTS or name.startswith("data-") else f"{name.lower()}={value}"
        for name, value in pairs
        if name.lower() not in _DRAWN
    )
    return f"[{' '.join(kept)}]" if kept else ""


def one_of_each_shape(pages: list[SitePage]) -> Iterator[SitePage]:
    """Yield, for each kind of page in each language, the fewest pages found that show every shape among them."""
    groups: dict[tuple[str, str], list[tuple[frozenset[str], SitePage]]] = {}
    for page in pages:
        groups.setdefault((page.lang, page.kind), []).append((shape(page.html), page))
    for group in groups.values():
        seen: set[str] = set()
        for parts, page in sorted(group, key=lambda each: (-len(each[0]), each[1].path)):
            if not parts <= seen:
                seen |= parts
                yield page
