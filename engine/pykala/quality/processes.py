"""Work shared out among processes: each task one call, the answers in the order of the tasks.

Policies are big and never change, so that the processes have them from their parent; where there is no `fork`, the work
is done here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

_Task = TypeVar("_Task")
_Answer = TypeVar("_Answer")
_WORK: Final[list[Callable[[Any], Any]]] = []


def available_cores() -> int:
    """Return how many processes may run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shared_out(
    work: Callable[[_Task], _Answer], tasks: Sequence[_Task], *, jobs: int | None = None, chunk: int = 1
) -> Iterator[_Answer]:
    """Yield what a function answers to each task. Tasks and answers go from process to process; the function does not."""
    import multiprocessing

    processes = min(jobs or available_cores(), -(-len(tasks) // chunk))
    if processes < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, tasks)
        return
    _WORK.append(work)
    try:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            yield from pool.imap(_one, tasks, chunksize=chunk)
    finally:
        _WORK.pop()


def _one(task: Any) -> Any:
    return _WORK[-1](task)
