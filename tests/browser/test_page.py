"""The page itself: its width, its colours, its token, and what it never does."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from stata_sessions.web.pages import FOLDER
from tests.browser.viewer import ASK, Site, Viewer

TOKEN = "correct horse"
TABS = ("Console", "Data", "Graphs", "Results", "History")
WIDE = 'set linesize 250\ndisplay _dup(240) "x"'


def too_wide(page: Page) -> int:
    found = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert isinstance(found, int)
    return found


def test_nothing_is_wider_than_a_telephone(site: Site, viewer: Viewer) -> None:
    site.session("a-rather-long-name-for-a-session", "sysuse auto", WIDE).submit(ASK)
    page = viewer.page
    page.set_viewport_size({"width": 400, "height": 780})
    viewer.take_control()
    assert too_wide(page) <= 0
    viewer.open("a-rather-long-name-for-a-session")
    viewer.sees("xxx")
    expect(page.get_by_label("Answer to Stata")).to_be_visible()
    for tab in TABS:
        page.get_by_role("link", name=tab, exact=True).click()
        expect(page.get_by_role("region", name=tab, exact=True)).to_be_visible()
        assert too_wide(page) <= 0, tab
    page.get_by_role("link", name="Sessions", exact=True).click()
    expect(page.get_by_role("heading", name="Sessions", exact=True)).to_be_visible()
    viewer.press("New session")
    assert too_wide(page) <= 0


def test_tabs_stay_where_they_are_when_one_is_chosen(site: Site, viewer: Viewer) -> None:
    site.session("work")
    places = []
    for tab in TABS:
        viewer.open(tab=tab)
        link = viewer.page.get_by_role("link", name=tab, exact=True)
        expect(link).to_have_attribute("aria-current", "page")
        places.append(viewer.page.get_by_role("link", name="History").bounding_box())
    assert places == [places[0]] * len(TABS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system(viewer: Viewer, scheme: str) -> None:
    page = viewer.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    colour = "getComputedStyle(document.querySelector('.stage')).%s.match(/\\d+/g).map(Number)"
    ground = sum(page.evaluate(colour % "backgroundColor")[:3])
    text = sum(page.evaluate(colour % "color")[:3])
    # Three channels of 0 to 255 each.
    assert (ground < 200 and text > 600) if scheme == "dark" else (ground > 600 and text < 200)


def test_what_stata_prints_stays_text(site: Site, viewer: Viewer) -> None:
    evil = "<img src=x onerror=document.title='taken'>"
    code = f'display "{evil}"\nset obs 1\ngenerate text = "{evil}"'
    site.session("work", code, f'local a "{evil}"')
    for tab in ("Console", "Data", "History"):
        viewer.open(tab=tab)
        expect(viewer.page.get_by_role("region", name=tab, exact=True)).to_contain_text(evil)
    assert viewer.page.locator("main article img").count() == 0
    assert "taken" not in viewer.page.title()


def test_the_browser_itself_forbids_what_we_do_not_do(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    answer = page.goto(site.url)
    outcome = page.evaluate(
        "() => { try { document.body.innerHTML = '<p>'; } catch (error) { return error.name; } }"
    )
    page.close()
    assert outcome == "TypeError"
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("settings", [{"token": TOKEN}], indirect=True)
def test_the_token_is_asked_for_and_kept_by_the_tab(
    context: BrowserContext, site: Site, viewer: Viewer
) -> None:
    site.session("work", 'display "secret"')
    field = viewer.page.get_by_role("textbox", name="Token")
    for given in ("wrong", TOKEN):
        field.fill(given)
        field.press("Enter")
        if given == "wrong":
            expect(viewer.page.get_by_text("did not accept that token")).to_be_visible()
    viewer.open()
    viewer.sees("\nsecret")
    viewer.page.reload()
    viewer.sees("\nsecret")
    expect(field).to_be_hidden()
    other = context.new_page()
    other.goto(site.url)
    expect(other.get_by_role("textbox", name="Token")).to_be_visible()


@pytest.mark.parametrize("settings", [{"multi_session": False}], indirect=True)
def test_without_multi_session_there_is_the_default_session(viewer: Viewer) -> None:
    viewer.open("default")
    viewer.take_control()
    expect(viewer.page.get_by_role("button", name="New session")).to_be_hidden()
    viewer.run("display 6 * 7")
    viewer.sees("\n42\n")


def test_the_page_says_that_the_stand_in_is_not_stata(viewer: Viewer) -> None:
    expect(viewer.page.get_by_text("stand-in console, not Stata")).to_be_visible()


def test_every_file_of_the_page_is_served_and_nothing_else(viewer: Viewer) -> None:
    ask = viewer.page.request
    for file in FOLDER.iterdir():
        answer = ask.get(f"{viewer.site.url}/pages/{file.name}")
        assert answer.body() == file.read_bytes()
    for name in ("absent.js", "..%2Fpages.py", "%2e%2e/pages.py", ""):
        assert ask.get(f"{viewer.site.url}/pages/{name}").status == 404


def test_every_module_is_asked_for_at_once(viewer: Viewer) -> None:
    preloaded = viewer.page.locator("link[rel=modulepreload]").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    modules = {f"/pages/{file.name}" for file in FOLDER.glob("*.js")}
    assert sorted(preloaded) == sorted(modules - {"/pages/app.js"})


def test_a_hidden_page_does_not_ask(context: BrowserContext, site: Site) -> None:
    page = context.new_page()
    page.clock.install()
    page.goto(site.url)
    expect(page.get_by_role("listitem")).to_have_count(1)
    with page.expect_request("**/sessions"):
        page.clock.run_for(3_000)
    viewer = Viewer(page, site)
    viewer.hide()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(60_000)
    assert asked == []
    with page.expect_request("**/sessions"):
        viewer.come_back()
