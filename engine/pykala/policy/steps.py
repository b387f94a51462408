"""The steps of a path such as `days[0].length`."""

from __future__ import annotations

import re

_SEGMENT = re.compile(r"([^\[\].]+)|\[(\d+)\]")


def steps_of(path: str) -> list[str | int]:
    """Return the steps of a path: names of fields, and places in lists.

    >>> steps_of("days[0].length")
    ['days', 0, 'length']
    """
    return [name if name else int(index) for name, index in _SEGMENT.findall(path)]
