"""The empty workbook that people without programmers fill in: a sheet for the record, one for each list.

Row 1 of each sheet is hidden and holds the names of the columns for machines, row 2 the labels; records begin in row 3.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pykala.policy.model import UNREVIEWED, Lang
from pykala.records.cells import NO, NONE, YES
from pykala.records.identifiers import told_forms
from pykala.records.tables import MAX_TITLE, Column, Table, fold, tables_of
from pykala.records.tabular import INSTRUCTIONS, MARK, MARK_BEGIN
from pykala.records.template_words import WORDS, Words
from pykala.records.vocabulary import RecordKind, Vocabulary
from pykala_dsl.typesys import (
    BoolType,
    CountType,
    DateType,
    EnumType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
)

LAST_ROW = 1_048_576
LAST_OFFERED = 5_000
_BAD_IN_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


def write_template(vocabulary: Vocabulary, kind: RecordKind, path: Path, lang: Lang) -> None:
    """Write the empty workbook of a kind, with labels in one language; needs openpyxl."""
    from openpyxl import Workbook

    book = Workbook()
    tables = tables_of(vocabulary, kind)
    # What is found out when the record is read is not asked for.
    found_out = {name for name, _, _ in told_forms(kind.schema)}
    titles = _titles(tables, lang)
    instructions: Any = book.active
    instructions.title = INSTRUCTIONS[lang]
    lists = _Lists(book, vocabulary, lang)
    for table, title in zip(tables, titles, strict=True):
        _write_table(book.create_sheet(title), table, lists, lang, found_out)
    _offer_ids(book.worksheets[2 : 1 + len(tables)], titles[0])
    _write_instructions(instructions, tables, titles, kind, lang)
    lists.finish()
    book.active = 1
    book.save(path)


def _titles(tables: list[Table], lang: Lang) -> list[str]:
    """Return a name for each sheet: the label, cut to what Excel allows, else the name for machines."""
    taken = {fold(title) for title in INSTRUCTIONS.values()}
    titles = []
    for table in tables:
        words = (
            table.label.get(lang),
            table.name,
            ".".join(table.path),
            *(f"{table.name[:27]} {n}" for n in range(99)),
        )
        cut = (word.translate(_BAD_IN_TITLE)[:MAX_TITLE].strip(" '") for word in words)
        title = next(word for word in cut if word and fold(word) not in taken)
        taken.add(fold(title))
        titles.append(title)
    return titles


class _Lists:
    """The hidden sheet of the words that drop-down lists offer, a column for each list."""

    def __init__(self, book: Any, vocabulary: Vocabulary, lang: Lang) -> None:
        self.book = book
        self.vocabulary = vocabulary
        self.lang = lang
        self.found: dict[tuple[str, ...], str] = {}

    def formula(self, words: tuple[str, ...]) -> str:
        """Return the range of the words, written there once."""
        from openpyxl.utils import get_column_letter

        if words not in self.found:
            letter = get_column_letter(len(self.found) + 1)
            self.found[words] = f"_lists!${letter}$1:${letter}${len(words)}"
        return self.found[words]

    def offered(self, column: Column) -> tuple[str, ...]:
        """Return what a drop-down list of a column offers, nothing where it has none."""
        none = () if column.required else (NONE[self.lang],)
        match column.type:
            case _ if column.role in ("group", "list"):
                return (YES[self.lang], *none) if column.role == "group" else ()
            case BoolType():
                return (YES[self.lang], NO[self.lang], *none)
            case EnumType(name, members):
                labels = [self.vocabulary.member_label(name, member).get(self.lang) for member in members]
                # Two members with one label: the names tell them apart.
                shown = [
                    label if column.choices.get(fold(label)) == member else member
                    for label, member in zip(labels, members, strict=True)
                ]
                return (*shown, *none)
            case _:
                return ()

    def finish(self) -> None:
        """Write the words of all lists."""
        sheet = self.book.create_sheet("_lists")
        sheet.sheet_state = "hidden"
        for at, words in enumerate(self.found, 1):
            for row, word in enumerate(words, 1):
                sheet.cell(row, at, word)


def _write_table(sheet: Any, table: Table, lists: _Lists, lang: Lang, found_out: set[str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    words = WORDS[lang]
    validations: dict[str, Any] = {}
    columns = [column for column in table.columns if column.role not in ("kind", "number")]
    if not table.path:
        columns = [column for column in columns if column.name not in found_out]
    for at, column in enumerate(columns, 1):
        letter = get_column_letter(at)
        sheet.cell(1, at, f"{MARK_BEGIN}{table.name}{MARK}{column.name}" if at == 1 else column.name)
        required = column.required or column.role in ("id", "parent")
        label = sheet.cell(2, at, column.label.get(lang) + (" *" if required else ""))
        label.font = Font(bold=required)
        label.fill = PatternFill("solid", fgColor="FFE699" if required else "DDEBF7")
        label.alignment = Alignment(wrap_text=True, vertical="top")
        note = "\n".join(filter(None, (column.describe.get(lang), _how(column, words))))
        if note:
            label.comment = Comment(note, "Pykala", height=110, width=280)
        sheet.column_dimensions[letter].width = max(14, min(32, len(label.value)))
        sheet.column_dimensions[letter].number_format = _number_format(column, lang)
        if offered := lists.offered(column):
            formula = lists.formula(offered)
            if formula not in validations:
                rule = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=True)
                rule.errorTitle, rule.error = words.not_offered
                sheet.add_data_validation(rule)
                validations[formula] = rule
            validations[formula].add(f"{letter}3:{letter}{LAST_ROW}")
    sheet.row_dimensions[1].hidden = True
    sheet.freeze_panes = "B3"


def _offer_ids(sheets: list[Any], title: str) -> None:
    """Offer the ids of the first sheet on those of the lists, so that no row names a record that is not there."""
    from openpyxl.worksheet.datavalidation import DataValidation

    for sheet in sheets:
        # Others may be written: records can stand in another file.
        rule = DataValidation("list", formula1=f"'{title}'!$A$3:$A${LAST_OFFERED}", showErrorMessage=False)
        rule.add(f"A3:A{LAST_ROW}")
        sheet.add_data_validation(rule)


def _number_format(column: Column, lang: Lang) -> str:
    """Return Excel's format of a column. Times, shares and periods are text, so that Excel leaves them as written."""
    match column.type:
        case _ if column.role in ("group", "list"):
            return "@"
        case DateType():
            return "yyyy-mm-dd" if lang == "en" else "d.m.yyyy"
        case MoneyType():
            return "0.00"
        case CountType() | NumberType():
            return "General"
        case _:
            return "@"


def _how(column: Column, words: Words) -> str:
    match column.role, column.type:
        case "group", _:
            return words.group
        case "list", ListType(RecordType()):
            return words.list_of_rows
        case "list", _:
            return words.list_of_values
        case _, kind:
            return words.types.get(type(kind).__name__, "")


def _write_instructions(sheet: Any, tables: list[Table], titles: list[str], kind: RecordKind, lang: Lang) -> None:
    from openpyxl.styles import Alignment, Font

    words = WORDS[lang]
    none = NONE[lang]
    lines = [
        kind.label.get(lang),
        kind.describe.get(lang),
        "",
        *(line.format(none=none) for line in words.instructions),
    ]
    if lang in UNREVIEWED:
        lines += ["", UNREVIEWED[lang]]
    lines += ["", words.sheets, *(f"{title}: {table.name}" for table, title in zip(tables, titles, strict=True))]
    for row, line in enumerate(lines, 1):
        cell = sheet.cell(row, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = 100
