"""The application over real sessions, without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings
from stata_sessions.web.app import create_app
from tests.doors import ENVIRON, ClientWith, light_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return light_settings(tmp_path)


@pytest.fixture
def manager(settings: Settings) -> Iterator[Manager]:
    manager = Manager(settings, ENVIRON)
    yield manager
    manager.shutdown()


@pytest.fixture
def app(settings: Settings, manager: Manager) -> Flask:
    return create_app(settings, manager)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def client_with(tmp_path: Path) -> Iterator[ClientWith]:
    """Make clients of applications with settings of one's own."""
    with ExitStack() as stack:

        def make(**changes: Any) -> FlaskClient:
            settings = light_settings(tmp_path, **changes)
            manager = Manager(settings, ENVIRON)
            stack.callback(manager.shutdown)
            return create_app(settings, manager).test_client()

        yield make
