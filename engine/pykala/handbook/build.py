"""A site of the handbook in every language: one build and one search index each, Finnish at the top.

In: a repository's folder of policies and, where there is one, its `mkdocs.yml` and `docs/`. Out: a folder of files that
work from a server, under any path, and from the disk.
"""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pykala.handbook.addresses import DEFAULT
from pykala.handbook.book import make_book
from pykala.handbook.settings import BuildError, Place, build_language
from pykala.policy.model import LANGUAGES, Lang
from pykala.quality.processes import shared_out
from pykala_dsl.diagnostics import DiagnosticsError

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet


def build_site(
    policies: PolicySet, site: Path, place: Place, *, languages: Sequence[Lang] = LANGUAGES, jobs: int | None = None
) -> int:
    """Build the handbook into a folder, which is emptied first, and return how many pages it has.

    `jobs`: how many languages are built at once; None: as many as there are cores.

    Raises:
        DiagnosticsError: where an example does not answer as its file says.
        BuildError: where mkdocs finds something wrong, such as a link that leads nowhere.
    """
    _check_empty(site)
    book = make_book(policies)
    with tempfile.TemporaryDirectory() as folder:

        def build(lang: Lang) -> str:
            return build_language(book, lang, Path(folder) / lang, place)

        for trouble in shared_out(build, languages, jobs=jobs):
            if trouble:
                raise BuildError(trouble)
        shutil.rmtree(site, ignore_errors=True)
        site.mkdir(parents=True)
        for lang in languages:
            shutil.copytree(Path(folder) / lang, site if lang == DEFAULT else site / lang, dirs_exist_ok=True)
    return sum(1 for _ in site.rglob("*.html"))


def serve_site(
    load: Callable[[], PolicySet],
    directory: Path,
    address: tuple[str, int],
    *,
    ready: Callable[[str], None],
    trouble: Callable[[DiagnosticsError | BuildError], None],
    languages: Sequence[Lang] = LANGUAGES,
) -> None:
    """Serve the handbook until it is interrupted, and build it anew when a file changes that it is made from.

    `ready` is told the address once the site stands. A change with a mistake in it goes to `trouble`, and the last
    good site stays.

    Raises:
        DiagnosticsError, BuildError: where the first build fails.
        OSError: where the address cannot be listened on.
    """
    from mkdocs.livereload import LiveReloadServer

    # An address that is taken is told before the site is built, not after.
    socket.create_server(address).close()
    place = Place.beside(directory)
    with tempfile.TemporaryDirectory(prefix="pykala-docs-") as folder:
        site = Path(folder) / "site"

        def build() -> None:
            build_site(load(), site, place, languages=languages)

        def rebuild() -> None:
            try:
                build()
            except (DiagnosticsError, BuildError) as error:
                trouble(error)

        server = LiveReloadServer(builder=rebuild, host=address[0], port=address[1], root=str(site))
        build()
        for path in (directory, place.settings, place.docs):
            if path is not None:
                server.watch(str(path))
        ready(server.url)
        try:
            server.serve()  # type: ignore[no-untyped-call]
        except KeyboardInterrupt:
            pass
        finally:
            server.shutdown()


def _check_empty(site: Path) -> None:
    """Raise `BuildError` where a folder holds something else than a site that was built before."""
    tops = [site, *(site / lang for lang in LANGUAGES)]
    if site.is_dir() and any(site.iterdir()) and not any((top / "assets" / "handbook").is_dir() for top in tops):
        raise BuildError(f"`{site.as_posix()}` holds something else than a handbook; name an empty folder with `-o`")
