"""The small world of paid_world.py, and planting rows in it as the owner of the database."""

import os
import uuid
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections, transaction
from django.test import override_settings

import conftest
from latchstring.kernel import scope
from latchstring.tests import paid_world
from tests import postgres


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The world in a database of this module's own."""
    name = f"proof_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    url = postgres.clone(name)
    before = connections["default"].settings_dict["NAME"]
    blocker = conftest._BLOCKERS[conftest.blocking_manager_key]
    nobody = {"url": "", "client": "", "secret": ""}
    bank = conftest.settings.BANK | nobody
    with (
        blocker.unblock(),
        mock.patch.dict(os.environ, {"DATABASE_URL": url}),
        override_settings(
            STORAGE=tmp_path_factory.mktemp("papers"),
            BANK=bank,
            SOURCES={"tax": nobody, "human_services": nobody},
        ),
    ):
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = urlsplit(url).path.lstrip("/")
        scope.enter(scope.EVERY_AGENCY)
        yield paid_world.build()
        connections.close_all()
        connections["default"].settings_dict["NAME"] = before
    postgres.drop(name)


@pytest.fixture
def planted(world):
    """Run statements as the owner without triggers, and take everything back afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")
            cursor.execute("SET LOCAL session_replication_role = replica")

        def plant(*statements):
            with connection.cursor() as cursor:
                names = {f"case_{key}": case.id for key, case in world.cases.items()}
                for statement in statements:
                    cursor.execute(statement, names | {"batch": world.batch.id})
                    assert cursor.rowcount != 0 or "ALTER" in statement or "DROP" in statement

        yield plant
        transaction.set_rollback(True)
