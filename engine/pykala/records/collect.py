"""Records of one kind, collected from many of others: a stream of records in, one record for each key (and year) out.

What a record does not say is never guessed. One whose key or date is not known may belong to any of the collected
records, so a count or a sum that it could change is left out, and a list gets an element of which nothing is given.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pykala.records.collect_finish import Finish, Unfilled, is_of
from pykala.records.collect_gather import Gatherer, Unplaced
from pykala.records.collection import (
    Collection,
    asked_for,
)
from pykala.records.record import Record, RecordProblem
from pykala.records.vocabulary import RecordKind, Vocabulary


@dataclass(frozen=True, slots=True)
class Collected:
    """What collecting gives: the records as plain data, what is wrong, and what stayed open.

    `read` counts the records that it rests on by kind, `unused` those of other kinds, `absent` names the kinds that
    were wanted and not there. `left_to_people` are fields that nothing collects.
    """

    records: tuple[dict[str, Any], ...]
    problems: tuple[RecordProblem, ...]
    as_of: datetime.date
    read: dict[str, int]
    unused: dict[str, int]
    absent: tuple[str, ...]
    unplaced: tuple[Unplaced, ...]
    unfilled: tuple[Unfilled, ...]
    left_to_people: tuple[str, ...]
    unmatched: tuple[str, ...] = ()


def collect_records(
    vocabulary: Vocabulary,
    kind: str,
    items: Iterable[Record | RecordProblem],
    as_of: datetime.date,
    *,
    year: int | None = None,
    only: Iterable[str] | None = None,
) -> Collected:
    """Return the records of a kind that the given ones make, with what could not be placed or filled.

    `year` collects one calendar year (for rolling years: those that end in it); `only` names the ways to collect.
    Records are read once and not kept, but for those of the kind itself: they complete what is collected.
    """
    known = vocabulary.kinds[kind]
    chosen = asked_for(known.collections) if only is None else [each for each in known.collections if each.name in only]
    gatherers = [Gatherer(each, as_of, year if each.period != "always" else None) for each in chosen]
    wanted = dict.fromkeys(name for each in chosen for name in each.source_kinds)
    read = dict.fromkeys(wanted, 0)
    unused: dict[str, int] = {}
    problems: list[RecordProblem] = []
    completing: list[Record] = []
    broken: set[tuple[str, str | None]] = set()
    for item in items:
        if isinstance(item, RecordProblem):
            problems.append(item)
            # Several mistakes of one record are one record; without a place, nobody knows.
            if not item.origin or (item.origin, item.kind) not in broken:
                broken.add((item.origin, item.kind))
                for gatherer in gatherers:
                    gatherer.miss(item.kind)
        elif item.kind == kind:
            completing.append(item)
        elif item.kind in read:
            read[item.kind] += 1
            for gatherer in gatherers:
                gatherer.add(item)
        else:
            unused[item.kind] = unused.get(item.kind, 0) + 1
    for record in completing:
        for gatherer in gatherers:
            if is_of(record, gatherer.collection, known.collections):
                gatherer.seed(record)
    finish = Finish(vocabulary, known, chosen, read, problems)
    for gatherer in gatherers:
        finish.take(gatherer)
    finish.complete(completing)
    return Collected(
        tuple(finish.records()),
        tuple(problems),
        as_of,
        {name: count for name, count in read.items() if count},
        unused,
        tuple(name for name, count in read.items() if not count),
        tuple(dict.fromkeys(each for gatherer in gatherers for each in gatherer.unplaced)),
        tuple(finish.unfilled),
        tuple(_left_to_people(known, chosen)),
        tuple(finish.unmatched),
    )


def _left_to_people(kind: RecordKind, chosen: list[Collection]) -> Iterator[str]:
    filled = {each.field.name for collection in chosen for each in collection.fields}
    filled |= {name for collection in chosen for name in collection.by}
    for name in kind.type.fields:
        if name != "id" and name not in filled:
            yield name
