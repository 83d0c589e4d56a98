"""Data, graphs, results and history of a session."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.viewer import Site, Viewer


def test_data_is_a_table_with_pages_and_a_filter(site: Site, viewer: Viewer) -> None:
    site.session("work", "sysuse auto")
    viewer.open(tab="Data")
    table = viewer.page.get_by_role("region", name="Rows of the data")
    place = viewer.page.locator("#data-place")
    expect(place).to_have_text("Rows 1 to 50 of 74")
    expect(table.get_by_role("columnheader").nth(1)).to_have_text("makestr18")
    first = table.get_by_role("row").nth(1).get_by_role("cell")
    assert first.all_text_contents()[:4] == ["AMC Concord", "4099", "22", "3"]
    assert first.last.text_content() == "Domestic"
    viewer.press("Next")
    expect(place).to_have_text("Rows 51 to 74 of 74")
    expect(viewer.page.get_by_role("button", name="Next")).to_be_disabled()
    viewer.page.get_by_label("Only rows if").fill("mpg > 40 & foreign")
    viewer.press("Show")
    expect(place).to_have_text("Rows 1 to 1 of 1 matching")
    row = table.get_by_role("row").nth(1)
    expect(row.get_by_role("rowheader")).to_have_text("71")
    expect(row).to_contain_text("VW Diesel")


def test_very_wide_data_are_shown_in_part(site: Site, viewer: Viewer) -> None:
    code = "set obs 2\nforvalues i = 1/210 {\ngenerate byte v`i' = `i'\n}"
    site.session("work", code, 'generate text = "' + 500 * "x" + '"', "order text")
    viewer.open(tab="Data")
    place = viewer.page.locator("#data-place")
    expect(place).to_have_text("Rows 1 to 2 of 2, the first 200 of 211 variables")
    table = viewer.page.get_by_role("region", name="Rows of the data")
    expect(table.get_by_role("columnheader")).to_have_count(201)
    expect(table.get_by_role("cell").first).to_have_text(300 * "x" + "…")


def test_a_condition_that_stata_refuses_says_why(site: Site, viewer: Viewer) -> None:
    site.session("work", "sysuse auto")
    viewer.open(tab="Data")
    viewer.page.get_by_label("Only rows if").fill("nowhere > 1")
    viewer.press("Show")
    expect(viewer.page.locator("#data-failure")).to_contain_text("nowhere not found")


def test_views_tell_when_they_are_out_of_date(site: Site, viewer: Viewer) -> None:
    session = site.session("work", "sysuse auto")
    viewer.open(tab="Data")
    place = viewer.page.locator("#data-place")
    expect(place).to_have_text("Rows 1 to 50 of 74")
    session.submit("keep in 1/5")
    expect(place).to_have_text("The session has run code since.")
    viewer.press("Show")
    expect(place).to_have_text("Rows 1 to 5 of 5")


def test_graphs_are_pictures(site: Site, viewer: Viewer) -> None:
    site.session("work", "sysuse auto", "scatter price mpg, name(cars)")
    viewer.open(tab="Graphs")
    picture = viewer.page.get_by_role("img", name="Graph cars")
    expect(picture).to_be_visible()
    viewer.page.wait_for_function("document.querySelector('figure img').naturalWidth > 100")
    with viewer.page.expect_download() as download:
        viewer.page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "cars.png"


def test_results_are_shown_as_values_and_matrices(site: Site, viewer: Viewer) -> None:
    site.session("work", "sysuse auto", "regress price mpg", "summarize mpg")
    viewer.open(tab="Results")
    results = viewer.page.locator("#results")
    expect(results.get_by_role("row", name="r(N) 74")).to_be_visible()
    expect(results.get_by_role("row", name="e(depvar) price")).to_be_visible()
    matrix = results.get_by_role("region", name="e(V)")
    expect(matrix.get_by_role("columnheader")).to_have_text(["mpg", "_cons"])


def test_history_has_outcomes_and_becomes_a_do_file(site: Site, viewer: Viewer) -> None:
    site.session("work", "display 1", "foreach x in 1 2 {\ndisplay nothing\n}")
    viewer.open(tab="History")
    rows = viewer.page.get_by_role("region", name="Commands").get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("r(111)")
    expect(rows.nth(1)).to_contain_text("3 lines")
    expect(rows.nth(2)).to_contain_text("display 1")
    with viewer.page.expect_download() as download:
        viewer.press("Download do-file")
    assert download.value.suggested_filename == "work.do"
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    asked = viewer.page.request.get(f"{site.url}/sessions/work/history?format=do")
    assert saved == asked.text()
    assert "display nothing" in saved
