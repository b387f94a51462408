"""Writes a record as the tables that others keep it in, by ordinary tools: CSV files, an Excel workbook, Parquet.

python tests/data/make_files.py FOLDER writes a sample case as each of them.
"""

from __future__ import annotations

import csv
import datetime
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

HERE = Path(__file__).parent
SAMPLE = HERE / "cases" / "trial-flex.json"
NONE = "none"

Rows: TypeAlias = dict[str, list[dict[str, Any]]]


def tables(record: Mapping[str, Any], found_by: Mapping[str, str]) -> Rows:
    """Return the rows of each table of a record; `found_by` names what tells the elements of an outer list apart."""
    rows: Rows = {}
    kind = record["record"]

    def add(table: str, data: Mapping[str, Any], row: dict[str, Any], ties: dict[str, Any]) -> None:
        rows.setdefault(table, []).append(row)
        flatten(table, data, "", row, ties)

    def flatten(table: str, data: Mapping[str, Any], prefix: str, row: dict[str, Any], ties: dict[str, Any]) -> None:
        for name, value in data.items():
            path = prefix + name
            if value is None or value == []:
                row[path] = NONE
            elif isinstance(value, dict):
                row[path] = True
                flatten(table, value, f"{path}.", row, ties)
            elif isinstance(value, list):
                for element in value:
                    inner = f"{table}.{path}"
                    if not isinstance(element, dict):
                        add(inner, {"value": element}, dict(ties), ties)
                        continue
                    key = found_by.get(inner)
                    deeper = ties | ({f"{path}.{key}": element[key]} if key else {})
                    add(inner, element, dict(ties), deeper)
            else:
                row[path] = value

    flat = {name: value for name, value in record.items() if name != "record"}
    add(kind, flat, {}, {"id": record["id"]})
    return rows


def in_excel(value: Any) -> Any:
    """Return a value as a person's Excel holds it: dates as dates, times of a day as times, money as a float."""
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return datetime.datetime.fromisoformat(value)
    if (clock := re.fullmatch(r"(\d+) h(?: (\d+) min)?", value)) and int(clock[1]) < 24:
        return datetime.time(int(clock[1]), int(clock[2] or 0))
    if money := re.fullmatch(r"(\d+(?:\.\d\d)?) EUR", value):
        return float(money[1])
    return value


def headers(rows: list[dict[str, Any]]) -> list[str]:
    """Return the names that any of the rows uses."""
    return list(dict.fromkeys(name for row in rows for name in row))


def write_csv(rows: Rows, folder: Path, *, delimiter: str = ",") -> None:
    """Write a CSV file for each table."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, lines in rows.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, headers(lines), delimiter=delimiter, lineterminator="\n")
            writer.writeheader()
            writer.writerows(
                {name: str(value).lower() if isinstance(value, bool) else value for name, value in line.items()}
                for line in lines
            )


def write_workbook(rows: Rows, path: Path, *, backwards: bool = False) -> None:
    """Write a workbook with a sheet for each table, named as the machine names it."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for table, lines in reversed(rows.items()) if backwards else rows.items():
        sheet = book.create_sheet(table[:31])
        names = headers(lines)
        sheet.append(names)
        for line in lines:
            sheet.append([in_excel(line.get(name)) for name in names])
    book.save(path)


def write_parquet(records: list[Mapping[str, Any]], path: Path) -> None:
    """Write records as one nested Parquet file."""
    import pyarrow
    import pyarrow.parquet

    names = headers([dict(record) for record in records])
    columns = {name: [record.get(name) for record in records] for name in names}
    pyarrow.parquet.write_table(pyarrow.table(columns), path)


FOUND_BY = {"case.days": "date", "case.certificates": "written_on", "case.area.municipality_groups": "name"}


def main(folder: Path) -> None:
    """Write the sample case in each form."""
    record = json.loads(SAMPLE.read_text(encoding="utf-8"))
    rows = tables(record, FOUND_BY)
    write_csv(rows, folder / "csv")
    write_workbook(rows, folder / "case.xlsx")
    write_parquet([record], folder / "case.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
