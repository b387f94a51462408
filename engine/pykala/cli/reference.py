"""The commands as a page: what each does, its arguments and options, read from the commands themselves.

In: the command line. Out: Markdown. `mkdocs.yml` names this module as a hook, which puts the text where a page has the
mark `<!-- commands -->`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from pykala.cli.main import cli

MARK = "<!-- commands -->"


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return the text of a page with the commands in place of their mark."""
    return markdown.replace(MARK, command_line()) if MARK in markdown else markdown


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
    value = (
        ""
        if option.is_flag
        else " N"
        if isinstance(option.type, click.IntRange)
        else f" {option.make_metavar(context)}"
    )
    words = option.help or ""
    if option.show_default and option.default is not None and not option.is_flag:
        words += f" Default: `{option.default}`."
    if option.required:
        words += " Required."
    return f"| `{names}{value}` | {words} |"
