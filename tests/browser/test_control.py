"""Taking control: running code, stopping it, answering Stata, and whole sessions."""

from __future__ import annotations

import os
import re
import signal

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from stata_sessions.states import CommandState
from tests.browser.viewer import ASK, Site, Viewer
from tests.doors import eventually

CONTROLS = ("New session", "Run", "Stop", "Restart", "Close", "Send")


def test_a_viewer_only_watches_until_control_is_on(site: Site, viewer: Viewer) -> None:
    site.session("work").submit(ASK)
    viewer.open()
    expect(viewer.page.locator("#watching-input")).to_contain_text("pause is waiting")
    shown = [
        name
        for name in CONTROLS
        if viewer.page.get_by_role("button", name=name, exact=True).is_visible()
    ]
    assert shown == []
    expect(viewer.page.get_by_label("Code to run")).to_be_hidden()
    viewer.take_control()
    for name in CONTROLS:
        expect(viewer.page.get_by_role("button", name=name, exact=True)).to_be_visible()


def test_control_is_remembered_by_this_tab_alone(
    context: BrowserContext, site: Site, viewer: Viewer
) -> None:
    viewer.take_control()
    viewer.page.reload()
    expect(viewer.page.get_by_role("switch", name="Control")).to_be_checked()
    other = context.new_page()
    other.goto(site.url)
    expect(other.get_by_role("switch", name="Control")).not_to_be_checked()


def test_code_runs_by_button_and_by_key(site: Site, viewer: Viewer) -> None:
    site.session("work")
    viewer.open()
    viewer.take_control()
    viewer.run("display 6 * 7")
    viewer.sees("\n42\n")
    box = viewer.page.get_by_label("Code to run")
    expect(box).to_have_value("")
    box.fill("display 6 * 8")
    viewer.press("Run")
    viewer.sees("\n48\n")


@pytest.mark.parametrize(
    ("field", "key"), [("Code to run", "Control+Enter"), ("Answer to Stata", "Enter")]
)
def test_an_impatient_viewer_sends_but_once(
    site: Site, viewer: Viewer, field: str, key: str
) -> None:
    site.session("work").submit(ASK)
    viewer.open()
    viewer.take_control()
    box = viewer.page.get_by_label(field)
    box.fill("end")
    # A server that takes its time.
    viewer.page.evaluate(
        "() => { window.sent = []; const real = fetch; window.fetch = (url, given) => "
        "given?.method === 'POST' ? new Promise(() => sent.push(url)) : real(url, given); }"
    )
    for _ in range(3):
        box.press(key)
    assert len(viewer.page.evaluate("sent")) == 1


def test_earlier_code_comes_back(site: Site, viewer: Viewer) -> None:
    site.session("work", "display 1", "display 2")
    viewer.open()
    viewer.sees("\n2\n")
    viewer.take_control()
    box = viewer.page.get_by_label("Code to run")
    for key, code in [
        ("Up", "display 2"),
        ("Up", "display 1"),
        ("Down", "display 2"),
        ("Down", ""),
    ]:
        box.press(f"Arrow{key}")
        expect(box).to_have_value(code)
    box.fill("mine")
    box.press("ArrowUp")
    expect(box).to_have_value("mine")


def test_unsent_code_survives_a_reload(site: Site, viewer: Viewer) -> None:
    site.session("work")
    viewer.open()
    viewer.take_control()
    viewer.page.get_by_label("Code to run").fill("display 1")
    viewer.page.reload()
    expect(viewer.page.get_by_label("Code to run")).to_have_value("display 1")


def test_stop_breaks_the_command(site: Site, viewer: Viewer) -> None:
    session = site.session("work")
    viewer.open()
    viewer.take_control()
    viewer.run('display "on"\nsleep 60000')
    viewer.sees("\non\n")
    viewer.press("Stop")
    viewer.sees("--Break--")
    expect(viewer.state).to_have_text("ready")
    # The button has gone, and whoever works by keyboard is not lost with it.
    expect(viewer.page.get_by_label("Code to run")).to_be_focused()
    assert session.command(1).view().state is CommandState.BROKEN
    expect(viewer.page.locator(".block")).to_contain_text("broken: stopped")


def test_input_is_asked_for_and_sent(site: Site, viewer: Viewer) -> None:
    site.session("work")
    viewer.open()
    viewer.take_control()
    viewer.run(ASK)
    answer = viewer.page.get_by_label("Answer to Stata")
    expect(viewer.page.locator("#input-hint")).to_contain_text("pause is waiting")
    expect(answer).to_be_focused()
    answer.fill("end")
    answer.press("Enter")
    viewer.sees("\nafter")
    expect(answer).to_be_hidden()
    expect(viewer.page.get_by_label("Code to run")).to_be_focused()


def test_a_question_does_not_wait_for_the_next_look(context: BrowserContext, site: Site) -> None:
    site.session("work")
    page = context.new_page()
    # The two seconds between looks never pass: only the stream can tell.
    page.add_init_script(
        "const real = setTimeout; setTimeout = (work, ms) => ms === 2000 ? 0 : real(work, ms);"
    )
    page.goto(f"{site.url}/#/work")
    viewer = Viewer(page, site)
    viewer.take_control()
    viewer.run(ASK)
    expect(page.locator("#input-hint")).to_contain_text("pause is waiting")


def test_a_waiting_command_can_be_cancelled(site: Site, viewer: Viewer) -> None:
    session = site.session("work")
    session.submit("sleep 60000")
    waiting = session.submit("display 2")
    viewer.open()
    viewer.take_control()
    queue = viewer.page.get_by_role("list", name="Waiting commands")
    expect(queue).to_contain_text("#2 waits display 2")
    viewer.press("Cancel #2")
    expect(queue).to_be_hidden()
    assert waiting.view().state is CommandState.CANCELLED


def test_restart_brings_a_new_stata(site: Site, viewer: Viewer) -> None:
    session = site.session("work", "scalar x = 1")
    viewer.open()
    viewer.take_control()
    viewer.press("Restart")
    viewer.answer("Cancel")
    viewer.press("Restart")
    viewer.answer("Restart")
    eventually(lambda: session.view().epoch == 2)
    viewer.run("display x")
    viewer.sees("x not found")
    expect(viewer.page.get_by_text("A new Stata from here on")).to_be_visible()
    assert session.view().epoch == 2


def test_a_lost_session_says_why_and_can_be_restarted(site: Site, viewer: Viewer) -> None:
    session = site.session("work", 'display "kept"')
    viewer.open()
    viewer.take_control()
    viewer.sees("\nkept")
    process = session.view().pid
    assert process is not None
    os.kill(process, signal.SIGKILL)
    expect(viewer.page.locator("#banner")).to_contain_text("This session is lost: ")
    expect(viewer.page.locator("#banner")).to_contain_text("Restart gives it a new Stata.")
    expect(viewer.page.get_by_role("button", name="Run")).to_be_hidden()
    viewer.press("Restart")
    viewer.answer("Restart")
    viewer.run("display 6 * 7")
    viewer.sees("\n42\n")
    viewer.sees("\nkept")
    expect(viewer.page.locator("#banner")).to_be_hidden()


def test_a_session_is_opened_and_closed(site: Site, viewer: Viewer) -> None:
    viewer.take_control()
    viewer.press("New session")
    viewer.page.get_by_label("Name").fill("not a name")
    viewer.answer("Open session")
    expect(viewer.page.get_by_role("dialog")).to_be_visible()
    viewer.page.get_by_label("Name").fill("mine")
    viewer.answer("Open session")
    expect(viewer.page.get_by_role("heading", name="mine")).to_be_visible()
    expect(viewer.page.get_by_text("Nothing has run in this session yet")).to_be_visible()
    expect(viewer.page.get_by_label("Code to run")).to_be_focused()
    viewer.run("display 1")
    viewer.sees("\n1\n")
    viewer.press("Close")
    viewer.answer("Close session")
    expect(viewer.page.get_by_role("heading", name="Choose a session")).to_be_visible()
    expect(viewer.page.get_by_role("listitem").filter(has_text="mine")).to_have_count(0)
    assert [each.name for each in site.manager.sessions()] == ["default"]


def test_what_the_server_refuses_can_be_mended_where_it_was_asked(
    site: Site, viewer: Viewer
) -> None:
    site.session("work")
    viewer.take_control()
    viewer.press("New session")
    name, folder = viewer.page.get_by_label("Name"), viewer.page.get_by_label("Folder")
    name.fill("mine")
    folder.fill("/nowhere")
    viewer.answer("Open session")
    expect(viewer.page.get_by_role("dialog")).to_contain_text("/nowhere")
    expect(name).to_have_value("mine")
    folder.fill("")
    viewer.answer("Open session")
    expect(viewer.page.get_by_role("heading", name="mine")).to_be_visible()


def test_a_notice_goes_when_it_is_pressed(site: Site, viewer: Viewer) -> None:
    site.session("work")
    viewer.open()
    viewer.take_control()
    site.manager.destroy("work", "no longer needed")
    viewer.run("display 1")
    notice = viewer.page.locator("#notice")
    expect(notice).to_contain_text("no longer needed")
    notice.click()
    expect(notice).to_be_hidden()


def test_the_default_session_cannot_be_closed(viewer: Viewer) -> None:
    viewer.open("default")
    viewer.take_control()
    expect(viewer.page.get_by_role("button", name="Restart")).to_be_visible()
    expect(viewer.page.get_by_role("button", name="Close")).to_be_hidden()


def tab_to(viewer: Viewer, wanted: Locator) -> None:
    """Press Tab until the element has the focus, and see that its focus is visible."""
    for _ in range(40):
        viewer.page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            mark = "element.matches('[role=switch]') ? element.nextElementSibling : element"
            outline = wanted.evaluate(f"element => getComputedStyle({mark}).outlineStyle")
            assert outline == "solid"
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def test_all_of_it_goes_by_keyboard(viewer: Viewer) -> None:
    page, keyboard = viewer.page, viewer.page.keyboard
    tab_to(viewer, page.get_by_role("link", name="Skip to the session"))
    tab_to(viewer, page.get_by_role("switch", name="Control"))
    keyboard.press("Space")
    tab_to(viewer, page.get_by_role("button", name="New session"))
    keyboard.press("Enter")
    keyboard.type("keys")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="keys")).to_be_visible()
    tab_to(viewer, page.get_by_label("Code to run"))
    keyboard.type("display 6 * 7")
    keyboard.press("Control+Enter")
    viewer.sees("\n42\n")
    expect(page.get_by_label("Code to run")).to_be_focused()
    keyboard.press("Shift+Tab")
    expect(viewer.console).to_be_focused()
    tab_to(viewer, page.get_by_role("link", name="Skip to the session"))
    keyboard.press("Enter")
    expect(page.locator("#stage")).to_be_focused()
    expect(page).to_have_url(re.compile("#/keys"))
    tab_to(viewer, page.get_by_role("link", name="History"))
    keyboard.press("Enter")
    expect(page.get_by_role("region", name="Commands")).to_contain_text("display 6 * 7")
    tab_to(viewer, page.get_by_role("button", name="Close"))
    keyboard.press("Enter")
    keyboard.press("Escape")
    expect(page.get_by_role("heading", name="keys")).to_be_visible()
