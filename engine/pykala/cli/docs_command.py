"""`pykala docs`: the handbook for providers, in Finnish, Swedish and English."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pykala.cli import common
from pykala.policy.model import LANGUAGES, Lang
from pykala_dsl.diagnostics import DiagnosticsError

if TYPE_CHECKING:
    from types import ModuleType

F = TypeVar("F", bound=Callable[..., Any])


def _languages_option(function: F) -> F:
    return click.option(
        "--lang",
        "languages",
        type=click.Choice(LANGUAGES),
        multiple=True,
        help="Only this language (repeatable); all of them unless given.",
    )(function)


@click.group("docs")
def command() -> None:
    """Make the handbook for providers from the policies, in Finnish, Swedish and English.

    Pages written by hand in `docs/` beside the policies become a part of it. A `mkdocs.yml` is read where there is
    one; none is needed.
    """


@command.command("build")
@common.policies_option
@_languages_option
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("handbook"),
    show_default=True,
    help="The folder of the site, which is emptied first.",
)
def build(directory: Path, languages: tuple[Lang, ...], output: Path) -> None:
    """Build the site, which works from a server, under any path, and from the disk.

    The build fails where an example does not answer as its file says, where a link leads nowhere, or where a page
    shows a number that comes from no rule, parameter or entry of the register.
    """
    making = _making()
    policy_set = common.load(directory)
    try:
        count = making.build_site(policy_set, output, making.Place.beside(directory), languages=languages or LANGUAGES)
    except making.BuildError as error:
        common.fail(str(error))
    from pykala.handbook.addresses import DEFAULT

    top = output if not languages or DEFAULT in languages else output / languages[0]
    click.echo(f"{count} pages: {(top / 'index.html').as_posix()}")


@command.command("serve")
@common.policies_option
@_languages_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port.")
def serve(directory: Path, languages: tuple[Lang, ...], host: str, port: int) -> None:
    """Serve the site on this machine, and build it anew when a policy file or a page changes."""
    making = _making()

    def trouble(error: Exception) -> None:
        if isinstance(error, DiagnosticsError):
            common.print_diagnostics(error.diagnostics)
        else:
            click.echo(f"error: {error}", err=True)

    try:
        making.serve_site(
            lambda: common.load(directory),
            directory,
            (host, port),
            ready=lambda url: click.echo(f"{url} (Ctrl+C stops)"),
            trouble=trouble,
            languages=languages or LANGUAGES,
        )
    except making.BuildError as error:
        common.fail(str(error))
    except OSError as error:
        common.fail(f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0).lower()}", "say another --port")


def _making() -> ModuleType:
    """Return the module that builds sites; without its libraries, end the call and name what to install."""
    if not all(map(find_spec, ("mkdocs", "material"))):
        common.fail(
            "the handbook needs libraries that are not installed", "install them with `pip install 'pykala[docs]'`"
        )
    from pykala.handbook import build as making

    return making
