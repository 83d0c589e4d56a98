"""A real Chromium before a real server that runs the stand-in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Request, expect, sync_playwright

from stata_sessions.settings import Settings
from tests.browser.viewer import Site, Viewer
from tests.doors import BOUND_S
from tests.live.conftest import serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
expect.set_options(timeout=BOUND_S * 1000)


# Not for the whole run: while it lives, nothing else can use asyncio in this thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs chromium (on Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings of the server; a test changes some by ``parametrize(..., indirect=True)``."""
    changes = getattr(request, "param", {})
    given = {"console": "standin", "working_dir": str(tmp_path), "port": 0, "drain_timeout": 2.0}
    return Settings(**(given | changes))


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    with serving(settings) as live:
        yield Site(live.url, live.manager)


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A browser window of its own; it must ask no host but ours, and its script must not fail."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    foreign: list[str] = []
    errors: list[str] = []

    def asked(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(site.url).netloc and request.url[:5] != "blob:":
            foreign.append(request.url)

    context.on("request", asked)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    context.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield context
    context.close()
    assert foreign == []
    # The browser itself notes answers of 401, 410, 422 and the like; these are no faults.
    assert [each for each in errors if not each.startswith("Failed to load resource")] == []


@pytest.fixture
def viewer(context: BrowserContext, site: Site) -> Viewer:
    """Someone who opened the page."""
    page = context.new_page()
    page.goto(site.url)
    return Viewer(page, site)
