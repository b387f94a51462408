"""Each mistake gives one diagnostic: its code, the words that it underlines (between ⟦ and ⟧), and what to write."""

from __future__ import annotations

import re

import pytest

from pykala_dsl.codes import CODES
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError
from pykala_dsl.parser import parse_binder, parse_expression
from pykala_dsl.source import Fragment, Source

MISTAKES = [
    ("a ⟦==⟧ b", "foreign-operator", "write `=`"),
    ("a ⟦=>⟧ b", "foreign-operator", "write `>=`, or `then` after an `if`"),
    ("a ⟦=<⟧ b", "foreign-operator", "write `<=`"),
    ("a ⟦&&⟧ b", "foreign-operator", "write `and`"),
    ("a ⟦||⟧ b", "foreign-operator", "write `or`"),
    ("⟦!⟧a", "foreign-operator", "write `not` before a condition, or `!=` between two values"),
    ('a = ⟦"lunch"⟧', "quoted-name", "write `lunch` without the quotes"),
    ("a = ⟦'lunch'⟧", "quoted-name", "write `lunch` without the quotes"),
    ("day.date < ⟦1.4.2025⟧", "date-format", "write `2025-04-01`"),
    ("day.date < ⟦2025-4-1⟧", "date-format", "write `2025-04-01`"),
    ("x in ⟦1-2⟧", "dash-range", "write `1 .. 2` for a range, or `1 - 2` with spaces for a subtraction"),
    ("length = ⟦6,5⟧ h", "decimal-comma", "write `6.5`"),
    ("x > ⟦1 000⟧ EUR", "thousands-space", "write `1000`"),
    ("x > 1000 ⟦€⟧", "euro-sign", "write `EUR` after the number, as in `1000 EUR`"),
    ("x > ⟦€⟧1000", "euro-sign", "write `EUR` after the number, as in `1000 EUR`"),
    ("x > ⟦EUR 1000⟧", "unit-before-number", "write `1000 EUR`"),
    ("day.length >= 5 ⟦hours⟧", "unknown-unit", "write `5 h`"),
    ("day.length >= 5 ⟦tuntia⟧", "unknown-unit", "write `5 h`"),
    ("x > 5 ⟦percent⟧", "unknown-unit", "write `5 %`"),
    ("x > 5 ⟦euros⟧", "unknown-unit", "write `5 EUR`"),
    ("x > 5⟦hours⟧", "unknown-unit", "write `5 h`"),
    ("first + ⟦two⟧ weeks >= b", "number-word", "write `2`"),
    ("⟦all⟧ day in days satisfies day.length >= 6 h", "foreign-word", "write `every`"),
    ("⟦all⟧ days", "foreign-word", "write `every`"),
    ("at most ⟦days⟧ in days", "missing-number", "write it, as in `at most 2 day in days`"),
    ("at least ⟦day⟧ in days where day.ok", "missing-number", "write it, as in `at least 2 day in days`"),
    ("⟦exactly⟧ in days", "missing-number", "write it, as in `exactly 2 day in days`"),
    ("x ⟦between⟧ 1 and 2", "foreign-word", "write a range with both ends, `x in a .. b`"),
    ("x ⟦between⟧ 2025-01-01 and 2025-12-31", "foreign-word", "write a range with both ends, `x in a .. b`"),
    ("2025-01-01 ⟦to⟧ 2025-02-01", "foreign-word", "write a range with two dots, `a .. b`"),
    ("x in 1 ⟦to⟧ 2", "foreign-word", "write a range with two dots, `a .. b`"),
    ("at least ⟦one⟧ day in days", "number-word", "write `1`"),
    ("at least ⟦two⟧ day in days where day.ok", "number-word", "write `2`"),
    ("a ⟦AND⟧ b", "upper-case-word", "write `and`"),
    ("⟦NOT⟧ a", "upper-case-word", "write `not`"),
    ("⟦Every⟧ day in days satisfies x", "upper-case-word", "write `every`"),
    ("⟦If⟧ a then b else c", "upper-case-word", "write `if`"),
    ("flex ⟦is not present⟧", "after-is", "write `is missing`"),
    ("flex ⟦is not missing⟧", "after-is", "write `is present`"),
    ("status ⟦is⟧ delivered", "after-is", "write `= delivered`"),
    ("status ⟦is not⟧ delivered", "after-is", "write `!=`, or `not in` for several values"),
    ("x ⟦is late⟧", "after-is", "write `is late for`"),
    ("x ⟦is⟧", "after-is", "write `=`"),
    ("⟦if⟧ a then b", "if-without-else", "say what holds otherwise: `else …`; it is never left out"),
    ("⟦if⟧ a then b and c", "if-without-else", "say what holds otherwise: `else …`; it is never left out"),
    ("(⟦if⟧ a then b) and c", "if-without-else", "say what holds otherwise: `else …`; it is never left out"),
    ("⟦if⟧ a else b", "if-without-then", "write `if … then … else …`"),
    ("if a ⟦then⟧", "missing-value", "write the value that belongs behind `then`"),
    ("⟦if⟧ a", "if-without-then", "write `if … then … else …`"),
    (
        "⟦every⟧ day in days where day.length >= 6 h",
        "every-without-satisfies",
        "say what each of them has to satisfy: `every day in days satisfies …`",
    ),
    (
        "⟦every⟧ day in days",
        "every-without-satisfies",
        "say what each of them has to satisfy: `every day in days satisfies …`",
    ),
    (
        "⟦every⟧ day in days day.length >= 6 h",
        "every-without-satisfies",
        "say what each of them has to satisfy: `every day in days satisfies …`",
    ),
    (
        "⟦every⟧ day in days and x",
        "every-without-satisfies",
        "say what each of them has to satisfy: `every day in days satisfies …`",
    ),
    ("every day in days⟦:⟧ day.length > 1 h", "stray-character", "write `satisfies`"),
    (
        "some day in days where day.a and ⟦some⟧ day in days where day.b",
        "second-quantifier",
        "put the first one in brackets, `(some …) and some …`, or this one, if it belongs to the `where`",
    ),
    (
        "some day in days ⟦and⟧ some other in days where day.b",
        "needs-brackets",
        "put it in brackets, `(some …) and …`, or write `where` before a condition on each of them",
    ),
    (
        "some day in days ⟦and⟧ x = 1",
        "needs-brackets",
        "put it in brackets, `(some …) and …`, or write `where` before a condition on each of them",
    ),
    ("some day in days where ⟦some⟧ x in day.xs", "quantifier-in-where", "put it in brackets, `(some …)`"),
    ("some day in days where not ⟦some⟧ x in day.xs", "quantifier-in-where", "put it in brackets, `(some …)`"),
    ("a < b ⟦<⟧ c", "chained-comparison", "write `b in a .. c`, or join two comparisons with `and`"),
    ("1 < x ⟦<=⟧ 3", "chained-comparison", "write `b in a .. c`, or join two comparisons with `and`"),
    ("a = b ⟦=⟧ c", "chained-comparison", "write `b in a .. c`, or join two comparisons with `and`"),
    ("x in a ⟦in⟧ b", "chained-comparison", "join two conditions with `and`"),
    ("a .. b ⟦..⟧ c", "chained-comparison", "a range has two ends, `a .. b`"),
    (
        "⟦{⟧a, b} includes x",
        "leading-set",
        "put the list first, as in `attachments includes {a, b}`, or the set in brackets, `({a, b})`",
    ),
    (
        "⟦-⟧ x > 5",
        "unary-minus",
        "there are no negative numbers; write the subtraction out, `a - b`, or compare the other way round",
    ),
    (
        "⟦-⟧5 < x",
        "unary-minus",
        "there are no negative numbers; write the subtraction out, `a - b`, or compare the other way round",
    ),
    (
        "x = ⟦-⟧5",
        "unary-minus",
        "there are no negative numbers; write the subtraction out, `a - b`, or compare the other way round",
    ),
    ("a ⟦and⟧", "missing-value", "write the value that belongs behind `and`"),
    ("a and ⟦and⟧ b", "missing-value", "write what the operator stands between"),
    ("⟦(⟧a and b", "missing-bracket", "write `)` where it ends"),
    ("f⟦(⟧a, b", "missing-bracket", "write `)` where it ends"),
    ("a and b⟦)⟧", "unmatched-bracket", "remove it, or open it with `(`"),
    ("x in ⟦{⟧a, b", "missing-bracket", "write `}` where it ends"),
    ("x in ⟦(⟧a, b)", "set-brackets", "write a set in braces, `{a, b}`"),
    ("x in ⟦[⟧a, b]", "set-brackets", "write a set in braces, `{a, b}`, and group with `(` and `)`"),
    ("x ⟦@⟧ y", "stray-character", "remove it"),
    ("x ⟦;⟧ y", "stray-character", "remove it"),
    ("x = ⟦2025-02-30⟧", "bad-date", "dates are written year, month, day: `2025-04-01`"),
    ("x = ⟦2025-13-01⟧", "bad-date", "dates are written year, month, day: `2025-04-01`"),
    ("x = ⟦5.⟧", "bare-point", "write `5.0`, or `5` alone"),
    ("x = ⟦.5⟧", "bare-point", "write `0.5`"),
    ("x = ⟦5.⟧ and y", "bare-point", "write `5.0`, or `5` alone"),
    ("x.⟦in⟧", "reserved-name", "choose another name"),
    ("x = ⟦no⟧", "reserved-name", "write `false`, or choose another name"),
    ("x in {yes, ⟦no⟧}", "reserved-name", "write `false`, or choose another name"),
    ("⟦the⟧.date = x", "reserved-name", "choose another name"),
    ("day.⟦due⟧ = x", "reserved-name", "choose another name"),
    ("x ⟦=⟧ ", "missing-value", "write the value that belongs behind `=`"),
    ("⟦=⟧ x", "missing-value", "write what the operator stands between"),
    ("x ⟦due⟧ 2025-01-01", "after-due", "write `due by` and a date, or `is late for` in a condition"),
    ("x due ⟦by⟧", "missing-value", "write the value that belongs behind `by`"),
    ("count⟦()⟧", "missing-value", "write what stands between them"),
    ("⟦sum⟧(x)", "aggregate-without-for", "say over what: `sum(line.amount for line in lines)`, or give two values"),
    ("sum(x for y⟦)⟧", "missing-in", "write `y in` and the list, as in `day in days`"),
    ("⟦pairs⟧(periods)", "pairs-without-by", "say by what they are ordered: `pairs(periods by start)`"),
    ("some ⟦day⟧", "missing-in", "write `day in` and the list, as in `day in days`"),
    ("some day ⟦of⟧ days", "missing-in", "write `day in` and the list, as in `day in days`"),
    ("some ⟦days⟧", "missing-in", "write `days in` and the list, as in `day in days`"),
    ("1 h ⟦30⟧", "missing-unit", "write `1 h 30 min`"),
    ("6 h ⟦30⟧ > x", "missing-unit", "write `6 h 30 min`"),
    ("⟦6:30⟧ < x", "clock-time", "write `6 h 30 min`"),
    ("x ⟦< =⟧ 3", "foreign-operator", "write `<=`"),
    (
        "a ⟦b⟧",
        "missing-operator",
        "write what joins them, such as `and`, `=` or `+`; a name has no spaces or hyphens, `work_trial`",
    ),
    (
        "a ⟦not⟧ b",
        "missing-operator",
        "write what joins them, such as `and`, `=` or `+`; a name has no spaces or hyphens, `work_trial`",
    ),
    ("x ⟦then⟧ y", "misplaced-word", "`then` belongs to an `if`"),
    ("x ⟦where⟧ y", "misplaced-word", "`where` belongs to a list, `some day in days where …`"),
    ("x.⟦1⟧", "missing-name", "write the field's name"),
    ("x ⟦+⟧", "missing-value", "write the value that belongs behind `+`"),
    ("x ⟦%⟧ 2", "stray-character", "write a share as in `0.5 % of turnover`"),
    ("a⟦,⟧ b", "stray-character", "join two conditions with `and` or `or`"),
    ("x = ⟦the⟧ day in days where day.a", "needs-brackets", "put it in brackets, `(the …)`"),
    ("1 + ⟦if⟧ a then b else c", "needs-brackets", "put it in brackets, `(if …)`"),
    ("count(⟦each⟧ x in xs)", "needs-brackets", "put it in brackets, `(each …)`"),
    ("count(a ⟦=⟧ b)", "needs-brackets", "put it in brackets, `(a = b)`"),
    ("sum(a ⟦=⟧ b for x in xs)", "needs-brackets", "put it in brackets, `(a = b)`"),
    ("x = ⟦not⟧ y", "needs-brackets", "put it in brackets, `(not …)`"),
    (
        "some x in xs ⟦=⟧ 3",
        "missing-where",
        "write `where` between the list and a condition, as in `day in days where day.length >= 6 h`",
    ),
    (
        "some x in xs ⟦day⟧.y",
        "missing-where",
        "write `where` between the list and a condition, as in `day in days where day.length >= 6 h`",
    ),
    ("at least ⟦2day⟧ in days", "missing-space", "write `2 day`"),
    ("x in ⟦{}⟧", "missing-value", "write what stands between them"),
    ("a = b⟦}⟧", "unmatched-bracket", "remove it, or open it with `{`"),
    ("⟦(⟧a = b}", "missing-bracket", "write `)` where it ends"),
    ("x > ⟦1,000⟧ EUR", "decimal-comma", "write `1000`, or `1.000` for a decimal"),
    ("a ⟦ja⟧ b", "foreign-word", "write `and`"),
    ("a ⟦tai⟧ b", "foreign-word", "write `or`"),
    ("⟦ei⟧ a", "foreign-word", "write `not`, or `no` before a list"),
    ("x ⟦contains⟧ y", "foreign-word", "write `includes`"),
    ("x ⟦equals⟧ y", "foreign-word", "write `=`"),
    ("a ⟦less⟧ than b", "foreign-word", "write `<`"),
    ("for ⟦all⟧ day in days satisfies x", "foreign-word", "write `every`"),
    ("⟦any⟧ day in days where day.ok", "foreign-word", "write `some`"),
    ("⟦none⟧ day in days where day.ok", "foreign-word", "write `no`"),
    ("⟦1.4.⟧", "date-format", "write year, month and day, as in `2025-04-01`"),
    ("⟦2025-04⟧", "date-format", "write year, month and day, as in `2025-04-01`"),
    ("⟦2025-04-01T10:00⟧", "date-format", "write `2025-04-01`"),
    ("⟦1/4/2025⟧", "date-format", "write `2025-04-01`"),
    ("x = ⟦12345678901234567⟧", "long-number", "write a smaller number"),
    ("x ⟦–⟧ y", "foreign-operator", "write `-` for a subtraction, or `..` for a range"),
    (
        "a = b ⟦c⟧ = d",
        "missing-operator",
        "write what joins them, such as `and`, `=` or `+`; a name has no spaces or hyphens, `work_trial`",
    ),
    ("some day in days where day.a ⟦satisfies⟧", "missing-value", "write the value that belongs behind `satisfies`"),
    ("if a then b ⟦else⟧", "missing-value", "write the value that belongs behind `else`"),
    ("exactly ⟦2⟧", "missing-name", "name the element, as in `exactly 2 day in days`"),
    ("at least ⟦2⟧", "missing-name", "name the element, as in `exactly 2 day in days`"),
    ("at ⟦least⟧", "missing-number", "write it, as in `at least 2 day in days`"),
    ("at least 2 ⟦day⟧", "missing-in", "write `day in` and the list, as in `day in days`"),
    ("x = ⟦due⟧", "reserved-name", "choose another name"),
    ("x = ⟦and⟧", "reserved-name", "choose another name"),
    ("⟦not⟧", "missing-value", "write the value that belongs behind `not`"),
    ("⟦every⟧", "missing-name", "name the element, as in `every day in days`"),
    ("x and ⟦or⟧ y", "missing-value", "write what the operator stands between"),
    (
        "service = work ⟦trial⟧",
        "missing-operator",
        "write what joins them, such as `and`, `=` or `+`; a name has no spaces or hyphens, `work_trial`",
    ),
    ("if x then y else z ⟦else⟧ w", "misplaced-word", "`else` belongs to an `if … then …`"),
    (
        "every x in xs satisfies y ⟦satisfies⟧ z",
        "misplaced-word",
        "`satisfies` belongs to a quantifier, `every day in days satisfies …`",
    ),
    (
        "count(⟦distinct⟧ x.id)",
        "aggregate-without-for",
        "say over what: `count(distinct coach.id for coach in coaches)`",
    ),
    ("count(distinct x for y⟦)⟧", "missing-in", "write `y in` and the list, as in `day in days`"),
    ("x is present and ⟦is⟧ missing", "missing-value", "write what the operator stands between"),
    ("x is present ⟦is⟧ missing", "chained-comparison", "join two conditions with `and`"),
    ("x = y ⟦is⟧ present", "chained-comparison", "join two conditions with `and`"),
    ("x in 1 ⟦..⟧ ", "missing-value", "write the value that belongs behind `..`"),
    ("f⟦()⟧", "missing-value", "write what stands between them"),
    ("x⟦()⟧", "missing-value", "write what stands between them"),
    ("⟦(  )⟧", "missing-value", "write what stands between them"),
    (
        "x = 1 ⟦2⟧",
        "missing-operator",
        "write what joins them, such as `and`, `=` or `+`; a name has no spaces or hyphens, `work_trial`",
    ),
    (
        "a.b⟦(⟧c)",
        "missing-operator",
        "write what joins them, such as `and`, `=` or `+`; a name has no spaces or hyphens, `work_trial`",
    ),
    ("5 < x ⟦<⟧ 10 EUR", "chained-comparison", "write `b in a .. c`, or join two comparisons with `and`"),
    ("x >= 6 ⟦hh⟧", "unknown-unit", "write `6 h`"),
    ("pairs(a by b ⟦+⟧ 1)", "syntax", "see the language reference for what may"),
    ("⟦pairs⟧(a, b)", "pairs-without-by", "say by what they are ordered: `pairs(periods by start)`"),
    ("count⟦(⟧a, b)", "set-brackets", "write a set in braces, `{a, b}`"),
    ("x in ⟦(⟧a, b, c)", "set-brackets", "write a set in braces, `{a, b}`"),
    ("(⟦6,5⟧ h)", "decimal-comma", "write `6.5`"),
    ("every ⟦in⟧ in days satisfies x", "reserved-name", "choose another name"),
    ("x >= 5 ⟦päivää⟧", "unknown-unit", "write `5 days`"),
    ("x.⟦2nd⟧ = y", "missing-name", "see the record's fields"),
    ("x ⟦is not⟧ late for y", "after-is", "write `not x is late for d`"),
    ("x ⟦is in⟧ {a, b}", "after-is", "write `in` alone"),
    ("x ⟦is⟧ true", "after-is", "a yes/no field stands alone: write `x`, or `not x`"),
    ("a and not ⟦in⟧ b", "missing-value", "write what the operator stands between"),
    ("some day in days ⟦where⟧", "missing-value", "write the value that belongs behind `where`"),
    ("a > b ⟦>⟧ c and d", "chained-comparison", "write `b in a .. c`, or join two comparisons with `and`"),
    (
        "every day in days where a satisfies b < c ⟦<⟧ d",
        "chained-comparison",
        "write `b in a .. c`, or join two comparisons with `and`",
    ),
    ("period.from ⟦–⟧ period.until", "foreign-operator", "write `-` for a subtraction, or `..` for a range"),
    ("x = ⟦“lunch”⟧", "quoted-name", "write `lunch` without the quotes"),
    ("1 ⟦tunti⟧ 30", "unknown-unit", "write `1 h`"),
    ("x ⟦≥⟧ 5", "foreign-operator", "write `>=`"),
    ("if a then b ⟦otherwise⟧ c", "foreign-word", "write `else`"),
    ("⟦no more than⟧ 3 day in days", "foreign-word", "write `at most`"),
    ("⟦⟧", "empty-expression", "write a condition or a value"),
    ("⟦⟧  ", "empty-expression", "write a condition or a value"),
]

BINDER_MISTAKES = [
    ("⟦⟧ ", "empty-expression", "write a list, as in `day in days`"),
    ("day ⟦of⟧ days", "missing-in", "write `day in` and the list, as in `day in days`"),
    ("⟦day⟧", "missing-in", "write `day in` and the list, as in `day in days`"),
    ("⟦each⟧ day in days", "reserved-name", "choose another name"),
    ("day in days ⟦where⟧", "missing-value", "write the value that belongs behind `where`"),
    (
        "day in days ⟦day⟧.length >= 6 h",
        "missing-where",
        "write `where` between the list and a condition, as in `day in days where day.length >= 6 h`",
    ),
    ("day in days where day.status ⟦==⟧ delivered", "foreign-operator", "write `=`"),
    ("day in days where ⟦some⟧ x in day.xs", "quantifier-in-where", "put it in brackets, `(some …)`"),
]


def diagnose(text: str, *, binder: bool = False) -> Diagnostic:
    with pytest.raises(DiagnosticsError) as caught:
        (parse_binder if binder else parse_expression)(Fragment.of(text))
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


def marked(diagnostic: Diagnostic) -> str:
    text, span = diagnostic.source.text, diagnostic.span
    return f"{text[: span.start]}⟦{text[span.start : span.end]}⟧{text[span.end :]}"


def plain(text: str) -> str:
    return text.replace("⟦", "").replace("⟧", "")


@pytest.mark.parametrize(("text", "code", "help_text"), MISTAKES, ids=[plain(row[0]) for row in MISTAKES])
def test_a_mistake_gives_one_diagnostic_at_the_right_words(text: str, code: str, help_text: str) -> None:
    diagnostic = diagnose(plain(text))
    assert (text, code, help_text) == (marked(diagnostic), diagnostic.code, diagnostic.help)


@pytest.mark.parametrize(("text", "code", "help_text"), BINDER_MISTAKES, ids=[plain(row[0]) for row in BINDER_MISTAKES])
def test_a_mistake_in_a_binder_gives_one_diagnostic(text: str, code: str, help_text: str) -> None:
    diagnostic = diagnose(plain(text), binder=True)
    assert (text, code, help_text) == (marked(diagnostic), diagnostic.code, diagnostic.help)


def test_every_code_of_the_stage_is_raised_by_a_mistake_here() -> None:
    raised = {code for _, code, _ in MISTAKES} | {"nested-too-deep"}
    assert {code.code for code in CODES.values() if code.stage == "expression"} == raised


@pytest.mark.parametrize("text", [plain(row[0]) for row in MISTAKES])
def test_messages_keep_the_form_of_all_messages(text: str) -> None:
    """Lower case or a backtick first, no full stop at the end, one line, and never the parser's own names."""
    diagnostic = diagnose(text)
    assert re.fullmatch(r"[a-z`][^\n]*[^.\n]", diagnostic.message)
    own_names = r"\b(?:AND|NAME|LPAR|RPAR|QUANTITY|COMPARE|IS_PRESENT|token|terminal|Token)\b|\$END"
    assert not re.search(own_names, re.sub("`[^`]*`", "", f"{diagnostic.message} {diagnostic.help}"))


@pytest.mark.parametrize("text", ["not " * 200 + "a", " + ".join(["a"] * 200), "f(" * 150 + "a" + ")" * 150])
def test_what_is_nested_too_deep_is_refused(text: str) -> None:
    assert diagnose(text).code == "nested-too-deep"


def test_long_runs_and_superfluous_brackets_are_not_deep() -> None:
    assert parse_expression(Fragment.of("(" * 500 + " and ".join(["a"] * 500) + ")" * 500))


def test_the_place_is_the_files_own_in_a_slice() -> None:
    source = Source("p.yaml", "require: day.length == 6 h\n")
    with pytest.raises(DiagnosticsError) as caught:
        parse_expression(Fragment.slice(source, 9, 26))
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.line, diagnostic.column) == (1, 21)


def test_the_place_is_the_files_own_behind_an_escape() -> None:
    r"""In a quoted scalar with `\x20` for the space, a later offence lies three characters further right."""
    source = Source("p.yaml", r'"a\x20== b"')
    fragment = Fragment(source, "a == b", (1, 2, 6, 7, 8, 9, 10))
    with pytest.raises(DiagnosticsError) as caught:
        parse_expression(fragment)
    span = caught.value.diagnostics[0].span
    assert source.text[span.start : span.end] == "=="
