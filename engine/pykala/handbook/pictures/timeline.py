"""The versions of a service in time: policies in, one bar for each version out, with what may still be followed.

Days are as `policy/versions` gives them. The axis runs over the days that are given; an end that is not given runs out
of the picture as an arrow.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pykala.handbook import numbers
from pykala.handbook.pictures.drawing import PAD, SMALL, STRONG, Group, Paragraph, Sheet, height_of
from pykala.handbook.pictures.measure import text_width
from pykala.handbook.pictures.outline import Entry, markdown, paragraphs
from pykala.handbook.pictures.phases import service_title
from pykala.handbook.pictures.picture import Picture, make_picture
from pykala.handbook.pictures.picture_words import say
from pykala.handbook.services import service_policies
from pykala.handbook.verbalize import Verbalizer
from pykala.handbook.words import within
from pykala.policy.loader import PolicySet
from pykala.policy.model import InForce, Lang, Policy
from pykala.policy.versions import ONE_DAY, by_policy, days_in_force

BAR: Final = 18
_YEAR: Final = datetime.timedelta(days=365)
_TIP: Final = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A version: what is said of it, and its days."""

    policy: Policy
    title: str
    says: tuple[str, ...]
    days: InForce


@dataclass(frozen=True, slots=True)
class Track:
    """The versions of one policy."""

    title: str
    says: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The policies that have dates, and under one heading the versions that have none."""

    tracks: tuple[Track, ...]
    undated: tuple[Entry, ...]


def service_timeline(policies: PolicySet, service: str, lang: Lang) -> Picture | None:
    """Return the versions of every policy of a service in time; None where the service has no policy."""
    mine = service_policies(policies, service)
    if not mine:
        return None
    groups = by_policy(mine).values()
    tracks = [_track(policies, versions, lang) for versions in groups if _dated(versions)]
    undated = [_undated(versions[-1], lang) for versions in groups if not _dated(versions)]
    heading = Entry(say("always", lang), tuple(undated), strong=True)
    timeline = Timeline(tuple(tracks), (heading,) if undated else ())
    title = say("timeline", lang, service_title(policies, service, lang))
    origins = [f"policy:{policy.name}" for policy in mine]
    origins += [f"statement:{cite}" for policy in mine if policy.transition for cite in policy.transition.cite]
    return make_picture(
        f"timeline-{service}",
        title,
        say("timeline about", lang),
        lambda sheet: _draw(sheet, timeline, lang),
        markdown(_outline(timeline, lang)),
        origins,
    )


def _dated(versions: Sequence[Policy]) -> bool:
    return len(versions) > 1 or versions[0].in_force != InForce()


def _undated(policy: Policy, lang: Lang) -> Entry:
    return Entry(f"{policy.title.get(lang)} ({within(say('version', lang, policy.version))})")


def _track(policies: PolicySet, versions: Sequence[Policy], lang: Lang) -> Track:
    rows = tuple(
        Row(policy, say("version", lang, policy.version), tuple(_says(policy, days, lang)), days)
        for policy, days in days_in_force(versions)
    )
    last = rows[-1].policy
    says: tuple[str, ...] = ()
    if last.selected_by is not None and len(rows) > 1:
        says = (say("selected by", lang, Verbalizer(policies.vocabulary, last, lang).expr(last.selected_by)),)
    return Track(last.title.get(lang), says, rows)


def _says(policy: Policy, days: InForce, lang: Lang) -> Iterator[str]:
    match days.first_day, days.last_day:
        case None, None:
            yield say("always", lang)
        case first, None if first is not None:
            yield say("from", lang, numbers.date(first, lang))
        case None, last if last is not None:
            yield say("until", lang, numbers.date(last, lang))
        case first, last if first is not None and last is not None:
            yield say("between", lang, numbers.date(first, lang), numbers.date(last, lang))
    if policy.followed_until is not None:
        yield say("followed", lang, numbers.date(policy.followed_until, lang))


def _outline(timeline: Timeline, lang: Lang) -> list[Entry]:
    found = []
    for track in timeline.tracks:
        versions = (Entry(row.title, tuple(map(Entry, row.says))) for row in track.rows)
        found.append(Entry(track.title, (*map(Entry, track.says), *versions), strong=True))
    return [*found, *timeline.undated]


# drawing


@dataclass(frozen=True, slots=True)
class Axis:
    """Days from left to right. `first` and `last` are its ends."""

    first: datetime.date
    last: datetime.date
    left: float
    right: float

    def x(self, day: datetime.date) -> float:
        """Return where a day begins."""
        return self.left + (day - self.first).days / (self.last - self.first).days * (self.right - self.left)

    def years(self) -> list[tuple[float, str]]:
        """Return the years that begin on the axis, no closer than their numbers are wide."""
        found: list[tuple[float, str]] = []
        for year in range(self.first.year, self.last.year + 1):
            begins = datetime.date(year, 1, 1)
            x, width = self.x(max(begins, self.first)), text_width(str(year), SMALL)
            if begins >= self.first and x + width <= self.right and (not found or x >= found[-1][0] + width + 6):
                found.append((x, str(year)))
        return found


def _axis(tracks: Sequence[Track], sheet: Sheet) -> Axis | None:
    given = sorted(day for track in tracks for row in track.rows for day in _edges(row))
    if not given:
        return None
    spare = max(_YEAR, (given[-1] - given[0]) / 4)
    return Axis(given[0] - spare, given[-1] + spare, 1 + PAD, sheet.width - 1 - PAD)


def _edges(row: Row) -> Iterator[datetime.date]:
    """Yield the days on which something of a version begins or has just ended."""
    if row.days.first_day is not None:
        yield row.days.first_day
    for last in (row.days.last_day, row.policy.followed_until):
        if last is not None:
            yield last + ONE_DAY


def _draw(sheet: Sheet, timeline: Timeline, lang: Lang) -> None:
    axis = _axis(timeline.tracks, sheet)
    for track in timeline.tracks:
        _draw_track(sheet, track, axis)
        sheet.y += 10
    for entry in timeline.undated:
        _draw_undated(sheet, entry)
        sheet.y += 10
    _legend(sheet, timeline, lang)


def _draw_undated(sheet: Sheet, entry: Entry) -> None:
    group, top, left = sheet.group("track"), sheet.y, 1 + PAD
    room, y = sheet.width - 2 * left, top + PAD
    for texts in ([Paragraph(entry.text, STRONG)], list(paragraphs(entry.under))):
        group.paragraphs(left, y, room, texts)
        y += height_of(texts, room) + 8
        if texts[0].font == STRONG:
            group.polygon(_arrow(left, left + room, y, begins=False, ends=False), name="bar")
            y += BAR + 10
    sheet.y = y + PAD - 8
    group.rect(1, top, sheet.width - 2, sheet.y - top, radius=6, behind=True)


def _arrow(left: float, right: float, y: float, *, begins: bool, ends: bool) -> list[tuple[float, float]]:
    """Return the corners of a bar; a side that is open ends in a tip."""
    low, middle = y + BAR, y + BAR / 2
    corners = [(left, y), (left, low)] if begins else [(left + _TIP, y), (left, middle), (left + _TIP, low)]
    return corners + ([(right, low), (right, y)] if ends else [(right - _TIP, low), (right, middle), (right - _TIP, y)])


def _draw_track(sheet: Sheet, track: Track, axis: Axis | None) -> None:
    group, top, left = sheet.group("track"), sheet.y, 1 + PAD
    room = sheet.width - 2 * left
    y = top + PAD

    def write(texts: Sequence[Paragraph], after: float) -> None:
        nonlocal y
        group.paragraphs(left, y, room, texts)
        y += height_of(texts, room) + after

    write([Paragraph(track.title, STRONG), *(Paragraph(line, SMALL) for line in track.says)], 10)
    years = axis.years() if axis and any(True for row in track.rows for _ in _edges(row)) else []
    for row in track.rows:
        write([Paragraph(row.title, STRONG), *(Paragraph(line) for line in row.says)], 8)
        for x, _ in years:
            group.line(x, y - 3, x, y + BAR + 3, name="tick")
        _bar(group, row, axis, (left, left + room), y)
        y += BAR + 12
    if years:
        for x, year in years:
            group.words(x, y + 4, year, SMALL)
        y += SMALL.leading - 6
    group.rect(1, top, sheet.width - 2, y - top, radius=6, behind=True)
    sheet.y = y


def _bar(group: Group, row: Row, axis: Axis | None, ends: tuple[float, float], y: float) -> None:
    """Draw the days of a version; where an end is open, an arrow points out of the picture."""
    left, right = ends
    first, last, followed = row.days.first_day, row.days.last_day, row.policy.followed_until
    begin = axis.x(first) if axis and first else left
    end = axis.x(last + ONE_DAY) if axis and last else right
    group.polygon(_arrow(begin, end, y, begins=first is not None, ends=last is not None), name="bar")
    if axis and last and followed and followed > last:
        group.rect(end, y, axis.x(followed + ONE_DAY) - end, BAR, name="followed")


def _legend(sheet: Sheet, timeline: Timeline, lang: Lang) -> None:
    """Say what the shapes mean that are there."""
    rows = [row for track in timeline.tracks for row in track.rows]
    group, x = sheet.group("legend"), 1 + PAD
    room = sheet.width - 2 * x - 48

    def entry(key: str) -> float:
        text = [Paragraph(say(key, lang), SMALL)]
        y = sheet.y
        group.paragraphs(x + 48, y, room, text)
        sheet.y += max(height_of(text, room), BAR) + 6
        return y

    if rows:
        group.rect(x, entry("in force"), 36, BAR, name="bar")
    if any(row.policy.followed_until for row in rows):
        group.rect(x, entry("may be followed"), 36, BAR, name="followed")
    if timeline.undated or any(None in (row.days.first_day, row.days.last_day) for row in rows):
        y = entry("open end")
        group.polygon(_arrow(x, x + 36, y, begins=True, ends=False), name="bar")
