"""A bar that shows how far a long call has come: on standard error, and only where somebody watches."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pykala.policy.model import Lang

if TYPE_CHECKING:
    from rich.progress import Progress

LEAST_BYTES = 1_000_000
"""A smaller input is done before a bar can be read."""


class Bar:
    """What reading and judging tell of how far they are; shows nothing."""

    def read(self, count: int) -> None:
        """Take note of so many more bytes."""

    def judged(self, done: int, total: int) -> None:
        """Take note that so many of the records have been judged."""


class _Shown(Bar):
    """The bar of rich, first of bytes, then of records."""

    def __init__(self, shown: Progress, size: int, lang: Lang, *, judging: bool) -> None:
        from pykala.report.wording import tell

        self._shown, self._lang, self._judging = shown, lang, judging
        self._reading = shown.add_task(tell("reading the records", lang), total=size)
        self._judged = None if not judging else shown.add_task(tell("judging the records", lang), visible=False)

    def read(self, count: int) -> None:
        self._shown.advance(self._reading, count)

    def judged(self, done: int, total: int) -> None:
        if self._judged is None:
            # The verdicts come to the same terminal: they show by themselves how far it is.
            self._shown.stop()
        else:
            self._shown.update(self._reading, visible=False)
            self._shown.update(self._judged, completed=done, total=total, visible=True)


@contextmanager
def bar(paths: Sequence[Path], lang: Lang, *, judging: bool) -> Iterator[Bar]:
    """Give a bar for reading files and folders: on a terminal where they are big, else one that shows nothing.

    `judging`: whether it is shown while records are judged, too, since the verdicts go elsewhere.
    """
    if not _is_watched():
        yield Bar()
        return
    from pykala.records.readers import count_bytes

    size = count_bytes(paths)
    if size < LEAST_BYTES:
        yield Bar()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    # Standard output is the report's: what is written to it must not be taken for words beside the bar.
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as shown:
        yield _Shown(shown, size, lang, judging=judging)


def _is_watched() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")
