"""Sessions on other machines: the page tells where they are, or what they wait for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.viewer import Site, Viewer
from tests.launching.sharing import shared_folder
from tests.live.conftest import serving
from tests.slurm.conftest import Cluster, running_cluster
from tests.slurm.elsewhere import slurm_settings


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        yield running


@pytest.fixture
def shared() -> Iterator[Path]:
    with shared_folder() as folder:
        yield folder


@pytest.fixture
def site(cluster: Cluster, shared: Path) -> Iterator[Site]:
    # Each session wants all the seats that there are.
    with serving(slurm_settings(shared, slurm_licences="stata:3"), cluster.environ) as live:
        yield Site(live.url, live.manager)


def test_a_place_and_the_wait_for_one_are_shown(site: Site, viewer: Viewer) -> None:
    place = site.session("seated", "display 1").view().place
    assert place
    waiting = site.manager.create("waiting")
    viewer.open("seated")
    facts = viewer.page.locator("#session-facts")
    expect(facts).to_contain_text(f"{place.node}, job {place.job}")
    row = viewer.page.get_by_role("navigation", name="Sessions").get_by_text("queued: Licenses")
    expect(row).to_be_visible()
    viewer.open("waiting")
    expect(facts).to_contain_text("queued: Licenses")
    viewer.take_control()
    viewer.run("display 6 * 7")
    site.manager.destroy("seated")
    viewer.sees("42")
    expect(facts).not_to_contain_text("queued")
    assert waiting.view().commands == 1
