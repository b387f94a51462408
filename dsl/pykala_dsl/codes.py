"""Every diagnostic code, by the stage that raises it. Each has a test that raises it and a page in the docs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A code, the stage that raises it, and one line on what it means."""

    code: str
    stage: str
    summary: str


_BY_STAGE: dict[str, dict[str, str]] = {
    "expression": {},
    "types": {},
    "yaml": {},
    "policy": {},
    "vocabulary": {},
    "register": {},
    "lint": {},
}

CODES: dict[str, Code] = {
    code: Code(code, stage, summary) for stage, codes in _BY_STAGE.items() for code, summary in codes.items()
}
