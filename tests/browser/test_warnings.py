"""What is wrong with a session although it works is shown, and so is why none can be opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from stata_sessions.settings import Settings
from tests.browser.viewer import Site, Viewer
from tests.doors import light_console, light_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Run a console that is not MP, and one at once besides the default session."""
    console = str(light_console(tmp_path, "processors=0"))
    return light_settings(tmp_path, stata_path=console, processors=4, licence_seats=1)


def test_a_warning_is_shown_above_the_session(site: Site, viewer: Viewer) -> None:
    site.session("work")
    viewer.open()
    expect(viewer.page.locator("#banner")).to_contain_text("'set processors 4' was refused")
    expect(viewer.state).to_have_text("ready")


def test_a_viewer_is_told_why_no_session_can_be_opened(site: Site, viewer: Viewer) -> None:
    site.session("work")
    viewer.take_control()
    viewer.press("New session")
    viewer.answer("Open session")
    expect(viewer.page.get_by_role("dialog")).to_contain_text("all licence seats of this server")
