"""From policy files to policies: what a file may say, and what is said of a file that is wrong."""

from __future__ import annotations

import datetime
import os
import pickle
import stat
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from policy_repository import BODY, HEAD, POLICY, RULE, Repository, place, repository, underlined
from pykala.policy import cache
from pykala.policy.loader import load_policies, load_text
from pykala.policy.model import Severity, Text
from pykala.policy.sources import register_of
from pykala_dsl import core
from pykala_dsl.codes import CODES
from pykala_dsl.diagnostics import DiagnosticsError
from pykala_dsl.source import Source
from pykala_dsl.typesys import CalendarTimeType, CountType, DateType, ExactTimeType, MoneyType, NumberType

ROOT = Path(__file__).parents[2]


def one_rule(**parts: str) -> str:
    """Return a policy with one rule whose keys are replaced or added."""
    keys = {"id": "r", "require": "service = work_trial"} | {key.replace("_", " "): text for key, text in parts.items()}
    lines = [f"{'  - ' if key == 'id' else '    '}{key}: {text}\n" for key, text in keys.items()]
    return HEAD + "rules:\n" + "".join(lines)


def found(tmp_path: Path, policy: str) -> list[tuple[str, str]]:
    """Return the code of each error of a policy, and the text it points at."""
    return [underlined(item) for item in repository(tmp_path, policy).errors()]


# ---------------------------------------------------------------------- what a file says


def test_a_policy_carries_its_head_and_its_entries(tmp_path: Path) -> None:
    policies = repository(tmp_path).load()
    policy = policies.policies[0]
    assert policy.name == "trial@2025"
    assert policy.title == Text("Kokeilu", "Prövning", "Trial")
    assert policy.service == "work-trial"
    assert policy.record == "case"
    assert policy.parameters["shortest_day"].value == 360
    assert policy.parameters["shortest_day"].type == ExactTimeType()
    assert list(policy.definitions) == ["delivered"]
    assert [rule.id for rule in policy.rules] == ["day-length"]
    assert policies.diagnostics == ()


def test_a_rule_carries_its_parts(tmp_path: Path) -> None:
    rule = repository(tmp_path).load().policies[0].rules[0]
    assert rule.for_each is not None
    assert rule.for_each.name == "day"
    assert isinstance(rule.require, core.Compare)
    assert [item.name for item in rule.unless] == ["flex"]
    assert list(rule.computes) == ["shortfall"]
    assert [str(item) for item in rule.cite] == ["slides-2025/day-length"]
    assert rule.severity == Severity()


def test_a_message_has_text_and_typed_values(tmp_path: Path) -> None:
    rule = repository(tmp_path).load().policies[0].rules[0]
    parts = rule.message["en"]
    assert [part.text for part in parts] == ["Day ", "", " took ", "", "; ", "", " short."]
    assert parts[1].value is not None
    assert parts[1].value.type == DateType()
    assert parts[5].value == rule.computes["shortfall"].expr


def test_a_message_over_lines_reads_as_one_and_braces_are_doubled(tmp_path: Path) -> None:
    text = one_rule(message='{fi: "a {{b}} {service in {work_trial, other}}\n        c", sv: a, en: a}')
    message = repository(tmp_path, text).load().policies[0].rules[0].message["fi"]
    assert [part.text for part in message] == ["a {b} ", "", " c"]


def test_an_example_carries_what_it_changes_and_expects(tmp_path: Path) -> None:
    examples = repository(tmp_path).load().policies[0].rules[0].examples
    assert examples[0].given == {"days[0]": {"length": "6 h"}}
    assert (examples[0].expect, examples[0].each) == (("pass",), False)
    assert examples[2].not_given == ("days[0].length",)
    assert examples[2].because == ("days[0].length",)
    assert (examples[3].expect, examples[3].each, examples[3].exception) == (("excused",), True, "flex")
    assert examples[3].caption == Text("flex lifts it", "flex lifts it", "flex lifts it")


@pytest.mark.parametrize(
    ("written", "value", "kind"),
    [
        ("{value: 45}", 45, CountType()),
        ("{value: 0.5}", Fraction(1, 2), NumberType()),
        ("{value: 3, type: number}", 3, NumberType()),
        ("{value: 1000 EUR}", 1000, MoneyType()),
        ("{value: 2 weeks}", (0, 14), CalendarTimeType("days")),
        ("{value: 1 year}", (12, 0), CalendarTimeType("months")),
        ("{value: 2025-05-01}", datetime.date(2025, 5, 1), DateType()),
        ("{value: unset, type: count}", None, CountType()),
        ("{value: unset, type: exact time}", None, ExactTimeType()),
    ],
)
def test_a_parameter_has_the_type_of_its_literal(tmp_path: Path, written: str, value: object, kind: object) -> None:
    text = HEAD + f"parameters:\n  p: {written}\nrules: []\n"
    parameter = repository(tmp_path, text).load().policies[0].parameters["p"]
    assert parameter.value == value
    assert parameter.type == kind


@pytest.mark.parametrize(("written", "kind"), [("45", CountType()), ("2025-05-01", DateType())])
def test_a_definition_that_is_a_literal_is_an_expression(tmp_path: Path, written: str, kind: object) -> None:
    policy = repository(tmp_path, HEAD + f"define:\n  d: {written}\nrules: []\n").load().policies[0]
    assert policy.definitions["d"].expr.type == kind


def test_definitions_use_one_another_in_any_order_and_have_labels(tmp_path: Path) -> None:
    text = HEAD + "define:\n  a: b + 1\n  b: {label: {fi: x, sv: x, en: x}, value: count(days)}\nrules: []\n"
    policy = repository(tmp_path, text).load().policies[0]
    assert policy.definitions["a"].expr.type == CountType()
    assert policy.definitions["b"].label == Text("x", "x", "x")


def test_a_definition_may_be_named_like_a_member_that_it_uses(tmp_path: Path) -> None:
    """`delivered: each day in days where day.status = delivered` is no circle."""
    assert repository(tmp_path).errors() == []


@pytest.mark.parametrize(
    ("written", "classes"),
    [("unrated", ()), ("major", ("major",)), ("{between: [minor, major]}", ("major", "minor"))],
)
def test_a_severity_is_a_class_a_pair_or_none(tmp_path: Path, written: str, classes: tuple[str, ...]) -> None:
    rule = repository(tmp_path, one_rule(severity=written)).load().policies[0].rules[0]
    assert rule.severity.classes == classes


def test_a_definition_of_a_rule_uses_its_element(tmp_path: Path) -> None:
    text = one_rule(for_each="day in days", define="\n      enough: 6 h", require="day.length >= enough")
    rule = repository(tmp_path, text).load().policies[0].rules[0]
    assert list(rule.definitions) == ["enough"]


def test_the_head_names_other_records_the_date_and_the_days(tmp_path: Path) -> None:
    text = POLICY.replace(
        "subject: case\n",
        "subject: case\nwith: {certificate: optional}\napplies_to: service = work_trial\n"
        "selected_by: decided_on\nin_force: {first_day: 2024-01-01}\n",
    )
    policy = repository(tmp_path, text).load().policies[0]
    assert policy.with_records == {"certificate": "optional"}
    assert policy.in_force.first_day == datetime.date(2024, 1, 1)
    assert isinstance(policy.selected_by, core.FieldRead)
    assert policy.applies_to is not None


# ---------------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (POLICY + "rulez: []\n", [("unknown-key", "rulez")]),
        (one_rule(requires="true"), [("unknown-key", "requires")]),
        (HEAD.replace("title: {fi: Kokeilu, sv: Prövning, en: Trial}\n", "") + BODY, [("missing-key", "policy")]),
        (HEAD + "rules:\n  - id: r\n", [("missing-key", "id")]),
        (POLICY.replace("language: 1", "language: 2"), [("unsupported-language", "2")]),
        (POLICY.replace("id: day-length", "id: day_length"), [("bad-name", "day_length")]),
        (HEAD + "parameters:\n  a-b: {value: 1}\nrules: []\n", [("bad-name", "a-b")]),
        (HEAD + "define:\n  every: 1\nrules: []\n", [("bad-name", "every")]),
        (POLICY.replace("subject: case", "subject: cases"), [("unknown-record-kind", "cases")]),
        (one_rule(severity="grave"), [("bad-choice", "grave")]),
        (one_rule(severity="{between: [minor, huge]}"), [("bad-choice", "huge")]),
        (one_rule(require="servise = work_trial"), [("unknown-name", "servise")]),
        (one_rule(require="service == work_trial"), [("foreign-operator", "==")]),
        (one_rule(cite="slides-2025/day-lenght"), [("unknown-statement", "slides-2025/day-lenght")]),
        (one_rule(cite="slides-2024/day-length"), [("unknown-source", "slides-2024")]),
        (one_rule(cite="day length"), [("bad-citation", "day length")]),
        (one_rule(unless="{a: service = other}"), [("flow-mapping", "{a: service = other}")]),
        (one_rule(unless="service = other"), [("wrong-shape", "service = other")]),
        (one_rule(message="{fi: 'x {servise}', sv: x, en: x}"), [("unknown-name", "servise")]),
        (one_rule(message="{fi: 'x {service', sv: x, en: x}"), [("bad-placeholder", "{")]),
        (one_rule(message="{fi: 'x }', sv: x, en: x}"), [("bad-placeholder", "}")]),
        (one_rule(message="{fi: 'x {}', sv: x, en: x}"), [("bad-placeholder", "{}")]),
        (one_rule(message="{fi: 'x {days}', sv: x, en: x}"), [("not-showable", "days")]),
        (one_rule(message="{fi: x, sv: x, de: x}"), [("unknown-key", "de")]),
        (one_rule(examples="[{expect: passes}]"), [("bad-choice", "passes")]),
        (one_rule(examples="[{given: {a b: 1}, expect: pass}]"), [("bad-path", "a b")]),
        (one_rule(examples="[{as_of: 1.4.2025, expect: pass}]"), [("bad-date", "1.4.2025")]),
        (one_rule(examples="[{as_of: 2025-02-30, expect: pass}]"), [("bad-date", "2025-02-30")]),
        (one_rule(examples="[{exception: flex, expect: excused}]"), [("unknown-entry", "flex")]),
        (HEAD + "parameters:\n  p: {value: 1 + 1}\nrules: []\n", [("not-a-literal", "1 + 1")]),
        (HEAD + "parameters:\n  p: {value: 6 h, type: count}\nrules: []\n", [("parameter-type", "count")]),
        (HEAD + "parameters:\n  p: {value: unset}\nrules: []\n", [("missing-key", "p")]),
        (HEAD + "parameters:\n  days: {value: 6 h}\nrules: []\n", [("shadowed-name", "days")]),
        (HEAD + "parameters:\n  a: {value: 1}\ndefine:\n  a: 2\nrules: []\n", [("shadowed-name", "a")]),
        (HEAD + "parameters:\n  case: {value: 1}\nrules: []\n", [("shadowed-name", "case")]),
        (one_rule(define="\n      days: 1"), [("shadowed-name", "days")]),
        (one_rule(for_each="service in days", require="true"), [("shadowed-name", "service")]),
        (HEAD + "define:\n  a: b + 1\n  b: a + 1\nrules: []\n", [("cyclic-definition", "b")]),
        (HEAD + "define:\n  a: a\nrules: []\n", [("cyclic-definition", "a")]),
        (HEAD + "in_force: {first_day: 2025-01-01}\nrules: []\n", [("missing-key", "in_force")]),
        (HEAD + "selected_by: service\nrules: []\n", [("bad-selected-by", "service")]),
        (HEAD + "selected_by: decided_on + 1 day\nrules: []\n", [("bad-selected-by", "decided_on + 1 day")]),
        (
            HEAD + "with: {certificate: optional}\nselected_by: certificate.written_on\nrules: []\n",
            [("bad-selected-by", "certificate.written_on")],
        ),
        (HEAD + "drop: {rules: [a]}\nrules: []\n", [("missing-key", "drop")]),
        (HEAD + "title2: 1\nrules: nothing\n", [("unknown-key", "title2"), ("wrong-shape", "nothing")]),
        (POLICY + RULE, [("name-clash", "day-length")]),
    ],
)
def test_a_mistake_is_one_diagnostic_at_its_place(tmp_path: Path, policy: str, expected: list[tuple[str, str]]) -> None:
    assert found(tmp_path, policy) == expected


def test_a_name_that_cannot_be_read_silences_nothing_else(tmp_path: Path) -> None:
    text = POLICY.replace("day.length >= shortest_day", "day.lenght >= shortest_day").replace(
        "day.flex is present", "day.flx is present"
    )
    assert found(tmp_path, text) == [("unknown-field", "lenght"), ("unknown-field", "flx")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("parameters:", "parametres:", ("unknown-key", "parametres")),
        ("    for each:", "    foreach:", ("unknown-key", "foreach")),
        ("day in delivered", "day on delivered", ("missing-in", "on")),
        ("{value: 6 h,", "{valu: 6 h,", ("unknown-key", "valu")),
        ("{value: 6 h,", "{value: 6 hours,", ("unknown-unit", "hours")),
        ("each day in days where day.status", "each day in days where day.statu", ("unknown-field", "statu")),
        ("day in delivered", "dya in delivered", ("unknown-name", "day")),
    ],
)
def test_what_follows_from_a_mistake_is_not_reported(
    tmp_path: Path, old: str, new: str, expected: tuple[str, str]
) -> None:
    assert old in POLICY
    assert found(tmp_path, POLICY.replace(old, new)) == [expected]


def test_a_near_miss_is_offered(tmp_path: Path) -> None:
    errors = repository(tmp_path, one_rule(cite="slides-2025/day-lenght", requird="x")).errors()
    assert [item.help for item in errors] == ["did you mean `slides-2025/day-length`?", "did you mean `require`?"]


def test_positions_are_those_of_the_file_inside_a_folded_message(tmp_path: Path) -> None:
    text = one_rule(message="\n      fi: >\n        ensin\n\n        {servise} sitten\n      sv: x\n      en: x")
    assert [place(item) for item in repository(tmp_path, text).errors()] == [("unknown-name", 14, 10)]


def test_the_diagnostics_of_all_files_come_together(tmp_path: Path) -> None:
    made = repository(tmp_path, one_rule(require="servise = other"))
    made.write("a.yaml", one_rule(require="sirvice = other").replace("policy: trial", "policy: other"))
    made.write("broken.yaml", "a: [\n")
    errors = made.errors()
    assert [Path(item.source.path).name for item in errors] == ["a.yaml", "broken.yaml", "2025.yaml"]


def test_more_than_32_combinations_of_open_readings_are_refused(tmp_path: Path) -> None:
    texts = "{fi: x, sv: x, en: x}"
    readings = "".join(
        f"  r{n}: {{question: {texts}, options: {{a: {texts}, b: {texts}}}, chosen: open}}\n" for n in range(6)
    )
    uses = " and ".join(f"reading(r{n}) = a" for n in range(6))
    text = HEAD + "readings:\n" + readings + f"define:\n  all_of_them: {uses}\nrules:\n  - id: r\n"
    assert found(tmp_path, text + "    require: all_of_them\n") == [("too-many-readings", "r")]
    chosen = text.replace("chosen: open}", f"chosen: a, why: {texts}}}", 1)
    assert found(tmp_path, chosen + "    require: all_of_them\n") == []


def test_a_reading_has_options_and_may_be_open(tmp_path: Path) -> None:
    texts = "{fi: x, sv: x, en: x}"
    text = f"readings:\n  r: {{question: {texts}, options: {{a: {texts}, b: {texts}}}, chosen: %s, why: {texts}}}\nrules: []\n"
    assert repository(tmp_path, HEAD + text % "open").load().policies[0].readings["r"].chosen is None
    assert repository(tmp_path, HEAD + text % "b").load().policies[0].readings["r"].chosen == "b"
    assert found(tmp_path, HEAD + text % "c") == [("bad-choice", "c")]


def test_a_missing_folder_is_a_diagnostic(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticsError) as raised:
        load_policies(tmp_path / "none")
    assert [item.code for item in raised.value.diagnostics] == ["no-policies"]


def test_every_diagnostic_code_of_a_broken_file_is_registered(tmp_path: Path) -> None:
    errors = repository(tmp_path, HEAD + "title2: 1\nrules: nothing\n").errors()
    assert errors
    assert {item.code for item in errors} <= set(CODES)


def test_one_file_loads_without_a_repository(tmp_path: Path) -> None:
    policies = repository(tmp_path).load()
    register, _ = register_of([])
    policy, diagnostics = load_text(POLICY, "x.yaml", policies.vocabulary, policies.register)
    assert policy is not None
    assert diagnostics == []
    policy, diagnostics = load_text(POLICY, "x.yaml", policies.vocabulary, register)
    assert policy is None
    assert {item.code for item in diagnostics} == {"unknown-source"}


# ---------------------------------------------------------------------- amendments and inclusions

OLD = POLICY.replace("subject: case\n", "subject: case\nselected_by: decided_on\nin_force: {last_day: 2025-03-31}\n")
NEW = """\
language: 1
policy: trial
version: "2025-04"
amends: trial@2025
in_force: {first_day: 2025-04-01}
parameters:
  shortest_day: {value: 7 h, label: {fi: lyhin, sv: kortast, en: shortest}, cite: slides-2025/day-length}
"""


def test_an_amendment_replaces_entries_and_inherits_the_rest(tmp_path: Path) -> None:
    policies = repository(tmp_path, OLD).write("trial/2025-04.yaml", NEW).load()
    new, old = policies.find("trial@2025-04"), policies.find("trial@2025")
    assert new is not None
    assert old is not None
    assert (old.parameters["shortest_day"].value, new.parameters["shortest_day"].value) == (360, 420)
    assert [rule.id for rule in new.rules] == ["day-length"]
    assert new.title == old.title
    assert new.typical == old.typical
    assert new.in_force.last_day is None
    assert new.sha256 != old.sha256
    assert policies.find("trial") == new


def test_an_amendment_drops_what_it_names(tmp_path: Path) -> None:
    made = repository(tmp_path, OLD)
    made.write("trial/2025-04.yaml", NEW + "drop: {rules: [day-length]}\n")
    policy = made.load().find("trial@2025-04")
    assert policy is not None
    assert policy.rules == ()
    made.write("trial/2025-04.yaml", NEW + "drop: {rules: [day-lenght]}\n")
    assert [(underlined(item), item.help) for item in made.errors()] == [
        (("unknown-entry", "day-lenght"), "did you mean `day-length`?")
    ]


def test_an_amendment_that_breaks_an_inherited_rule_is_found(tmp_path: Path) -> None:
    new = NEW.replace("7 h", "7 days")
    errors = repository(tmp_path, OLD).write("trial/2025-04.yaml", new).errors()
    assert {(item.code, Path(item.source.path).name) for item in errors} == {("type-mismatch", "2025.yaml")}


LIBRARY = HEAD.replace("policy: trial", "policy: shared") + BODY
INCLUDING = HEAD + "includes: [shared@2025]\ntypical: {service: other}\nrules: []\n"


def test_an_inclusion_shares_rules_and_the_library_is_not_judged_alone(tmp_path: Path) -> None:
    policies = repository(tmp_path, INCLUDING).write("shared.yaml", LIBRARY).load()
    assert [policy.name for policy in policies.policies] == ["trial@2025"]
    assert [policy.name for policy in policies.libraries] == ["shared@2025"]
    assert [rule.id for rule in policies.policies[0].rules] == ["day-length"]
    assert list(policies.policies[0].parameters) == ["shortest_day"]


def test_a_name_that_an_inclusion_has_too_is_an_error(tmp_path: Path) -> None:
    text = INCLUDING.replace("rules: []", "define:\n  delivered: days\nrules: []")
    errors = repository(tmp_path, text).write("shared.yaml", LIBRARY).errors()
    assert [underlined(item) for item in errors] == [("name-clash", "delivered")]
    assert errors[0].labels[1].source is not None


def test_an_error_of_an_included_file_is_reported_once(tmp_path: Path) -> None:
    library = LIBRARY.replace("day.length >=", "day.lenght >=")
    errors = repository(tmp_path, INCLUDING).write("shared.yaml", library).errors()
    assert [underlined(item) for item in errors] == [("unknown-field", "lenght")]


def test_files_that_come_back_to_themselves_are_an_error(tmp_path: Path) -> None:
    errors = repository(tmp_path, HEAD + "includes: [trial@2025]\nrules: []\n").errors()
    assert [underlined(item) for item in errors] == [("circular-files", "trial@2025")]
    library = LIBRARY.replace("parameters:", "includes: [trial@2025]\nparameters:", 1)
    errors = repository(tmp_path, INCLUDING).write("shared.yaml", library).errors()
    assert [item.code for item in errors] == ["circular-files"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NEW.replace("trial@2025", "trial@2024"), ("unknown-version", "trial@2024")),
        (NEW.replace("trial@2025", "trial"), ("bad-name", "trial")),
        (NEW + "subject: certificate\n", ("subject-differs", "certificate")),
        (NEW.replace('"2025-04"', '"2025"'), ("duplicate-version", '"2025"')),
        (NEW + "transition: {also: trial@2019, last_day: 2025-06-30}\n", ("unknown-version", "trial@2019")),
    ],
)
def test_a_version_that_does_not_fit_is_an_error(tmp_path: Path, text: str, expected: tuple[str, str]) -> None:
    errors = repository(tmp_path, OLD).write("trial/new.yaml", text).errors()
    assert expected in [underlined(item) for item in errors]


# ---------------------------------------------------------------------- the cache


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("PYKALA_CACHE_DIR", str(tmp_path / "cache"))
    return repository(tmp_path)


def cache_files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache").iterdir())


def test_checked_policies_are_kept_until_a_file_changes(tmp_path: Path, cached: Repository) -> None:
    cached.load(cache=True)
    assert len(cache_files(tmp_path)) == 1
    kept = cached.load(cache=True)
    assert kept.policies == cached.load().policies
    assert len(cache_files(tmp_path)) == 1
    cached.write("trial/2025.yaml", POLICY.replace("6 h, label", "7 h, label"))
    assert cached.load(cache=True).policies[0].parameters["shortest_day"].value == 420
    assert len(cache_files(tmp_path)) == 2


def test_what_is_used_is_kept_when_others_come(tmp_path: Path, cached: Repository) -> None:
    cached.load(cache=True)
    (used,) = cache_files(tmp_path)
    for hours in range(1, cache.KEPT + 2):
        cached.write("trial/2025.yaml", POLICY.replace("6 h, label", f"{hours + 6} h, label")).load(cache=True)
        assert cache.read_cache(used) is not None
    assert len(cache_files(tmp_path)) == cache.KEPT


@pytest.mark.parametrize("content", [b"", b"nonsense", cache.FORMAT + b"x" * 40])
def test_a_cache_file_that_is_not_whole_is_not_used(tmp_path: Path, cached: Repository, content: bytes) -> None:
    cached.load(cache=True)
    cache_files(tmp_path)[0].write_bytes(content)
    assert [policy.name for policy in cached.load(cache=True).policies] == ["trial@2025"]


def test_a_cache_file_that_holds_something_else_is_not_used(tmp_path: Path, cached: Repository) -> None:
    import hashlib

    cached.load(cache=True)
    content = pickle.dumps(["not policies"])
    cache_files(tmp_path)[0].write_bytes(cache.FORMAT + hashlib.sha256(content).digest() + content)
    assert [policy.name for policy in cached.load(cache=True).policies] == ["trial@2025"]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights of this kind are POSIX's")
def test_a_cache_folder_that_others_can_enter_is_not_used(tmp_path: Path, cached: Repository) -> None:
    cached.load(cache=True)
    path = cache_files(tmp_path)[0]
    assert cache.read_cache(path) is not None
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
    (tmp_path / "cache").chmod(0o777)
    assert cache.read_cache(path) is None


def test_the_cache_never_lies_among_the_policies(cached: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYKALA_CACHE_DIR", str(cached.directory / "cache"))
    cached.load(cache=True)
    assert not (cached.directory / "cache").exists()


def test_a_warm_cache_needs_neither_yaml_nor_parser_nor_schemas(cached: Repository) -> None:
    cached.load(cache=True)
    code = (
        "import sys; from pathlib import Path; from pykala.policy.loader import load_policies; "
        "assert len(load_policies(Path(sys.argv[1])).policies) == 1; "
        "print(sorted({'yaml', 'lark', 'jsonschema'} & set(sys.modules)))"
    )
    path = os.pathsep.join([str(ROOT / "dsl"), str(ROOT / "engine")])
    ran = subprocess.run(
        [sys.executable, "-c", code, str(cached.directory)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert ran.stdout == "[]\n"


def test_a_source_is_what_a_policy_points_at(tmp_path: Path) -> None:
    policy = repository(tmp_path).load().policies[0]
    assert isinstance(policy.source, Source)
    assert policy.source.position(policy.rules[0].span.start) == (
        POLICY.splitlines().index("  - id: day-length") + 1,
        9,
    )
