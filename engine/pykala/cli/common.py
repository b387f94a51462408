"""What the commands share: options, loading, diagnostics on standard error, writing to a file."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from pykala.policy.model import LANGUAGES, UNREVIEWED, Lang

if TYPE_CHECKING:
    from pykala.evaluate.check import Judgement
    from pykala.evaluate.result import WithReasons
    from pykala.policy.loader import PolicySet
    from pykala.policy.model import Policy
    from pykala.quality.sides import Side
    from pykala.records.record import RecordProblem
    from pykala_dsl.diagnostics import Diagnostic

F = TypeVar("F", bound=Callable[..., Any])
SHOWN_AT_MOST = 50


class DateOption(click.ParamType[datetime.date]):
    """A date on the command line: 2025-06-30."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        """Return the date, or fail with what to write instead."""
        if isinstance(value, datetime.date):
            return value
        try:
            return datetime.date.fromisoformat(value) if len(value) == 10 else self._refuse(value, param, ctx)
        except ValueError:
            return self._refuse(value, param, ctx)

    def _refuse(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> NoReturn:
        self.fail(f"{value!r} is not a date; write year-month-day, for example 2025-06-30", param, ctx)


def policies_option(function: F) -> F:
    """Add `--policies DIR`."""
    return click.option(
        "--policies",
        "directory",
        type=click.Path(path_type=Path),
        default=Path("policies"),
        show_default=True,
        help="The folder of policies, records and sources.",
    )(function)


def policy_option(function: F) -> F:
    """Add `--policy ID[@VERSION]`."""
    return click.option("--policy", "only", metavar="ID[@VERSION]", help="Judge by this policy alone.")(function)


def lang_option(function: F) -> F:
    """Add `--lang`."""
    return click.option(
        "--lang", type=click.Choice(LANGUAGES), default="fi", show_default=True, help="The language of the output."
    )(function)


def as_of_option(function: F) -> F:
    """Add `--as-of DATE`; today unless given, and every output says which."""
    return click.option(
        "--as-of",
        type=DateOption(),
        default=None,
        help="The date of the check (default: today). Every output says which.",
    )(function)


def format_option(*formats: str) -> Callable[[F], F]:
    """Add `--format` with the values that the command knows; the first is the default."""
    return click.option(
        "--format",
        "fmt",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="The form of the output.",
    )


class _ReportFile(click.ParamType[tuple[str, Path]]):
    """A report and the file that it is written to: json=results.json."""

    name = "FORMAT=FILE"

    def __init__(self, formats: tuple[str, ...]) -> None:
        self.formats = formats

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path]:
        """Return the form and the file, or fail with what to write instead."""
        if isinstance(value, tuple):
            return value
        name, equals, path = value.partition("=")
        if name not in self.formats or not equals or not path:
            known = ", ".join(self.formats)
            self.fail(f"--report wants FORMAT=FILE, not {value!r}; for example json=results.json ({known})", param, ctx)
        return name, Path(path)


def report_option(*formats: str) -> Callable[[F], F]:
    """Add `--report FORMAT=FILE`, which can be given more than once, with the forms that the command knows."""
    return click.option(
        "--report",
        "reports",
        type=_ReportFile(formats),
        multiple=True,
        help=f"Write another report to a file (repeatable): {', '.join(formats)}.",
    )


def help_url_option(function: F) -> F:
    """Add `--help-url URL`."""
    return click.option(
        "--help-url",
        metavar="URL",
        envvar="PYKALA_HELP_URL",
        help="Where the handbook is published; SARIF links its rules there.",
    )(function)


def output_option(function: F) -> F:
    """Add `-o FILE`."""
    return click.option(
        "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead."
    )(function)


def with_option(function: F) -> F:
    """Add `--with FILE`."""
    return click.option(
        "--with",
        "others",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="FILE",
        help="Another record that the rules may read beside the subject (repeatable).",
    )(function)


def kind_option(function: F) -> F:
    """Add `--kind KIND`."""
    return click.option("--kind", help="The kind of the records, where they do not say it themselves.")(function)


def mapping_option(function: F) -> F:
    """Add `--mapping NAME`."""
    return click.option(
        "--mapping",
        metavar="NAME",
        help="The mapping to read documents by (certificate.sv), where the one that fits best is not meant.",
    )(function)


def parameters_option(function: F) -> F:
    """Add `--parameters FILE`."""
    return click.option(
        "--parameters",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Values for parameters that the policies leave unset (policy: {name: value}).",
    )(function)


@dataclass(frozen=True, slots=True)
class Call:
    """What `check`, `explain` and `due` are all asked: policies, records beside, the date, the language, the file."""

    directory: Path
    only: str | None
    as_of: datetime.date
    others: tuple[Path, ...]
    kind: str | None
    mapping: str | None
    parameters: Path | None
    lang: Lang
    output: Path | None

    def load(self) -> PolicySet:
        """Return the policies that the call names."""
        return load(self.directory, parameters=self.parameters, only=self.only)

    def check(
        self, policy_set: PolicySet, paths: Sequence[Path], *, reasons: WithReasons = True, outputs: Sequence[Path] = ()
    ) -> Iterator[Judgement]:
        """Return what a check of files and folders finds, printing what is wrong when it is met.

        While it takes long, a bar is shown on a terminal. `outputs` are the files that the call writes beside
        `output`: they are not read. An unknown kind ends the call.
        """
        kinds = policy_set.vocabulary.kinds
        if self.kind is not None and self.kind not in kinds:
            fail(f"no kind of record {self.kind!r}", "known: " + ", ".join(sorted(kinds)))
        self._check_mapping(policy_set)
        written = [*outputs, *([] if self.output is None else [self.output])]
        for path in (*paths, *self.others):
            if any(path.resolve() == output.resolve() for output in written):
                fail(f"{path} would be read and written by the same call", "write to another file")
        return self._check(policy_set, paths, reasons, written)

    def _check(
        self, policy_set: PolicySet, paths: Sequence[Path], reasons: WithReasons, written: Sequence[Path]
    ) -> Iterator[Judgement]:
        import pykala
        from pykala.cli.progress import bar
        from pykala.records.record import RecordProblem

        elsewhere = self.output is not None or not sys.stdout.isatty()
        with bar((*paths, *self.others), self.lang, judging=elsewhere) as told:
            for found in pykala.check_stream(
                policy_set,
                paths,
                as_of=self.as_of,
                others=self.others,
                policy=self.only,
                kind=self.kind,
                mapping=self.mapping,
                reasons=reasons,
                read=told.read,
                judged=told.judged,
                apart_from=written,
            ):
                if isinstance(found, RecordProblem):
                    print_problem(found)
                yield found

    def _check_mapping(self, policy_set: PolicySet) -> None:
        """End the call where no mapping has the name given."""
        names = [mapping.name for mapping in policy_set.vocabulary.documents]
        if self.mapping is not None and self.mapping not in names:
            from pykala_dsl.suggest import closest

            near = closest(self.mapping, names)
            hint = f"did you mean {near}?" if near else "known: " + (", ".join(names) or "none")
            fail(f"no mapping of documents {self.mapping!r}", hint)


def judging(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a command that judges records; it takes them together, as `call`."""

    @functools.wraps(function)
    def gathered(**options: Any) -> None:
        own = {field.name: options.pop(field.name) for field in dataclasses.fields(Call)}
        function(call=Call(**{**own, "as_of": today(own["as_of"])}), **options)

    beside = (parameters_option, mapping_option, kind_option, with_option, as_of_option)
    for option in (output_option, lang_option, *beside):
        gathered = option(gathered)
    return policies_option(policy_option(gathered))


def today(as_of: datetime.date | None) -> datetime.date:
    """Return the date of the check: the one given, else today. Only the command line reads the clock."""
    return as_of or datetime.datetime.now().astimezone().date()


def load(directory: Path, *, parameters: Path | None = None, only: str | None = None) -> PolicySet:
    """Return the policies of a folder, with the overlay of parameters applied."""
    from pykala.policy.loader import load_policies

    policy_set = load_policies(directory)
    if parameters is not None:
        from pykala.policy.overlay import apply_overlay

        policy_set = apply_overlay(policy_set, parameters)
    if only is not None:
        find_policies(policy_set, only)
    return policy_set


def side(text: str, directory: Path) -> Side:
    """Return what a version, a folder or a revision of git names; what names nothing ends the call."""
    from pykala.quality.sides import SideError, load_side

    try:
        return load_side(text, directory)
    except SideError as error:
        fail(str(error), error.hint)


def find_policies(policy_set: PolicySet, name: str) -> list[Policy]:
    """Return the versions that `ID[@VERSION]` names; an unknown name ends the call."""
    found = [policy for policy in policy_set.policies if name in (policy.id, policy.name)]
    if not found:
        from pykala_dsl.suggest import closest

        known = [policy.id for policy in policy_set.policies] + [policy.name for policy in policy_set.policies]
        near = closest(name, known)
        hint = f"did you mean {near}?" if near else "known: " + ", ".join(sorted({p.name for p in policy_set.policies}))
        fail(f"no policy {name!r}", hint)
    return found


def fail(message: str, hint: str | None = None) -> NoReturn:
    """End the call with exit code 2 and one clear line."""
    click.echo(f"error: {message}", err=True)
    if hint:
        click.echo(f"  = help: {hint}", err=True)
    sys.exit(2)


def print_diagnostics(diagnostics: Sequence[Diagnostic]) -> None:
    """Print diagnostics on standard error, the first ones in full."""
    from pykala_dsl.render import render

    color = use_color(sys.stderr)
    for diagnostic in diagnostics[:SHOWN_AT_MOST]:
        click.echo(render(diagnostic, color=color), err=True)
        click.echo(err=True)
    if len(diagnostics) > SHOWN_AT_MOST:
        click.echo(f"… and {len(diagnostics) - SHOWN_AT_MOST} more", err=True)


def print_problem(problem: RecordProblem) -> None:
    """Print what is wrong with a record on standard error: one line, and the advice below it."""
    where = problem.origin + (f":{problem.line}:{problem.column}" if problem.line is not None else "")
    path = f" {problem.path}:" if problem.path else ""
    click.echo(f"error[{problem.code}]: {where}:{path} {problem.message}", err=True)
    if problem.help:
        click.echo(f"  = help: {problem.help}", err=True)


def open_output(output: Path | None) -> AbstractContextManager[IO[str]]:
    """Return the stream that a command writes to, to be used in a `with`; standard output stays open after it."""
    if output is None:
        return nullcontext(sys.stdout)
    try:
        return output.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        fail(f"cannot write {output}: {(error.strerror or 'not possible').lower()}")


def echo_unreviewed(lang: Lang, stream: IO[str] | None = None) -> None:
    """Print the mark of a language whose texts no native reader has reviewed; nothing for the others."""
    if lang in UNREVIEWED:
        click.echo(f"\n{UNREVIEWED[lang]}", file=stream)


def use_color(stream: IO[str]) -> bool:
    """Return whether colour may be written: on a terminal, and where NO_COLOR does not forbid it."""
    import os

    return stream.isatty() and not os.environ.get("NO_COLOR")
