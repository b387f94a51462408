"""Deadlines (c4): the event, the limit and the date of the check give what a duty has come to."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Literal

from pykala.evaluate.outcomes import BROKEN, FALSE, NOTHING, OPEN, Truth, truth_of, unsure
from pykala.evaluate.values import NOT_HAPPENED, Absent, Thing, Unknown, causes_of


def due_by(event: Thing, limit: Thing, as_of: datetime.date) -> Truth:
    """Return whether the duty is met, still open, or broken."""
    if isinstance(event, Absent):
        if isinstance(limit, datetime.date):
            return Truth(OPEN, NOTHING, limit) if as_of <= limit else FALSE
        return Truth(OPEN | BROKEN, causes_of(limit))
    if isinstance(event, datetime.date) and isinstance(limit, datetime.date):
        return truth_of(event <= limit)
    return unsure(causes_of(event, limit))


def is_late(event: Thing, limit: Thing, as_of: datetime.date) -> Truth:
    """Return whether the event came after the limit, or has not come and the limit has passed."""
    if isinstance(limit, datetime.date) and not isinstance(event, Unknown):
        return truth_of((event if isinstance(event, datetime.date) else as_of) > limit)
    return unsure(causes_of(limit) if isinstance(event, Absent) else causes_of(event, limit))


def event_among(name: Literal["earliest", "latest"], dates: Sequence[Thing]) -> Thing:
    """Return the earliest of what has happened, or the latest once all has."""
    if any(isinstance(date, Unknown) for date in dates):
        return Unknown(causes_of(*(date for date in dates if isinstance(date, Unknown))))
    happened = [date for date in dates if isinstance(date, datetime.date)]
    if not happened or (name == "latest" and len(happened) < len(dates)):
        return NOT_HAPPENED
    return min(happened) if name == "earliest" else max(happened)


def happened(event: Thing, as_of: datetime.date) -> Thing:
    """Return the event, or that it has not happened where its date lies after the check's."""
    return NOT_HAPPENED if isinstance(event, datetime.date) and event > as_of else event
