"""`pykala schema`: JSON Schemas of policy files, registers, records and reports."""

from __future__ import annotations

from pathlib import Path

import click

from pykala.cli import common
from pykala.policy.model import Lang


@click.command("schema")
@click.argument("what")
@common.policies_option
@common.lang_option
@common.output_option
def command(what: str, directory: Path, lang: Lang, output: Path | None) -> None:
    """Print the JSON Schema of WHAT: a file of policies, a report, or a kind of record (`case`, …).

    Files: `policy`, `register`, `mapping`, `contents`. Reports, which `--format json` prints: `results` (check and
    explain), `due`, `diagnostics` (lint), `examples` and `mutation` (test), `diff`, `impact`, `trace`, `fields`, `show`.
    """
    import json

    from pykala.report.schemas import REPORTS, report_schema

    match what:
        case "policy":
            from pykala.policy.schema import policy_schema

            schema = policy_schema()
        case "register":
            from pykala.policy.schema import register_schema

            schema = register_schema()
        case "mapping":
            from pykala.policy.schema import mapping_schema

            schema = mapping_schema()
        case "contents":
            from pykala.policy.schema import contents_schema

            schema = contents_schema()
        case _ if what in REPORTS:
            schema = report_schema(what)
        case _:
            from pykala.policy.loader import vocabulary_of

            vocabulary = vocabulary_of(directory)
            if what not in vocabulary.kinds:
                known = ", ".join(("policy", "register", "mapping", "contents", *REPORTS, *sorted(vocabulary.kinds)))
                common.fail(f"no schema for {what!r}", f"there are schemas for {known}")
            schema = vocabulary.json_schema(what, lang)
    with common.open_output(output) as stream:
        stream.write(json.dumps(schema, ensure_ascii=False, indent=2) + "\n")
