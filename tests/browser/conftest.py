"""The handbook built once, shown in three ways: from a server, from a server under a path, and from the disk.

`HANDBOOK=DIR` names a site that is built already; without it, one is built into a temporary folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Route, sync_playwright

from browser.handbook_files import SitePage, site_pages
from browser.serving import Server

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
_built: tempfile.TemporaryDirectory[str] | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Build the site before any worker starts."""
    global _built
    if "HANDBOOK" in os.environ or config.option.collectonly:
        return
    _built = tempfile.TemporaryDirectory(prefix="handbook-")
    site = Path(_built.name) / "site"
    command = [sys.executable, "-m", "pykala", "docs", "build", "--policies", str(ROOT / "policies"), "-o", str(site)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        _built.cleanup()
        raise pytest.UsageError(f"the handbook cannot be built:\n{done.stdout}{done.stderr}")
    os.environ["HANDBOOK"] = str(site)


def pytest_unconfigure() -> None:
    """Remove the site that was built."""
    if _built is not None:
        _built.cleanup()


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the built handbook."""
    return Path(os.environ["HANDBOOK"]).resolve()


@pytest.fixture(scope="session")
def pages(site: Path) -> list[SitePage]:
    """Return every page of the handbook."""
    return site_pages(site)


@pytest.fixture(scope="session", params=["server", "path", "disk"])
def base(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    """Return the address of the handbook's top folder, in each of the ways that it can be read."""
    if request.param == "disk":
        yield f"{site.as_uri()}/"
        return
    with Server(site, "/" if request.param == "server" else "/some/where/handbook/") as server:
        yield server.url


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """Return the address of a server that has the handbook under a path."""
    with Server(site, "/some/where/handbook/") as started:
        yield started.url


@pytest.fixture(scope="session")
def disk(site: Path) -> str:
    """Return the address of the handbook's top folder on the disk."""
    return f"{site.as_uri()}/"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM)
    yield browser
    browser.close()


class Noises(list[str]):
    """What a page did that no page of the handbook may do: it complained, or asked another host for something."""

    def listen_to(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not self._expected(message):
            self.append(f"{message.text} ({message.location.get('url')})")

    @staticmethod
    def _expected(message: ConsoleMessage) -> bool:
        """A page that is asked for and is not there: a test asks for one."""
        return "404" in message.text and message.location.get("url", "").endswith("/no/such/page/")


@pytest.fixture
def noises() -> Noises:
    return Noises()


@pytest.fixture
def context(browser: Browser, noises: Noises) -> Iterator[BrowserContext]:
    """Return a fresh window, which lets nothing reach another host and hears every complaint."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    context.on("page", noises.listen_to)

    def away(url: str) -> bool:
        return url.startswith(("http:", "https:")) and not url.startswith("http://127.0.0.1:")

    def refuse(route: Route) -> None:
        noises.append(f"asked another host: {route.request.url}")
        route.abort()

    context.route(away, refuse)
    yield context
    context.close()
    assert [] == noises


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Return an empty tab."""
    return context.new_page()
