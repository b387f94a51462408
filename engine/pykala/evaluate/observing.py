"""The same evaluation with an onlooker: an interpreter that tells of each yes/no expression what it came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from pykala.evaluate.facts import Guess, Notes, World
from pykala.evaluate.interpreter import NO_SOURCE, Interpreter
from pykala.evaluate.outcomes import MET, Truth
from pykala.evaluate.result import Cause
from pykala.evaluate.values import Thing
from pykala_dsl import core
from pykala_dsl.source import Source

Observe: TypeAlias = Callable[[core.Expr, bool], None]
"""Is told an expression and whether it holds, wherever that is certain; a duty that is open does not hold yet."""


class Observed(Interpreter):
    """An interpreter that tells of each yes/no expression that it evaluates; no operand is passed over."""

    thorough = True

    def __init__(
        self,
        world: World,
        readings: Mapping[str, str],
        *,
        source: Source = NO_SOURCE,
        assumed: Mapping[Cause, Thing | Guess] | None = None,
        notes: Notes | None = None,
        observe: Observe,
    ) -> None:
        super().__init__(world, readings, source=source, assumed=assumed, notes=notes)
        self.observe = observe

    def truth(self, expr: core.Expr) -> Truth:
        """Return the outcomes of a yes/no expression, and tell of them where they are certain."""
        truth = super().truth(expr)
        if truth.sure:
            self.observe(expr, truth.mask == MET)
        return truth
