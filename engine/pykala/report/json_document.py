"""A JSON document that is written piece by piece."""

from __future__ import annotations

import json
from typing import IO, Any

encoded = json.JSONEncoder(ensure_ascii=False).encode
"""Returns data as JSON on one line, letters as they are."""


class Document:
    """Writes a JSON object: a key a line, of a list an item a line, letters as they are.

    So a large report is still quick to write (the encoder that indents is not), and two of them can be compared.
    """

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._before, self._before_item = "{", "\n"

    def value(self, key: str, value: Any) -> None:
        """Write a key and its value."""
        if isinstance(value, list):
            self.begin(key)
            for item in value:
                self.item(item)
            self.close()
        else:
            self._out.write(f"{self._before}\n{json.dumps(key)}: {encoded(value)}")
            self._before = ","

    def begin(self, key: str) -> None:
        """Begin a list."""
        self._out.write(f"{self._before}\n{json.dumps(key)}: [")
        self._before, self._before_item = ",", "\n"

    def item(self, value: Any) -> None:
        """Write an item of the list."""
        self.item_text(encoded(value))

    def item_text(self, text: str) -> None:
        """Write an item of the list that is JSON already."""
        self._out.write(self._before_item + text)
        self._before_item = ",\n"

    def close(self) -> None:
        """End the list."""
        self._out.write("]" if self._before_item == "\n" else "\n]")

    def end(self) -> None:
        """End the object."""
        self._out.write("\n}\n")


def write_json(data: dict[str, Any], out: IO[str]) -> None:
    """Write a document that is there as a whole, as `Document` does piece by piece."""
    document = Document(out)
    for key, value in data.items():
        document.value(key, value)
    document.end()
