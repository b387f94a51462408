"""The operators of the language by name, for the syntax and the typed core alike."""

from __future__ import annotations

from typing import Literal, TypeAlias

CompareOp: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]
ArithmeticOp: TypeAlias = Literal["+", "-", "*", "/", "of"]
AggregateName: TypeAlias = Literal["sum", "average", "earliest", "latest", "min", "max"]
