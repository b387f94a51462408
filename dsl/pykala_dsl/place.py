"""Where the parser stopped: the tokens of the text round that place, and what would have been accepted there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pykala_dsl.spelling import Mistake
from pykala_dsl.words import RESERVED

CLOSING = {"(": ")", "{": "}"}
_PATTERN = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<word>[^\W\d]\w*)|(?P<sign>\.\.|!=|<=|>=|[=<>+\-*/.,(){}%])|(?P<other>\S)"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a word, a sign or any other character, and where it stands in the text."""

    kind: Literal["number", "word", "sign", "other", "end"]
    text: str
    start: int
    end: int

    @property
    def reserved(self) -> bool:
        """Return whether the word is one of the language's own."""
        return self.text in RESERVED


class Place:
    """Where the parser stopped: the token there, its neighbours, and what would have been accepted."""

    def __init__(self, tokens: list[Token], index: int, accepted: frozenset[str]) -> None:
        end = tokens[-1].end if tokens else 0
        self.tokens = tokens
        self.index = index
        self.accepted = accepted
        self.nothing = Token("end", "", end, end)
        self.token = self.peek(0)
        self.before = self.peek(-1)

    def peek(self, distance: int) -> Token:
        """Return the token so far away, or an empty one."""
        index = self.index + distance
        return self.tokens[index] if 0 <= index < len(self.tokens) else self.nothing

    def say(
        self, code: str, message: str, advice: str, first: Token | None = None, last: Token | None = None
    ) -> Mistake:
        """Return a mistake at a token (the one where the parser stopped), or from one to another."""
        first = first or self.token
        return Mistake(code, message, first.start, (last or first).end, advice)

    @property
    def wants_value(self) -> bool:
        """Return whether a value may stand here, with or without a unit."""
        return "QUANTITY" in self.accepted

    @property
    def wants_count(self) -> bool:
        """Return whether the number of a counting quantifier is wanted here."""
        return "NUMBER" in self.accepted and "QUANTITY" not in self.accepted

    @property
    def wants_name(self) -> bool:
        """Return whether only a name may stand here."""
        return self.accepted == {"NAME"}

    @property
    def after_value(self) -> bool:
        """Return whether a value is complete here, so that an operator or an end may follow."""
        return not (self.wants_value or self.wants_count or self.wants_name or self.accepted == {"IN"})

    def may_end(self) -> bool:
        """Return whether what stands before this place may end here."""
        return bool(self.accepted & {"$END", "RPAR", "RBRACE", "COMMA", "THEN", "ELSE"})

    def open_brackets(self) -> list[Token]:
        """Return the brackets that are open before this place."""
        found: list[Token] = []
        for token in self.tokens[: self.index]:
            if token.text in CLOSING:
                found.append(token)
            elif token.text in (")", "}") and found:
                found.pop()
        return found

    def last_word(self, *words: str, closed_by: str = "") -> Token | None:
        """Return the last of some words before this place that is not matched by a later `closed_by`."""
        matched = 0
        for token in reversed(self.tokens[: self.index]):
            if closed_by and token.text == closed_by:
                matched += 1
            elif token.text in words:
                if not matched:
                    return token
                matched -= 1
        return None


def tokens_of(text: str) -> list[Token]:
    """Return the numbers, words and signs of a text; units are words here, and every other character stands alone."""
    return [Token(m.lastgroup, m.group(), *m.span()) for m in _PATTERN.finditer(text)]  # type: ignore[arg-type]
