"""Every report for programs fits its published schema, and every field of a schema is one that reports have."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from guide_blocks import ROOT, Session
from pykala.report.schemas import REPORTS, format_of, report_schema


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[Any]]]:
    """Return documents of every format, as the command line writes them."""
    before, cache = Path.cwd(), os.environ.get("PYKALA_CACHE_DIR")
    folder = tmp_path_factory.mktemp("formats")
    os.environ["PYKALA_CACHE_DIR"] = str(tmp_path_factory.getbasetemp() / "cache")
    for name in ("policies", "tests/data"):
        shutil.copytree(ROOT / name, folder / name)
    session = Session(folder)
    made: dict[str, list[Any]] = {name: [] for name in REPORTS}

    def take(name: str, command: str) -> None:
        session.run_line(f"pykala {command} -o it.json" if " -o" not in command else f"pykala {command}")
        made[name].append(json.loads(Path("it.json").read_text(encoding="utf-8")))

    def lines(name: str, command: str) -> None:
        session.run_line(f"pykala {command} -o it.jsonl")
        made[f"{name} lines"] = [json.loads(line) for line in Path("it.jsonl").read_text("utf-8").splitlines()]

    def printed(name: str, command: str) -> None:
        session.run_line(f"pykala {command}")
        made[name].append(json.loads(session.printed))

    try:
        os.chdir(folder)
        data = "tests/data/cases"
        some = " ".join(
            f"{data}/{each}" for each in ("trial-deviations.yaml", "trial-contested.yaml", "trial-flex.json")
        )
        beside = "--with tests/data/documents/contract.yaml --as-of 2025-10-31 --format json"
        take("results", f"check {some} tests/data/broken tests/data/documents/certificate-deficient.yaml {beside}")
        lines("results", f"check {some} tests/data/broken {beside}l")
        Path("kiila.yaml").write_text("record: case\nid: K\nservice: kiila\n", encoding="utf-8")
        take("results", f"check kiila.yaml --policy work-trial {beside}")
        take("results", f"explain {data}/trial-deviations.yaml --rule day-length --as-of 2025-10-31 --format json")
        take("results", f"explain {data}/trial-clean.json --rule work-phase-start --as-of 2025-05-25 --format json")
        take("due", f"due {data}/trial-pending.json --as-of 2025-10-31 --format json")
        printed("show", "show individual-rehab@2023 --format json")
        printed("show", "show individual-rehab@2024 --format json")
        printed("show", "show work-coaching --format json")
        take("diff", "diff individual-rehab@2023 individual-rehab@2024 --format json")
        shutil.copytree("policies", "earlier")
        number = Path("policies/vocational/2025.yaml")
        number.write_text(number.read_text("utf-8").replace("value: 6 h\n", "value: 6 h 30 min\n", 1), encoding="utf-8")
        take("impact", f"impact earlier . {some} {beside}")
        session.run_line("pykala init own --service own --year 2026")
        os.chdir("own")
        printed("fields", "fields --format json")
        take("trace", "trace --format json")
        shutil.copytree("policies", "earlier")
        path = Path("policies/own/2026.yaml")
        good = path.read_text("utf-8")
        _lame(path, good)
        take("diff", "diff earlier . --format json")
        take("diagnostics", "lint --format json")
        lines("diagnostics", "lint --format jsonl")
        take("examples", "test --coverage --format json")
        take("mutation", "test --mutate --format json")
        Path("broken.yaml").write_text("record: case\nid: B\nhours: 3\n", encoding="utf-8")
        Path("expect.yaml").write_text(
            "changes:\n  - {rule: own/day-length, from: fail, to: pass, records: 2}\n", encoding="utf-8"
        )
        take("impact", "impact earlier . cases broken.yaml --as-of 2026-06-30 --expect expect.yaml --format json")
        yield made
    finally:
        os.chdir(before)
        os.environ.pop("PYKALA_CACHE_DIR")
        if cache is not None:
            os.environ["PYKALA_CACHE_DIR"] = cache


def _lame(path: Path, good: str) -> None:
    """Let a policy have a new number, an example that fails, a mutant that lives and a reason that is not needed."""
    text = good.replace("value: 6 h", "value: 6 h 30 min").replace('length": 6 h}', 'length": 7 h}')
    text = text.replace(
        "typical:\n", "define:\n  unread: {value: count(days), label: {fi: a, sv: b, en: c}}\n\ntypical:\n"
    )
    extra = """\
    equivalent:
      - {mutant: "require: nothing of the kind", why: "There is no such mutant."}

  - id: two-days
    severity: unrated
    title: {fi: "Kaksi", sv: "Två", en: "Two"}
    cite: own-2026/day-length
    require: count(days) >= 2
    unless:
      never: {title: {fi: "Ei koskaan", sv: "Aldrig", en: "Never"}, if: count(days) >= 100}
    examples:
      - {expect: pass}
      - {given: {"days[1]": {date: 2026-02-03}}, expect: pass}
"""
    path.write_text(text.rstrip() + "\n" + extra, encoding="utf-8")
    source = Path("policies/sources/own-2026.yaml")
    source.write_text(source.read_text("utf-8").replace("id: day-length", "id: day-length-anew"), encoding="utf-8")
    path.write_text(
        path.read_text("utf-8").replace("own-2026/day-length", "own-2026/day-length-anew"), encoding="utf-8"
    )


@pytest.mark.parametrize("name", REPORTS)
def test_a_schema_is_one_and_says_what_every_field_means(name: str) -> None:
    schema = report_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    # The matrix of statements is a plain list, which has no place for its format.
    assert (None if name == "trace" else format_of(name)) == schema.get("properties", {}).get("format", {}).get("const")
    assert [] == [field for field, node in fields_of(schema) if "description" not in node]


@pytest.mark.parametrize("name", REPORTS)
def test_reports_fit_their_schema_and_have_every_field_of_it(name: str, documents: dict[str, list[Any]]) -> None:
    schema = report_schema(name)
    validator = jsonschema.Draft202012Validator(schema)
    seen: set[str] = set()
    for document in documents[name]:
        assert [] == [error.json_path + ": " + error.message for error in validator.iter_errors(document)]
        visit(schema, document, schema, "", seen)
    # A line of JSON Lines holds what the document holds; what impacts take over from results is seen there.
    elsewhere = {"line", *(() if name == "results" else report_schema("results")["$defs"])}
    assert {field for field, _ in fields_of(schema) if field.split(".")[0] not in elsewhere} - seen == set()


@pytest.mark.parametrize(("name", "part"), [("results", "line"), ("diagnostics", "diagnostic")])
def test_each_line_of_json_lines_fits_its_part_of_the_schema(
    name: str, part: str, documents: dict[str, list[Any]]
) -> None:
    schema = report_schema(name)
    validator = jsonschema.Draft202012Validator({"$defs": schema["$defs"], "$ref": f"#/$defs/{part}"})
    assert len(documents[f"{name} lines"]) > 1
    for line in documents[f"{name} lines"]:
        assert [] == [error.message for error in validator.iter_errors(line)]


def fields_of(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each field that a schema speaks of, by its path from the top or from a definition."""

    def below(node: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for key, inner in node.get("properties", {}).items():
            yield f"{path}.{key}", inner
            yield from below(inner, f"{path}.{key}")
        for key in ("items", "additionalProperties"):
            if isinstance(node.get(key), dict):
                yield from below(node[key], f"{path}[]")
        for inner in (*node.get("anyOf", ()), *node.get("oneOf", ())):
            yield from below(inner, path)

    yield from below(schema, "")
    for name, node in schema.get("$defs", {}).items():
        yield from below(node, name)


def visit(node: dict[str, Any], data: Any, root: dict[str, Any], path: str, seen: set[str]) -> None:
    """Note the fields that data have, by the names of `fields_of`."""
    if "$ref" in node:
        name = node["$ref"].removeprefix("#/$defs/")
        visit(root["$defs"][name], data, root, name, seen)
    for inner in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        if jsonschema.Draft202012Validator({**inner, "$defs": root.get("$defs", {})}).is_valid(data):
            visit(inner, data, root, path, seen)
    if isinstance(data, dict):
        for key, value in data.items():
            if key in node.get("properties", {}):
                seen.add(f"{path}.{key}")
                visit(node["properties"][key], value, root, f"{path}.{key}", seen)
            elif isinstance(node.get("additionalProperties"), dict):
                visit(node["additionalProperties"], value, root, f"{path}[]", seen)
    elif isinstance(data, list):
        for value in data:
            visit(node.get("items", {}), value, root, f"{path}[]", seen)
