"""Watching sessions that others use."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Route, expect

from stata_sessions.settings import Settings
from tests.browser.viewer import ASK, Site, Viewer, output
from tests.doors import BOUND_S, eventually
from tests.live.conftest import serving

# A row is 60 characters and its end.
MANY_ROWS = "forvalues i = 1/%d {\ndisplay %%60.0f `i'\n}"


def test_sessions_are_listed_with_what_they_do(site: Site, viewer: Viewer) -> None:
    session = site.session("work")
    row = viewer.page.get_by_role("listitem").filter(has_text="work")
    expect(row).to_contain_text("ready")
    expect(row).to_contain_text("MB")
    session.submit("sleep 60000")
    session.submit("display 2")
    expect(row).to_contain_text("busy")
    expect(row).to_contain_text("running #1 · 1 waiting")
    site.manager.destroy("work")
    expect(row).to_have_count(0)


def test_a_look_at_the_data_is_no_work_of_the_session(site: Site, viewer: Viewer) -> None:
    site.session("work")
    looked = {"state": "busy", "is_busy": True, "running": 0, "memory_bytes": 123_000_000}

    def answer(route: Route) -> None:
        answered = route.fetch()
        body = answered.json()
        body["sessions"][1] |= looked
        route.fulfill(response=answered, json=body)

    viewer.page.route("**/sessions", answer)
    viewer.open()
    viewer.take_control()
    expect(viewer.page.locator("#session-facts")).to_contain_text("123 MB")
    expect(viewer.state).to_have_text("ready")
    expect(viewer.page.get_by_role("button", name="Stop")).to_be_hidden()
    row = viewer.page.get_by_role("listitem").filter(has_text="work")
    expect(row).not_to_contain_text("running")


def test_the_open_session_is_in_sight_in_a_long_list(site: Site, viewer: Viewer) -> None:
    for name in ("first", "second", "third"):
        site.session(name)
    viewer.page.set_viewport_size({"width": 1280, "height": 240})
    viewer.page.goto(f"{site.url}/#/third")
    expect(viewer.page.get_by_role("listitem").filter(has_text="third")).to_be_in_viewport()


def test_the_default_session_starts_with_its_first_command(viewer: Viewer) -> None:
    viewer.open("default", "Data")
    expect(viewer.state).to_have_text("not started")
    expect(viewer.page.locator("#data-place")).to_have_text("Its Stata has not started yet.")
    assert viewer.site.manager.get().view().epoch == 0


def test_output_appears_while_the_command_runs(site: Site, viewer: Viewer) -> None:
    session = site.session("work")
    viewer.open()
    session.submit('display "one"\nsleep 60000\ndisplay "two"')
    viewer.sees("one")
    expect(viewer.state).to_have_text("busy")
    session.stop()
    viewer.sees("--Break--")
    expect(viewer.state).to_have_text("ready")
    expect(viewer.console).not_to_contain_text("\ntwo")


def test_commands_of_others_appear_in_order(site: Site, viewer: Viewer) -> None:
    session = site.session("work")
    viewer.open()
    commands = [session.submit(f"display {number}") for number in range(5)]
    viewer.sees(". display 4\n4")
    assert viewer.shown() == output(*commands)


def test_many_short_commands_are_followed_to_the_last(site: Site, viewer: Viewer) -> None:
    session = site.session("work")
    viewer.open()
    commands = []
    for number in range(300):
        commands.append(session.submit(f"display {number}"))
        if number % 50 == 0:  # some come while others run, some wait in line
            commands[-1].wait(BOUND_S)
    viewer.sees(". display 299\n299")
    assert viewer.shown() == output(*commands)


def test_a_failure_is_marked_with_its_return_code(site: Site, viewer: Viewer) -> None:
    site.session("work", "display 1", "display nothing")
    viewer.open()
    expect(viewer.page.locator(".block")).to_have_count(2)
    expect(viewer.page.locator(".block[data-state=failed]")).to_contain_text("#2 · r(111)")


def test_a_reload_goes_on_without_loss(site: Site, viewer: Viewer) -> None:
    session = site.session("work", "display 1")
    viewer.open()
    asking = session.submit(ASK)
    expect(viewer.state).to_have_text("needs input")
    viewer.page.reload()
    viewer.sees("before")
    session.send_input("end")
    viewer.sees("\nafter")
    assert asking.wait(BOUND_S)
    assert viewer.shown() == output(session.command(1), asking)


def test_a_stream_that_was_cut_is_taken_up_where_it_ended(site: Site, viewer: Viewer) -> None:
    session = site.session("work")
    came_back_from: list[str] = []

    def cut_the_first(route: Route) -> None:
        if came_back_from:
            came_back_from.append(route.request.headers["last-event-id"])
            route.continue_()
            return
        came_back_from.append("")
        # Only the first row of the echo, and no end.
        rows = f"id: 9\nevent: output\ndata: {json.dumps({'text': '. display'})}\n\n"
        route.fulfill(body=rows, content_type="text/event-stream")

    viewer.page.route("**/stream", cut_the_first)
    viewer.open()
    command = session.submit("display 40 + 2")
    viewer.sees("\n42\n")
    assert came_back_from == ["", "9"]
    assert viewer.shown() == output(command)


def test_a_hidden_page_lets_go_of_its_stream_and_misses_nothing(site: Site, viewer: Viewer) -> None:
    session = site.session("work")
    viewer.open()
    asking = session.submit(ASK)
    viewer.sees("before")
    expect(viewer.state).to_have_text("needs input")
    with viewer.page.expect_event("requestfailed", lambda request: "stream" in request.url):
        viewer.hide()
    session.send_input("end")
    assert asking.wait(BOUND_S)
    expect(viewer.console).not_to_contain_text("\nafter")
    viewer.come_back()
    viewer.sees("\nafter")
    assert viewer.shown() == output(asking)


def test_earlier_output_comes_page_by_page(site: Site, viewer: Viewer) -> None:
    session = site.session("work", "display 1", "display 2", MANY_ROWS % 2000)
    everything = output(*(session.command(number) for number in (1, 2, 3)))
    viewer.open()
    viewer.sees("  2000\n")
    earlier = viewer.page.get_by_role("button", name="Earlier output")
    for _ in range(10):
        shown = viewer.shown()
        assert everything.endswith(shown)
        if earlier.is_hidden():
            break
        earlier.click()
        expect(viewer.console).not_to_have_text(shown)
        expect(viewer.page.locator("#earlier")).to_be_enabled()
    assert viewer.shown() == everything


def test_the_page_keeps_a_bounded_part_of_a_flood(site: Site, viewer: Viewer) -> None:
    session = site.session("work")
    viewer.open()
    flood = session.submit(MANY_ROWS % 15_000)
    assert flood.wait(60)
    viewer.sees(" 15000\n")
    shown = viewer.shown()
    assert flood.output().endswith(shown)
    assert 300_000 < len(shown) < 700_000 < len(flood.output())
    expect(viewer.page.get_by_role("button", name="Earlier output")).to_be_visible()


def test_the_viewers_place_stays_while_output_comes(site: Site, viewer: Viewer) -> None:
    session = site.session("work", MANY_ROWS % 200)
    viewer.open()
    viewer.sees("  200\n")
    newest = viewer.page.get_by_role("button", name="Newest output")
    expect(newest).to_be_hidden()
    viewer.console.focus()
    viewer.console.press("Home")
    expect(newest).to_be_visible()
    session.submit('display "news"')
    viewer.sees("\nnews")
    assert viewer.console.evaluate("log => log.scrollTop") == 0
    newest.click()
    eventually(lambda: viewer.console.evaluate("log => log.scrollTop") > 1000)
    expect(newest).to_be_hidden()


def test_an_ended_session_says_so_and_keeps_its_text(site: Site, viewer: Viewer) -> None:
    site.session("work", 'display "kept"')
    viewer.open()
    viewer.sees("\nkept")
    site.manager.destroy("work", "no longer needed")
    expect(viewer.page.locator("#banner")).to_contain_text("no longer needed")
    expect(viewer.state).to_have_text("gone")
    viewer.take_control()
    for button in ("Restart", "Close", "Run"):
        expect(viewer.page.get_by_role("button", name=button, exact=True)).to_be_hidden()
    viewer.sees("\nkept")


def test_an_address_of_no_session_says_so(site: Site, viewer: Viewer) -> None:
    viewer.page.goto(f"{site.url}/#/nowhere")
    expect(viewer.page.get_by_role("alert").filter(has_text="nowhere")).to_be_visible()


def test_another_server_at_the_same_address_is_taken_up(
    browser: Browser, settings: Settings
) -> None:
    page = browser.new_page()
    with serving(settings) as first:
        assert first.manager.get().submit('display "first"').wait(BOUND_S)
        page.goto(f"{first.url}/#/default")
        viewer = Viewer(page, Site(first.url, first.manager))
        viewer.sees("\nfirst")
        port = urlsplit(first.url).port
        assert port is not None
    expect(page.locator("#connection")).to_contain_text("Trying again")
    viewer.sees("\nfirst")
    with serving(replace(settings, port=port)) as second:
        assert second.manager.get().submit('display "second"').wait(BOUND_S)
        viewer.sees("\nsecond")
        expect(viewer.console).not_to_contain_text("first")
        expect(page.locator("#connection")).to_have_text("")
        page.close()


def test_a_lost_connection_is_told_and_taken_up_again(
    context: BrowserContext, site: Site, viewer: Viewer
) -> None:
    site.session("work")
    viewer.open()
    connection = viewer.page.locator("#connection")
    context.set_offline(True)
    expect(connection).to_have_text("The server does not answer. Trying again…")
    context.set_offline(False)
    expect(connection).to_have_text("")
