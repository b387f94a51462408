from __future__ import annotations

import datetime
import json
from dataclasses import replace

import pytest

from evaluation_support import results_of, vocabulary
from pykala.evaluate.because import because_json
from pykala.evaluate.explain import (
    CitationLine,
    FactLine,
    ParameterLine,
    contested_text,
    element_text,
    explain,
    message_text,
    nearest_text,
    undecided_text,
)
from pykala.evaluate.result import CauseKind, Contested, Fact, Nearest, Reason, Result, Step, Undecided
from pykala.evaluate.rules import evaluate_rule
from pykala.handbook.verbalize import Verbalizer
from pykala.handbook.words import NBSP
from pykala.policy.model import Lang
from pykala.records.record import Record
from pykala_dsl import core
from pykala_dsl.typesys import CountType, DateType, EnumType, Period
from report_samples import AS_OF, BROKEN, REGISTER, Samples
from word_samples import VOCABULARY


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.fixture(scope="module")
def samples() -> Samples:
    return Samples()


def test_an_explanation_has_the_parts_of_the_rule_with_what_was_found(samples: Samples) -> None:
    told = explain(samples.short_day(), samples.world.words("en", samples.policy), REGISTER)
    assert (told.verdict, told.title, told.element, told.record_id) == (
        "fail",
        "Length of the rehabilitation day",
        "8 May 2025",
        "A-17",
    )
    parts = [
        (
            part.role,
            part.name,
            part.mark,
            [(line.depth, plain(line.text), plain(line.found), line.mark) for line in part.lines],
        )
        for part in told.parts
    ]
    assert parts == [
        ("require", "", "no", [(0, "length: at least 6 h (shortest day)", "5 h 40 min", "no")]),
        ("unless", "flex", "no", [(0, "flex: recorded", "not recorded", "no")]),
    ]


def test_an_explanation_names_facts_parameters_and_sources(samples: Samples) -> None:
    told = explain(samples.short_day(), samples.world.words("en", samples.policy), REGISTER)
    assert [replace(fact, value=plain(fact.value)) for fact in told.facts] == [
        FactLine("length (rehabilitation day 8 May 2025)", "5 h 40 min", "cases/a.json", "days[3].length"),
        FactLine("flex (rehabilitation day 8 May 2025)", "not recorded", "cases/a.json", "days[3].flex"),
    ]
    assert told.parameters == (
        ParameterLine("shortest_day", "shortest day", f"6{NBSP}h", ("work-trial-2025/day-length",)),
    )
    assert told.citations == (
        CitationLine(
            "work-trial-2025", "day-length", "Partner meeting 2025", "Clarification", "The day is at least 6 h."
        ),
    )


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("fi", "pituus: vähintään 6 h (nyt 5 h 40 min, ero 20 min)"),
        ("sv", "längd: minst 6 h (nu 5 h 40 min, skillnad 20 min)"),
        ("en", "length: at least 6 h (now 5 h 40 min, difference 20 min)"),
    ],
)
def test_the_nearest_change_is_said_in_words(samples: Samples, lang: Lang, expected: str) -> None:
    assert plain(nearest_text(samples.short_day(), samples.world.words(lang, samples.policy))) == expected


def test_the_nearest_change_of_a_count_and_of_a_date(samples: Samples) -> None:
    words = samples.world.words("en", samples.policy)
    counted = samples.world.expr("count(day in delivered)")
    too_many = Nearest(None, counted, "<=", 45, 47, CountType(), 2)
    text = nearest_text(samples.result(samples.start, verdict="fail", nearest=too_many), words)
    assert text == "at most 45: rehabilitation days where (status: delivered) (now 47, difference 2)"
    limit, came = datetime.date(2025, 6, 5), datetime.date(2025, 6, 9)
    late = Nearest("started_on", None, "<=", limit, came, DateType(), Period(0, 4))
    text = nearest_text(samples.result(samples.start, verdict="fail", nearest=late), words)
    assert plain(text) == "started on: no later than 5 June 2025 (now 9 June 2025, difference 4 days)"


def test_a_deviation_without_a_single_deciding_fact_has_no_nearest_change(samples: Samples) -> None:
    assert nearest_text(samples.result(samples.start, verdict="fail"), samples.world.words("en")) == ""


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("fi", "Päivä 8.5.2025 kesti 5 h 40 min; puuttuu 20 min."),
        ("en", "The day 8 May 2025 lasted 5 h 40 min; 20 min short."),
        ("sv", "Päivä 8.5.2025 kesti 5 h 40 min; puuttuu 20 min."),
    ],
)
def test_a_message_carries_its_values_and_falls_back_to_finnish(samples: Samples, lang: Lang, expected: str) -> None:
    assert plain(message_text(samples.short_day(), samples.world.words(lang, samples.policy))) == expected


def test_a_message_says_what_is_not_known(samples: Samples) -> None:
    result = replace(samples.short_day(), message_values={})
    expected = "The day not known lasted not known; not known short."
    assert message_text(result, samples.world.words("en", samples.policy)) == expected


def test_a_rule_without_a_message_says_what_it_requires(samples: Samples) -> None:
    result = samples.result(samples.interpreter, verdict="fail")
    assert message_text(result, samples.world.words("en", samples.policy)) == "suitable: yes and waived: yes"


def test_a_message_never_shows_a_private_value(samples: Samples) -> None:
    rule = samples.world.rule("waived", rule_id="secret", message={"en": ("Because of ", "reason", ".")})
    expr = rule.message["en"][1].value
    assert expr is not None
    result = samples.result(rule, verdict="fail", message_values={expr: "work_ability"})
    assert message_text(result, samples.world.words("en", samples.policy)) == "Because of «recorded»."


def private_result(samples: Samples) -> Result:
    rule = samples.world.rule("reason = other", rule_id="private")
    require = rule.require
    assert isinstance(require, core.Compare)
    fact = Fact("case", "reason", "given", "work_ability", EnumType("reason", ("work_ability",)), True)
    step = Step(require, BROKEN, None, None, None, (Step(require.left, None, "work_ability", fact, None, ()),))
    return samples.result(rule, verdict="fail", reason=Reason(None, step, (), None))


def test_an_explanation_never_shows_a_private_value(samples: Samples) -> None:
    told = explain(private_result(samples), samples.world.words("en", samples.policy), REGISTER)
    assert [fact.value for fact in told.facts] == ["«recorded»"]
    assert [line.found for part in told.parts for line in part.lines] == ["«recorded»"]
    assert "ork ability" not in repr(told)


def test_the_data_never_holds_a_private_value(samples: Samples) -> None:
    data = because_json(private_result(samples), VOCABULARY)
    assert data is not None
    assert data["require"]["steps"] == [
        {
            "text": {"fi": "syy", "sv": "orsak", "en": "reason"},
            "fact": {"record": "case", "path": "reason", "state": "given", "private": True},
        }
    ]
    assert "work_ability" not in json.dumps(data)


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("fact", "days[0].length", "kirjaamatta: pituus (kuntoutuspäivä 8.5.2025)"),
        ("judgement", "suitable", "ihmisen arvioitava: soveltuva"),
        ("parameter", "video_cap", "luku puuttuu lähteistä: kuvapuhelujen enimmäismäärä"),
        ("reading", "short_illness", "avoin kysymys: «Pidentääkö lyhyt sairaus aikaa?»"),
        ("record", "certificate", "asiakirja puuttuu: osallistumistodistus"),
        ("no_value", "average(c.length for c in contacts)", "arvoa ei ole: average(c.length for c in contacts)"),
    ],
)
def test_what_is_undecided_has_words(samples: Samples, kind: CauseKind, name: str, expected: str) -> None:
    words = samples.world.words("fi", samples.policy)
    keys = {"days[0]": "8.5.2025"}
    assert undecided_text(words, Undecided(kind, name, False), keys) == expected
    assert undecided_text(words, Undecided(kind, name, True), keys) == f"{expected} (ratkaisisi yksin)"


LATER = datetime.date(2025, 7, 20)


@pytest.mark.parametrize(
    ("lang", "value", "cause"),
    [
        ("fi", "ei ole vielä tapahtunut (20.7.2025)", "ei ole vielä tapahtunut: aloitus (ratkaisisi yksin)"),
        ("sv", "har inte inträffat än (20.7.2025)", "har inte inträffat än: start (skulle ensam avgöra)"),
        ("en", "has not happened yet (20 July 2025)", "has not happened yet: started on (would settle it alone)"),
    ],
)
def test_an_event_ahead_has_not_happened_rather_than_not_been_recorded(
    samples: Samples, lang: Lang, value: str, cause: str
) -> None:
    """A limit that counts from it is not known; an event that was to meet a limit has not come."""
    rule = samples.world.rule("ended_on due by started_on + 2 weeks")
    policy = samples.world.with_rules(rule)
    record = Record("case", "A-17", {"record": "case", "id": "A-17", "started_on": LATER})
    (result,) = evaluate_rule(rule, policy, {"case": record}, AS_OF)
    told = explain(result, samples.world.words(lang, policy))
    assert told.undecided == (cause,)
    assert [fact.value for fact in told.facts if fact.path == "started_on"] == [value]
    started = {"started_on": datetime.date(2025, 6, 2), "ended_on": LATER}
    (result,) = evaluate_rule(rule, policy, {"case": replace(record, data={**record.data, **started})}, AS_OF)
    (part,) = explain(result, samples.world.words(lang, policy)).parts
    assert (result.verdict, [line.found for line in part.lines]) == ("fail", [value])


def test_the_date_of_an_event_ahead_is_data_too(samples: Samples) -> None:
    rule = samples.world.rule("ended_on due by 2025-12-31")
    policy = samples.world.with_rules(rule)
    record = Record("case", "A-17", {"record": "case", "id": "A-17", "ended_on": LATER})
    (result,) = evaluate_rule(rule, policy, {"case": record}, AS_OF)
    data = because_json(result, VOCABULARY)
    assert data is not None
    (event,) = data["require"]["steps"]
    assert event["fact"] == {
        "record": "case",
        "path": "ended_on",
        "state": "none",
        "value": None,
        "planned": "2025-07-20",
    }


def test_a_contested_reading_says_which_verdict_it_would_give(samples: Samples) -> None:
    text = contested_text(samples.world.words("en"), Contested("short_illness", "extends", "fail"))
    assert text == "if «Does a short illness extend it?» «extends»: fail"


def test_an_element_is_known_by_its_key_else_by_its_number(samples: Samples) -> None:
    words = samples.world.words("fi", samples.policy)
    assert element_text(samples.short_day(), words) == "8.5.2025"
    assert element_text(replace(samples.short_day(), element_key=None), words) == "4."
    assert element_text(samples.pending(), words) == ""


def test_the_reason_as_data_is_a_tree_with_exact_values(samples: Samples) -> None:
    data = because_json(samples.short_day(), VOCABULARY)
    assert data is not None
    assert data["require"] == {
        "text": {
            "fi": f"pituus: vähintään 6{NBSP}h (lyhin päivä)",
            "sv": f"längd: minst 6{NBSP}h (kortaste dag)",
            "en": f"length: at least 6{NBSP}h (shortest day)",
        },
        "outcomes": ["broken"],
        "steps": [
            {
                "text": {"fi": "pituus", "sv": "längd", "en": "length"},
                "value": "5 h 40 min",
                "fact": {"record": "case", "path": "days[3].length", "state": "given", "value": "5 h 40 min"},
            },
            {
                "text": {
                    "fi": f"6{NBSP}h (lyhin päivä)",
                    "sv": f"6{NBSP}h (kortaste dag)",
                    "en": f"6{NBSP}h (shortest day)",
                },
                "value": "6 h",
                "parameter": "shortest_day",
            },
        ],
    }
    assert [item["name"] for item in data["unless"]] == ["flex"]


def test_a_result_without_its_reason_gives_no_tree(samples: Samples) -> None:
    assert because_json(samples.pending(), VOCABULARY) is None


def test_an_element_of_a_failing_quantifier_is_named(samples: Samples) -> None:
    """Of an `every`, the elements that fail are shown, and those that satisfy it are not."""
    rule = samples.world.rule("every day in days satisfies day.length >= 6 h", rule_id="all-days")
    every = rule.require
    assert isinstance(every, core.Every)
    assert isinstance(every.body, core.Compare)
    steps = tuple(
        Step(every.body, frozenset({"met" if good else "broken"}), None, None, f"days[{index}]", ())
        for index, good in enumerate((True, False))
    )
    reason = Reason(None, Step(every, BROKEN, None, None, None, steps), (), None)
    told = explain(samples.result(rule, verdict="fail", reason=reason), samples.world.words("en", samples.policy))
    assert [(line.depth, plain(line.text), line.mark) for line in told.parts[0].lines] == [
        (0, "every rehabilitation day: length: at least 6 h", "no"),
        (1, "rehabilitation day 2", "no"),
    ]


def test_an_object_that_is_given_is_said_to_be_recorded() -> None:
    (result,) = results_of("require: sickness is present and sickness.remote", {"sickness": {"remote": False}})
    found = explain(result, Verbalizer(vocabulary(), result.policy, "en"))
    assert [(line.path, line.value) for line in found.facts] == [("sickness", "recorded"), ("sickness.remote", "no")]
