"""The published JSON Schemas agree with the files that load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from policy_repository import POLICY, REGISTER
from pykala.policy.contents_file import CONTENTS_KEYS, SERVICE_KEYS
from pykala.policy.model import VERDICTS
from pykala.policy.policy_file import HEAD_KEYS, PARAMETER_TYPES
from pykala.policy.rule_entries import EXAMPLE_KEYS, RULE_KEYS
from pykala.policy.schema import contents_schema, mapping_schema, policy_schema, register_schema
from pykala.policy.sources import SOURCE_KEYS, STATEMENT_KEYS
from pykala.policy.strict_yaml import compose, load_source, plain
from pykala.records.documents.mapping_file import ENTRY_KEYS, IGNORED_KEYS, LIST_KEYS, MAPPING_KEYS
from pykala_dsl.source import Source

SHIPPED = Path(__file__).parents[2] / "policies"
POLICIES = [
    path
    for path in sorted(SHIPPED.rglob("*.yaml"))
    if path.relative_to(SHIPPED).parts[0] not in ("records", "sources", "handbook.yaml")
]


def errors(schema: dict[str, Any], text: str) -> list[str]:
    found = Draft202012Validator(schema).iter_errors(plain(compose(Source("x.yaml", text))))
    return [f"{error.json_path}: {error.message}" for error in found]


@pytest.mark.parametrize("schema", [policy_schema(), register_schema(), mapping_schema(), contents_schema()])
def test_a_schema_is_a_schema(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.relative_to(SHIPPED).as_posix())
def test_every_shipped_policy_fits_the_schema(path: Path) -> None:
    assert errors(policy_schema(), load_source(path, path.name).text) == []


@pytest.mark.parametrize("path", sorted((SHIPPED / "sources").glob("*.yaml")), ids=lambda path: path.name)
def test_every_shipped_source_fits_the_schema(path: Path) -> None:
    assert errors(register_schema(), load_source(path, path.name).text) == []


@pytest.mark.parametrize("path", sorted((SHIPPED / "records" / "documents").glob("*.yaml")), ids=lambda path: path.name)
def test_every_shipped_mapping_fits_the_schema(path: Path) -> None:
    assert errors(mapping_schema(), load_source(path, path.name).text) == []


def test_the_shipped_contents_fit_the_schema() -> None:
    assert errors(contents_schema(), load_source(SHIPPED / "handbook.yaml", "handbook.yaml").text) == []


def test_the_schema_of_the_contents_knows_the_keys_that_the_loader_knows() -> None:
    schema = contents_schema()
    assert set(CONTENTS_KEYS) == set(schema["properties"])
    assert set(SERVICE_KEYS) == set(schema["properties"]["services"]["additionalProperties"]["properties"])


@pytest.mark.parametrize(
    "text",
    [
        "servises: {}\n",
        "services: {work-trial: {member: work_trial}}\n",
        "services: {work-trial: {title: {fi: a}, member: work-trial}}\n",
        "services: {work-trial: {title: {fi: a}, shared: often}}\n",
        "phases: {meals: Ruokailu}\n",
        "phases: {Work place: {fi: a}}\n",
    ],
)
def test_a_mistake_does_not_fit_the_schema_of_the_contents(text: str) -> None:
    assert errors(contents_schema(), text) != []


def test_the_schema_of_mappings_knows_the_keys_that_the_loader_knows() -> None:
    schema = mapping_schema()
    assert set(MAPPING_KEYS) == set(schema["properties"])
    assert set(IGNORED_KEYS) == set(schema["properties"]["ignored"]["properties"])
    assert set(LIST_KEYS) == set(schema["properties"]["lists"]["additionalProperties"]["anyOf"][1]["properties"])
    assert set(ENTRY_KEYS) == set(schema["$defs"]["entry"]["anyOf"][2]["properties"])


@pytest.mark.parametrize(
    "text",
    [
        "record: case\nlang: se\n",
        "record: case\nlang: fi\nfeilds: {id: Numero}\n",
        "record: case\nlang: fi\nfields: {id: {labels: Numero}}\n",
        "lang: fi\n",
    ],
)
def test_a_mistake_does_not_fit_the_schema_of_mappings(text: str) -> None:
    assert errors(mapping_schema(), text) != []


def test_the_schemas_know_the_keys_that_the_loader_knows() -> None:
    policy, register = policy_schema(), register_schema()
    assert set(HEAD_KEYS) == set(policy["properties"])
    assert set(RULE_KEYS) == set(policy["$defs"]["rule"]["properties"])
    assert set(EXAMPLE_KEYS) == set(policy["$defs"]["example"]["properties"])
    assert list(PARAMETER_TYPES) == policy["$defs"]["parameter"]["properties"]["type"]["enum"]
    assert list(VERDICTS) == policy["$defs"]["example"]["properties"]["expect"]["anyOf"][0]["enum"]
    assert set(SOURCE_KEYS) == set(register["properties"])
    assert set(STATEMENT_KEYS) == set(register["properties"]["statements"]["items"]["properties"])


def test_every_key_of_a_policy_says_what_it_is_for() -> None:
    schema = policy_schema()
    assert [key for key, value in schema["properties"].items() if not value.get("description")] == []
    rule = schema["$defs"]["rule"]["properties"]
    assert [key for key, value in rule.items() if not value.get("description") and key != "examples"] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("policy: trial", "polisy: trial"),
        ("    require: ", "    requires: "),
        ("severity: unrated", "severity: grave"),
        ("cite: slides-2025/day-length\n    for", "cite: day-length\n    for"),
        ("expect: pass", "expect: passes"),
        ("service: work-trial\n", ""),
    ],
)
def test_a_mistake_does_not_fit_the_policy_schema(old: str, new: str) -> None:
    assert old in POLICY
    assert errors(policy_schema(), POLICY) == []
    assert errors(policy_schema(), POLICY.replace(old, new)) != []


def test_an_amendment_needs_less() -> None:
    head = 'language: 1\npolicy: trial\nversion: "2026"\n'
    assert errors(policy_schema(), head + "amends: trial@2025\n") == []
    assert errors(policy_schema(), head) != []


def test_a_mistake_does_not_fit_the_register_schema() -> None:
    assert errors(register_schema(), REGISTER) == []
    assert errors(register_schema(), REGISTER.replace("kind: obligation", "kind: wish")) != []
