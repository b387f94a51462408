"""`pykala fields [WORD]`: the vocabulary, found by name or label in any language."""

from __future__ import annotations

from pathlib import Path

import click

from pykala.cli import common
from pykala.policy.model import Lang


@click.command("fields")
@click.argument("word", required=False)
@common.policies_option
@common.lang_option
@common.format_option("text", "json")
def command(word: str | None, directory: Path, lang: Lang, fmt: str) -> None:
    """List the fields that rules can use, or those whose name or label (in any language) fits WORD."""
    from pykala.policy.loader import vocabulary_of

    vocabulary = vocabulary_of(directory)
    hits = vocabulary.search(word or "")
    if fmt == "json":
        import json

        from pykala.report.schemas import format_of

        rows = [
            {
                "kind": hit.kind,
                "path": hit.path,
                "type": hit.type_words,
                "label": {"fi": hit.label.fi, "sv": hit.label.sv, "en": hit.label.en},
            }
            for hit in hits
        ]
        click.echo(json.dumps({"format": format_of("fields"), "fields": rows}, ensure_ascii=False, indent=2))
        return
    if not hits:
        common.fail(f"no field fits {word!r}", "try another word, in Finnish, Swedish or English, or no word at all")
    width = max(len(hit.path) for hit in hits)
    label_width = max(len(hit.label.get(lang)) for hit in hits)
    for hit in hits:
        click.echo(f"{hit.path:<{width}}  {hit.label.get(lang):<{label_width}}  {hit.type_words}".rstrip())
    common.echo_unreviewed(lang)
