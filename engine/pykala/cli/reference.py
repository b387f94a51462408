"""Pages for reference: what each command takes, what each field of a report means.

In: the command line, and the schemas of the reports. Out: Markdown. `mkdocs.yml` names this module as a hook, which puts
the text where a page has the mark `<!-- commands -->` or `<!-- reports -->`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from pykala.cli.main import cli
from pykala.report.schemas import REPORTS, format_of, report_schema


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return the text of a page with what is made here in place of its mark.

    The planner's guide is `policies/README.md`, seen from there: its links into `docs` become links among the pages.
    """
    markdown = markdown.replace("](../docs/", "](../")
    for mark, made in (("<!-- commands -->", command_line), ("<!-- reports -->", reports)):
        if mark in markdown:
            markdown = markdown.replace(mark, made())
    return markdown


def command_line() -> str:
    """Return what every command does, in the order of the help.

    >>> command_line().splitlines()[0]
    '## `pykala check` { #check }'
    """
    return "\n".join(
        line for command in _commands(click.Context(cli, info_name="pykala")) for line in _section(command)
    )


def _commands(above: click.Context) -> Iterator[click.Context]:
    """Yield a context for each command below another that does something itself."""
    group = above.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(above):
        command = group.get_command(above, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=above)
        if isinstance(command, click.Group):
            yield from _commands(context)
        else:
            yield context


def _section(context: click.Context) -> list[str]:
    command, path = context.command, context.command_path
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    options = [each for each in command.get_params(context) if isinstance(each, click.Option) and each.name != "help"]
    rows = [_row(option, context) for option in options]
    anchor = "-".join(path.split()[1:])
    head = [f"## `{path}` {{ #{anchor} }}", "", _paragraphs(command), "", "```text", usage, "```", ""]
    return [*head, "| option | does |", "|---|---|", *rows, ""]


def _paragraphs(command: click.Command) -> str:
    """Return the words of a command, each paragraph on one line."""
    paragraphs = (command.help or "").split("\n\n")
    return "\n\n".join(" ".join(each.split()) for each in paragraphs)


def _row(option: click.Option, context: click.Context) -> str:
    names = ", ".join(option.opts)
    if option.secondary_opts:
        names = " / ".join([names, ", ".join(option.secondary_opts)])
    value, words = "" if option.is_flag else f" {option.make_metavar(context)}", option.help or ""
    # Choices and ranges are told in words: as the help writes them, they are too long for a column.
    match option.type:
        case click.Choice(choices=choices):
            value = " " + option.opts[-1].strip("-").upper()
            words += f" One of {', '.join(f'`{each}`' for each in choices)}."
        case click.IntRange():
            value = " N"
    if option.show_default and option.default is not None and not option.is_flag:
        words += f" Default: `{option.default}`."
    if option.required:
        words += " Required."
    return f"| `{names}{value}` | {words} |"


def reports() -> str:
    """Return what each field of every report means.

    Examples:
        >>> reports().splitlines()[0]
        '## `pykala.results/1` { #results }'
    """
    return "\n".join(line for name in REPORTS for line in _report(name))


def _report(name: str) -> list[str]:
    schema = report_schema(name)
    lines = [f"## `{format_of(name)}` {{ #{name} }}", "", schema["description"], "", *_table(schema, name)]
    for part, node in schema.get("$defs", {}).items():
        # A line of JSON Lines holds what the document holds.
        if part != "line" and "enum" not in node and _home(name, part) == name:
            lines += [f"### {part} {{ #{name}-{part} }}", "", node["description"], "", *_table(node, name)]
    return lines


def _home(name: str, part: str) -> str:
    """Return the report below which a part stands: what two reports share is told once."""
    return "results" if part in report_schema("results")["$defs"] else name


def _table(node: dict[str, Any], name: str) -> list[str]:
    rows = [f"| `{path}` | {_kind(field, name)} | {field['description']} |" for path, field in _fields(node, "")]
    return ["| field | is | means |", "|---|---|---|", *rows, ""] if rows else []


def _fields(node: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the fields of an object with those of the objects inside it, but not those that have a table of their own."""
    for name, field in node.get("properties", {}).items():
        yield f"{path}{name}", field
        for inner in (field, *field.get("anyOf", ())):
            yield from _fields(inner, f"{path}{name}.")
            yield from _fields(inner.get("items", {}), f"{path}{name}[].")
            if isinstance(inner.get("additionalProperties"), dict):
                yield from _fields(inner["additionalProperties"], f"{path}{name}.*.")


def _kind(node: dict[str, Any], name: str) -> str:
    """Return what a field holds, in a few words."""
    match node:
        case {"$ref": ref}:
            part = str(ref).rpartition("/")[2]
            found = report_schema(name)["$defs"][part]
            return _kind(found, name) if "enum" in found else f"[{part}](#{_home(name, part)}-{part})"
        case {"const": value}:
            return f"`{json.dumps(value)}`"
        case {"enum": values}:
            return ", ".join("null" if value is None else f"`{value}`" for value in values)
        case {"anyOf": options}:
            return " or ".join(sorted((_kind(option, name) for option in options), key=_TYPES["null"].__eq__))
        case {"type": "array", "items": items}:
            return f"list of {_kind(items, name)}"
        case {"format": "date", "type": kind}:
            return "date" if kind == "string" else "date or null"
        case {"type": [*types]}:
            return " or ".join(_TYPES[each] for each in types)
        case {"type": str(kind)}:
            return _TYPES[kind]
    raise AssertionError(node)


_TYPES = {
    "string": "string",
    "integer": "number",
    "boolean": "true or false",
    "null": "null",
    "object": "object",
    "array": "list",
}
