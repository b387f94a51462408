"""A diagnostic as text and as data."""

from __future__ import annotations

from textwrap import dedent

from pykala_dsl.diagnostics import Diagnostic, Label
from pykala_dsl.render import as_json, render
from pykala_dsl.source import Source, Span

POLICY = Source("policies/p.yaml", "rules:\n  - id: r\n    require: day.length >= 1 day\n    when: a\n")
RECORDS = Source("records/case.yaml", "length: {format: exact-time}\n")


def at(text: str, words: str, source: Source = POLICY) -> Label:
    start = source.text.index(words)
    return Label(Span(start, start + len(words)), text, None if source is POLICY else source)


def shown(*labels: Label, source: Source = POLICY, help_text: str | None = None) -> str:
    return render(Diagnostic("type-mismatch", "exact time compared with calendar time", source, labels, help_text))


def block(text: str) -> str:
    return dedent(text).strip("\n")


def test_the_layout_of_the_style_guide() -> None:
    text = "\n" * 40 + "    require: day.lenght >= shortest_day\n"
    source = Source("policies/work-trial/2025-04.yaml", text)
    start = text.index("lenght")
    label = Label(Span(start, start + 6), "not in records/case.yaml")
    diagnostic = Diagnostic(
        "unknown-field", "unknown field `lenght` of day", source, (label,), "did you mean `length`?"
    )
    assert render(diagnostic) == block("""
        error[unknown-field]: unknown field `lenght` of day
          --> policies/work-trial/2025-04.yaml:41:18
           |
        41 |     require: day.lenght >= shortest_day
           |                  ^^^^^^ not in records/case.yaml
           = help: did you mean `length`?
    """)


def test_without_text_or_help_there_are_marks_alone() -> None:
    assert shown(at("", ">=")) == block("""
        error[type-mismatch]: exact time compared with calendar time
         --> policies/p.yaml:3:25
          |
        3 |     require: day.length >= 1 day
          |                         ^^
    """)


def test_two_labels_on_a_line() -> None:
    assert shown(at("exact time", "day.length"), at("calendar time", "1 day")) == block("""
        error[type-mismatch]: exact time compared with calendar time
         --> policies/p.yaml:3:14
          |
        3 |     require: day.length >= 1 day
          |              ^^^^^^^^^^    ^^^^^ calendar time
          |              exact time
    """)


def test_three_labels_on_a_line_stand_from_the_right() -> None:
    assert shown(at("one", "day.length"), at("two", ">="), at("three", "1 day")) == block("""
        error[type-mismatch]: exact time compared with calendar time
         --> policies/p.yaml:3:14
          |
        3 |     require: day.length >= 1 day
          |              ^^^^^^^^^^ ^^ ^^^^^ three
          |                         two
          |              one
    """)


def test_a_label_inside_another_stands_below() -> None:
    assert shown(at("whole", "day.length >= 1 day"), at("part", ">=")) == block("""
        error[type-mismatch]: exact time compared with calendar time
         --> policies/p.yaml:3:14
          |
        3 |     require: day.length >= 1 day
          |              ^^^^^^^^^^^^^^^^^^^
          |                         part
          |              whole
    """)


def test_labels_on_other_lines_and_in_other_sources() -> None:
    labels = (at("here", "1 day"), at("this rule", "r\n"), at("declared here", "exact-time", RECORDS))
    assert shown(*labels, help_text="write hours") == block("""
        error[type-mismatch]: exact time compared with calendar time
         --> policies/p.yaml:3:28
          |
        2 |   - id: r
          |         ^ this rule
        3 |     require: day.length >= 1 day
          |                            ^^^^^ here
         ::: records/case.yaml:1:18
          |
        1 | length: {format: exact-time}
          |                  ^^^^^^^^^^ declared here
          = help: write hours
    """)


def test_lines_left_out_are_marked() -> None:
    assert shown(at("first", "rules"), at("last", "when")) == block("""
        error[type-mismatch]: exact time compared with calendar time
         --> policies/p.yaml:1:1
          |
        1 | rules:
          | ^^^^^ first
        ...
        4 |     when: a
          |     ^^^^ last
    """)


def test_an_empty_place_has_one_mark_and_a_long_one_ends_with_its_line() -> None:
    source = Source("p.yaml", "a: \nb: c\n  d\n")
    empty = Diagnostic("x", "m", source, (Label(Span(3, 3)),))
    assert render(empty).splitlines()[-1] == "  |    ^"
    several = Diagnostic("x", "m", source, (Label(Span(7, 12)),))
    assert render(several).splitlines()[-2:] == ["2 | b: c", "  |    ^"]


def test_the_end_of_the_text_is_a_place() -> None:
    source = Source("p.yaml", "a: b")
    assert render(Diagnostic("x", "m", source, (Label(Span(4, 4)),))).splitlines()[-1] == "  |     ^"


def test_tabs_and_wide_letters_keep_the_marks_below_their_words() -> None:
    source = Source("p.yaml", "\t日数: bad")
    rows = render(Diagnostic("x", "m", source, (Label(Span(5, 8)),))).splitlines()
    assert rows[-2:] == ["1 |     日数: bad", "  |           ^^^"]
    assert rows[1] == " --> p.yaml:1:6"


def test_characters_that_steer_a_terminal_are_not_printed() -> None:
    source = Source("p\x1b[2J.yaml", "a\x1b[31m b")
    text = render(Diagnostic("x", "a \x07 bell", source, (Label(Span(0, 1)),)))
    assert not [character for character in text if not character.isprintable() and character != "\n"]


def test_a_very_long_line_is_cut_round_the_offence() -> None:
    source = Source("p.yaml", "a" * 500 + " bad " + "b" * 500)
    row, marks = render(Diagnostic("x", "m", source, (Label(Span(501, 504)),))).splitlines()[-2:]
    assert len(row) < 200
    assert row[marks.index("^") : marks.rindex("^") + 1] == "bad"
    assert row.startswith("1 | …")
    assert row.endswith("…")


def test_a_warning_says_so() -> None:
    diagnostic = Diagnostic("x", "m", POLICY, (Label(Span(0, 5)),), severity="warning")
    assert render(diagnostic).startswith("warning[x]: m\n")


def test_help_of_several_lines_is_aligned() -> None:
    assert shown(at("", ">="), help_text="write\nthis").splitlines()[-2:] == ["  = help: write", "          this"]


def test_colour_adds_escapes_and_nothing_else() -> None:
    import re

    diagnostic = Diagnostic("x", "m", POLICY, (at("a", "day.length"), at("b", "1 day")), "h")
    coloured = render(diagnostic, color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(diagnostic)
    assert coloured.startswith("\x1b[1;31merror[x]\x1b[0m")


def test_json_carries_the_same() -> None:
    diagnostic = Diagnostic("x", "m", POLICY, (at("a", "1 day"), at("b", "exact-time", RECORDS)), "h")
    assert as_json(diagnostic) == {
        "code": "x",
        "severity": "error",
        "message": "m",
        "path": "policies/p.yaml",
        "line": 3,
        "column": 28,
        "end_line": 3,
        "end_column": 33,
        "labels": [
            {"path": "policies/p.yaml", "line": 3, "column": 28, "end_line": 3, "end_column": 33, "text": "a"},
            {"path": "records/case.yaml", "line": 1, "column": 18, "end_line": 1, "end_column": 28, "text": "b"},
        ],
        "help": "h",
    }
