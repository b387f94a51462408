"""How much of the input has been read, for those who wait: bytes as they are on the disk."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, TypeAlias

Progress: TypeAlias = Callable[[int], None]
"""What is told how many more bytes of the input have been read."""


def untold(_: int) -> None:
    """Take no notice."""


class Share:
    """A part of the work on a file: tells so many bytes in all, however many steps it has and however they add up."""

    def __init__(self, progress: Progress, size: int, steps: int) -> None:
        self._progress, self._size, self._steps = progress, size, max(steps, 1)
        self._done = self._told = 0

    def step(self, count: int = 1) -> None:
        """Tell of some steps."""
        self._done += count
        self._tell(min(self._size, self._size * self._done // self._steps))

    def end(self) -> None:
        """Tell of what is left."""
        self._tell(self._size)

    def _tell(self, so_far: int) -> None:
        if so_far > self._told:
            self._progress(so_far - self._told)
            self._told = so_far


class CountedFile(io.FileIO):
    """A file that tells how many bytes are read from it."""

    def __init__(self, path: Any, progress: Progress) -> None:
        super().__init__(path)
        self._tell_of = progress

    def readinto(self, buffer: Any, /) -> int:
        """Read into a buffer, as `io.FileIO` does."""
        count = super().readinto(buffer) or 0
        self._tell_of(count)
        return count
