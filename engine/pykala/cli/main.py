"""The command line: one module per command, loaded only when it is called. Exit codes live in this package alone."""

from __future__ import annotations

import importlib
import sys

import click

_COMMANDS = {
    "check": "Evaluate records against the policies",
    "explain": "Show why a verdict is what it is",
    "due": "List what falls due when, soonest first",
    "lint": "Look for mistakes in policy files",
    "fmt": "Lay out policy files in their canonical form",
    "test": "Run the examples of the policies",
    "show": "Print a policy version with its inheritance applied",
    "diff": "Print what differs between two versions, in words",
    "impact": "Print whose verdicts a change turns, and why",
    "trace": "Print which rules answer what the sources state",
    "fields": "List the fields that rules can use, or find one by a word",
    "collect": "Collect the records of a provider, a year or a quota from case, invoice and decision files",
    "sample": "Write synthetic records beside the boundaries of a policy",
    "template": "Write the empty Excel workbook that records are filled in by hand",
    "init": "Write a new policy repository",
    "new": "Add a rule to a policy, with its examples",
    "docs": "Build the handbook for providers, or serve it while it is being written",
    "schema": "Print the JSON Schemas for editors and programs",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are run, so that a call pays only for what it uses."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of the help."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, imported now, or None."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"pykala.cli.{cmd_name}_command")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command to run; a misspelt one is answered with the nearest name."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in _COMMANDS:
            from pykala_dsl.suggest import closest

            near = closest(name, _COMMANDS)
            ctx.fail(f"no such command: {name}" + (f"; did you mean {near}?" if near else ""))
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="pykala", prog_name="pykala")
def cli() -> None:
    """Service descriptions as data: rules in YAML, verdicts with reasons.

    Exit code: 0 nothing to report, 1 something is at or above --fail-on, 2 the input, the policies or the
    call is wrong.
    """


def main() -> None:
    """Run the command line and leave with its exit code."""
    from pykala_dsl.diagnostics import DiagnosticsError

    try:
        cli.main(prog_name="pykala")
    except DiagnosticsError as error:
        from pykala.cli.common import print_diagnostics

        print_diagnostics(error.diagnostics)
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output went away (`pykala check | head`): nothing to say, and nobody to say it to.
        sys.stderr.close()
        sys.exit(0)
