from __future__ import annotations

import datetime
import io
from dataclasses import replace

import pytest

from pykala.policy.model import UNREVIEWED, Lang
from pykala.report.due import due_json, due_rows
from pykala.report.explanation import explanation_rows
from pykala.report.style import PIPED_WIDTH, Row, Segment, cell_width, cleaned, plain_lines, row, write_rows
from pykala.report.text import Wording, check_rows, explain_command, write_check
from pykala.report.worklist import worklist_rows
from report_samples import PROBLEM, REGISTER, Report, Samples
from word_samples import VOCABULARY


@pytest.fixture(scope="module")
def samples() -> Samples:
    return Samples()


def wording(lang: Lang) -> Wording:
    return Wording(VOCABULARY, lang, REGISTER)


def text(report: Report, lang: Lang = "fi", *, show_all: bool = False, width: int = PIPED_WIDTH) -> str:
    return "\n".join(plain_lines(check_rows(report, wording(lang), show_all=show_all), width)) + "\n"


def squeezed(printed: str) -> list[str]:
    """Return the lines with each run of spaces as one: what is said, not how it is laid out."""
    return [" ".join(line.split()) for line in printed.splitlines()]


def test_a_report_is_grouped_by_record_with_deviations_first(samples: Samples) -> None:
    report = Report((samples.unknown(), samples.pending(), samples.contested(), samples.short_day()))
    assert (
        text(report)
        == """\
A-17 · Työkokeilu (versio 2025-04)                             1 poikkeama · 1 odottaa · 1 ei ratkea
  ✗ poikkeama  Kuntoutuspäivän pituus                                                       8.5.2025
               Päivä 8.5.2025 kesti 5 h 40 min; puuttuu 20 min.
               lähin muutos: pituus: vähintään 6 h (nyt 5 h 40 min, ero 20 min)
               § Kumppanuustapaaminen 2025: «Täsmennys palvelukuvaukseen»
               pykala explain cases/a.json --rule day-length --at 3
  … odottaa    Työskentely alkaa                            viimeistään 7.7.2025 (7 päivää jäljellä)
  ? ei ratkea  Tulkin saatavuus
               ihmisen arvioitava: soveltuva; kirjaamatta: luovuttu (ratkaisisi yksin)
  ~ tulkinta   Työskentely alkaa
               kunnossa; jos «Pidentääkö lyhyt sairaus aikaa?» «pidentää»: poikkeama

1 tietue · 0 kunnossa · 1 poikkeama 1 tietueessa · 1 odottaa · 1 ei ratkea · 0 virhettä
                                                                            tarkastuspäivä 30.6.2025
"""
    )


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("fi", "2 tietuetta · 1 kunnossa · 1 poikkeama 1 tietueessa · 0 odottaa · 0 ei ratkea · 1 virhe"),
        ("sv", "2 poster · 1 i sin ordning · 1 avvikelse i 1 post · 0 väntar · 0 oavgjorda · 1 fel"),
        ("en", "2 records · 1 in order · 1 deviation in 1 record · 0 pending · 0 undecided · 1 error"),
    ],
)
def test_the_last_line_counts_everything(samples: Samples, lang: Lang, expected: str) -> None:
    clean = samples.result(samples.start, record_id="B-1")
    printed = squeezed(text(Report((samples.short_day(), clean), (PROBLEM,)), lang, width=120))
    assert printed[-1].startswith(expected)
    assert "30" in printed[-1]


def test_a_run_without_records_says_so_by_its_counts() -> None:
    assert squeezed(text(Report(), "en")) == [
        "0 records · 0 in order · 0 deviations · 0 pending · 0 undecided · 0 errors as of 30 June 2025"
    ]


def test_a_record_that_is_in_order_is_only_counted_unless_all_is_asked_for(samples: Samples) -> None:
    report = Report((samples.result(samples.start),))
    assert "A-17" not in text(report)
    assert "✓ kunnossa Työskentely alkaa" in squeezed(text(report, show_all=True))


def test_results_of_one_rule_on_several_elements_stand_together(samples: Samples) -> None:
    days = tuple(samples.short_day(index, index, 300) for index in range(1, 6))
    printed = squeezed(text(Report(days), "en"))
    assert printed[1] == "✗ fail Length of the rehabilitation day 5 × rehabilitation day"
    assert printed[2:6] == [
        "The day 1 May 2025 lasted 5 h; 1 h short.",
        "The day 2 May 2025 lasted 5 h; 1 h short.",
        "The day 3 May 2025 lasted 5 h; 1 h short.",
        "and 2 more: 4 May 2025, 5 May 2025",
    ]


def test_an_excused_result_names_its_exception(samples: Samples) -> None:
    excused = samples.result(samples.day_length, verdict="excused", exception="flex", at="days[1]")
    printed = squeezed(text(Report((excused, samples.pending())), "en"))
    assert printed[2:4] == ["○ excused Length of the rehabilitation day 2.", "flex"]


def test_a_rated_deviation_carries_its_class(samples: Samples) -> None:
    failed = samples.result(samples.interpreter, verdict="fail")
    assert "✗ poikkeama Tulkin saatavuus · merkittävä/lievä" in squeezed(text(Report((failed,))))


def test_a_verdict_for_a_whole_policy_is_named_by_the_policy(samples: Samples) -> None:
    result = replace(samples.unknown(), for_policy=True)
    assert squeezed(text(Report((result,)), "en"))[1] == "? unknown Work try-out"


def test_a_duty_without_a_date_says_so(samples: Samples) -> None:
    assert squeezed(text(Report((samples.pending(None),)), "en"))[1] == "… pending Work begins no due date"


def test_a_command_quotes_a_file_name_with_spaces(samples: Samples) -> None:
    result = samples.result(samples.interpreter, record="my cases/a.json")
    assert explain_command(result) == "pykala explain 'my cases/a.json' --rule interpreter"


def test_no_line_is_wider_than_asked_but_for_commands(samples: Samples) -> None:
    report = Report((samples.short_day(), samples.unknown(), samples.pending(), samples.contested()))
    lines = [line for line in text(report, width=60).splitlines() if "pykala explain" not in line]
    assert [line for line in lines if cell_width(line) > 60] == []


def test_piped_output_has_no_escapes_and_a_terminal_has(samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    report = Report((samples.short_day(),))
    piped, painted = io.StringIO(), io.StringIO()
    write_check(report, wording("en"), piped)
    write_check(report, wording("en"), painted, color=True, width=PIPED_WIDTH)
    assert "\x1b" not in piped.getvalue()
    assert "\x1b[" in painted.getvalue()


def test_no_color_is_honoured_on_a_terminal(samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    out = io.StringIO()
    write_check(Report((samples.short_day(),)), wording("en"), out, color=True, width=PIPED_WIDTH)
    assert "\x1b[31m" not in out.getvalue()
    assert "\x1b[1;31m" not in out.getvalue()
    assert "✗ fail" in out.getvalue()


def test_a_terminal_shows_the_same_lines_as_a_pipe(samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    import re

    monkeypatch.setenv("TERM", "xterm")
    report = Report((samples.short_day(), samples.unknown()))
    out = io.StringIO()
    write_check(report, wording("fi"), out, color=True, width=PIPED_WIDTH)
    assert re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue()) == text(report)


def test_wide_letters_and_marks_are_measured() -> None:
    assert (cell_width("päivä"), cell_width("日本"), cell_width("a\u0301")) == (5, 4, 1)


def test_what_a_terminal_would_obey_is_not_printed() -> None:
    assert cleaned("A\x1b[31m\u202e17\nB") == "A\ufffd[31m\ufffd17 B"


def test_words_wrap_under_their_own_beginning() -> None:
    wrapped = row(Segment("first second third fourth"), indent=2, hang=4)
    assert list(plain_lines([wrapped], 16)) == ["  first second", "    third fourth"]


def test_words_on_the_right_go_below_where_there_is_no_room() -> None:
    assert list(plain_lines([row("left", right="right")], 12)) == ["left   right"]
    assert list(plain_lines([row("left", right="right")], 10)) == ["left", "     right"]


def test_a_number_is_not_parted_from_its_unit() -> None:
    out = io.StringIO()
    write_rows([Row((Segment("at least 6\u00a0h"),))], out, width=10)
    assert out.getvalue() == "at least\n6 h\n"


def test_an_explanation_is_printed_with_its_reason(samples: Samples) -> None:
    printed = "\n".join(plain_lines(explanation_rows([samples.short_day()], wording("en")))) + "\n"
    assert (
        printed
        == """\
✗ fail  Length of the rehabilitation day, 8 May 2025, A-17 · Work try-out (version 2025-04) ·
  cases/a.json
  The day 8 May 2025 lasted 5 h 40 min; 20 min short.

  required        length: at least 6 h (shortest day)                                5 h 40 min   no
  unless          flex                                                                            no
                    flex: recorded                                                 not recorded   no
  facts           length (rehabilitation day 8 May 2025): 5 h 40 min · days[3].length
                  flex (rehabilitation day 8 May 2025): not recorded · days[3].flex
                  shortest day: 6 h · parameter shortest_day, work-trial-2025/day-length
  nearest change  length: at least 6 h (now 5 h 40 min, difference 20 min)
  source          Partner meeting 2025, «Clarification»: work-trial-2025/day-length
"""
    )


def test_what_falls_due_comes_soonest_first(samples: Samples) -> None:
    later = samples.pending(datetime.date(2025, 9, 1))
    report = Report((samples.pending(None), later, samples.pending(), samples.short_day()))
    assert squeezed("\n".join(plain_lines(due_rows(report, wording("en"))))) == [
        "7 July 2025 7 days left A-17 · Work begins",
        "1 September 2025 63 days left A-17 · Work begins",
        "no due date A-17 · Work begins",
        "3 pending · as of 30 June 2025",
    ]
    assert [(item["due"], item["days_left"]) for item in due_json(report, wording("en"))["due"]] == [
        ("2025-07-07", 7),
        ("2025-09-01", 63),
        (None, None),
    ]


def test_a_duty_of_today_says_today(samples: Samples) -> None:
    report = Report((samples.pending(datetime.date(2025, 6, 30)),))
    assert squeezed("\n".join(plain_lines(due_rows(report, wording("fi")))))[0] == (
        "30.6.2025 tänään A-17 · Työskentely alkaa"
    )


def test_nothing_due_is_said(samples: Samples) -> None:
    lines = list(plain_lines(due_rows(Report((samples.short_day(),)), wording("sv"))))
    assert lines == ["Inget förfaller.", UNREVIEWED["sv"], "0 väntar · granskningsdag 30.6.2025"]


def test_the_work_list_begins_with_what_settles_most(samples: Samples) -> None:
    other = replace(samples.unknown(), rule=samples.start)
    lines = list(plain_lines(worklist_rows(Report((samples.unknown(), other, samples.short_day())), wording("en"))))
    assert squeezed("\n".join(lines)) == [
        "A-17 2 open points",
        "? not recorded: waived (would settle it alone) 2 verdicts",
        "Interpreter",
        "Work begins",
        "? needs a person: suitable 2 verdicts",
        "Interpreter",
        "Work begins",
        "",
        "2 undecided · as of 30 June 2025",
    ]


def test_an_empty_work_list_says_that_all_was_decided(samples: Samples) -> None:
    lines = list(plain_lines(worklist_rows(Report((samples.short_day(),)), wording("fi"))))
    assert lines[0] == "Kaikki ratkesi."


@pytest.mark.parametrize(("lang", "marked"), [("fi", False), ("sv", True), ("en", False)])
def test_a_language_that_no_native_reader_has_reviewed_is_marked_wherever_its_texts_stand(
    samples: Samples, lang: Lang, marked: bool
) -> None:
    report = Report((samples.short_day(), samples.pending(datetime.date(2025, 7, 7)), samples.unknown()))
    printed = [
        list(plain_lines(rows))
        for rows in (
            check_rows(report, wording(lang)),
            due_rows(report, wording(lang)),
            worklist_rows(report, wording(lang)),
            explanation_rows(report.results, wording(lang)),
        )
    ]
    assert [UNREVIEWED["sv"] in lines for lines in printed] == [marked] * 4


def test_of_several_elements_those_in_order_are_only_named(samples: Samples) -> None:
    fine = [
        replace(samples.short_day(index, index + 1), verdict="pass", nearest=None, reason=None, values={})
        for index in range(3)
    ]
    other = replace(fine[0], at="days[4]", element_key=datetime.date(2025, 5, 9), verdict="not_applicable")
    printed = list(plain_lines(explanation_rows([*fine, samples.short_day(), other], wording("en"))))
    assert "✗ fail  Length of the rehabilitation day, 8 May 2025, A-17" in printed[0]
    assert printed[-4:] == [
        "",
        "✓ pass  Length of the rehabilitation day, A-17: 1 May 2025, 2 May 2025, 3 May 2025",
        "– not applicable  Length of the rehabilitation day, A-17: 9 May 2025",
        "  pykala explain cases/a.json --rule day-length --at 0",
    ]


def test_where_all_elements_are_in_order_the_first_is_explained(samples: Samples) -> None:
    fine = [replace(samples.short_day(index, index + 1), verdict="pass", nearest=None) for index in range(3)]
    printed = list(plain_lines(explanation_rows(fine, wording("fi"))))
    assert printed[0].startswith("✓ kunnossa  Kuntoutuspäivän pituus, 1.5.2025, A-17 · ")
    assert printed[-3:] == [
        "",
        "✓ kunnossa  Kuntoutuspäivän pituus, A-17: 2.5.2025, 3.5.2025",
        "  pykala explain cases/a.json --rule day-length --at 1",
    ]
