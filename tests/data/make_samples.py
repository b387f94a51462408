"""Writes the same synthetic records in every form that Pykala reads, by ordinary tools.

`make samples` writes them to build/samples: a case as JSON, JSON Lines, YAML, CSV files, an Excel workbook and Parquet,
a certificate and a feedback as PDF form, Word and text, each in Finnish and Swedish. The same call gives the same bytes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from data import make_documents, make_files

HERE = Path(__file__).parent
CASE = HERE / "cases" / "trial-flex.json"
CERTIFICATE = HERE / "documents" / "certificate-flex.yaml"
FEEDBACK = HERE / "documents" / "feedback-without-extension.yaml"
LANGUAGES = ("fi", "sv")


def plain(path: Path) -> dict[str, Any]:
    """Return the record of a sample file; dates are texts, as in JSON."""
    text = path.read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(json.dumps(yaml.safe_load(text), default=str))
    return loaded


def write_samples(folder: Path) -> list[Path]:
    """Write every sample into a folder; return what can be given to `pykala check`, each a record of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [*_tables(plain(CASE), folder), *_texts(plain(CASE), folder)]
    for name, source in (("certificate", CERTIFICATE), ("feedback", FEEDBACK)):
        for lang in LANGUAGES:
            for ending in make_documents.WRITERS:
                path = folder / f"{name}.{lang}.{ending}"
                make_documents.write_document(plain(source), lang, path)
                written.append(path)
    return written


def _tables(record: Mapping[str, Any], folder: Path) -> list[Path]:
    rows = make_files.tables(record, make_files.FOUND_BY)
    make_files.write_csv(rows, folder / "csv")
    make_files.write_workbook(rows, folder / "case.xlsx")
    make_documents.settle(folder / "case.xlsx")
    make_files.write_parquet([record], folder / "case.parquet")
    return [folder / "csv", folder / "case.xlsx", folder / "case.parquet"]


def _texts(record: Mapping[str, Any], folder: Path) -> list[Path]:
    forms = {
        "case.json": json.dumps(record, ensure_ascii=False, indent=1) + "\n",
        "case.jsonl": json.dumps(record, ensure_ascii=False) + "\n",
        "case.yaml": yaml.safe_dump(dict(record), allow_unicode=True, sort_keys=False),
    }
    for name, text in forms.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in forms]


if __name__ == "__main__":
    for found in write_samples(Path(sys.argv[1])):
        sys.stdout.write(f"{found.as_posix()}\n")
