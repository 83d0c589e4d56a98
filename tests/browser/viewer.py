"""What a person does with the page, and the server that the page shows."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from stata_sessions.sessions import Command, Manager, Session
from tests.doors import BOUND_S

# Prints a row, and waits for an answer: a command that goes on when the test says so.
ASK = 'display "before" \npause on\npause\ndisplay "after"'


@dataclass(frozen=True)
class Site:
    """A running server, seen from outside and from inside."""

    url: str
    manager: Manager

    def session(self, name: str = "work", *codes: str) -> Session:
        """Open a session, and run code in it to the end."""
        session = self.manager.create(name)
        for code in codes:
            assert session.submit(code).wait(BOUND_S)
        return session


@dataclass(frozen=True)
class Viewer:
    """Someone in front of the page."""

    page: Page
    site: Site

    def open(self, session: str = "work", tab: str = "Console") -> None:
        """Choose a session from the list, and one of its views."""
        self.page.get_by_role("navigation", name="Sessions").get_by_text(session).click()
        self.page.get_by_role("link", name=tab, exact=True).click()

    def take_control(self) -> None:
        self.page.get_by_role("switch", name="Control").check()

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def answer(self, button: str) -> None:
        """Press a button of the dialog that is open."""
        self.page.get_by_role("dialog").get_by_role("button", name=button).click()

    def run(self, code: str) -> None:
        box = self.page.get_by_label("Code to run")
        box.fill(code)
        box.press("Control+Enter")

    def hide(self) -> None:
        """Turn to another tab; a browser without a screen has to be told so."""
        hidden = "{configurable: true, get: () => true}"
        self.page.evaluate(f"Object.defineProperty(document, 'hidden', {hidden})")
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def come_back(self) -> None:
        self.page.evaluate("delete document.hidden")
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    @property
    def console(self) -> Locator:
        return self.page.get_by_role("log", name="Output")

    @property
    def state(self) -> Locator:
        return self.page.locator("#session-state")

    def shown(self) -> str:
        """Return all of the console's text that is on the page."""
        return "".join(self.console.locator("pre").all_text_contents())

    def sees(self, text: str) -> None:
        expect(self.console).to_contain_text(text)


def output(*commands: Command) -> str:
    """Return what commands printed, as the server keeps it."""
    return "".join(each.output() for each in commands)
