"""The operators of the language by name, for the syntax and the typed core alike."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

CompareOp: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]
ArithmeticOp: TypeAlias = Literal["+", "-", "*", "/", "of"]
AggregateName: TypeAlias = Literal["sum", "average", "earliest", "latest", "min", "max"]

NEGATED: Final[dict[CompareOp, CompareOp]] = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
"""What a comparison says that is denied: not `a < b` is `a >= b`."""
MIRRORED: Final[dict[CompareOp, CompareOp]] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""What a comparison says with its sides changed: `a < b` is `b > a`."""
