"""Fixtures for every test: the row scope, a database of one's own, and the cast."""

import os
import uuid
from collections.abc import Iterator
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connections
from django.utils import translation
from pytest_django.plugin import blocking_manager_key

from tests import postgres


@pytest.fixture(autouse=True)
def _english() -> None:
    """Every test begins in English, whatever language the one before it left behind."""
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database is there and migrated already; pytest-django must not make its own."""


@pytest.fixture
def own_database() -> Iterator[str]:
    """A database of this test's own, with real commits, for threads and processes. Yields its URL.

    Django's default connection points at it for the length of the test.
    """
    name = f"own_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    url = postgres.clone(name)
    before = connections["default"].settings_dict["NAME"]
    manager = _BLOCKERS[blocking_manager_key]
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = urlsplit(url).path.lstrip("/")
    with manager.unblock(), mock.patch.dict(os.environ, {"DATABASE_URL": url}):
        yield url
        connections.close_all()
        connections["default"].settings_dict["NAME"] = before
    postgres.drop(name)


_BLOCKERS: pytest.Stash


def pytest_configure(config: pytest.Config) -> None:
    """Let tests see every agency's rows until they enter one; keep pytest-django's blocker."""
    global _BLOCKERS
    _BLOCKERS = config.stash
    settings.DATABASES["default"]["OPTIONS"]["options"] += " -c latchstring.agency=*"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
