"""The server that is killed, the stand-ins (started once), and a way at any stage."""

from types import SimpleNamespace

import pytest
from django.db import connections
from pytest_django.plugin import blocking_manager_key

from standins.start import Standin
from tests.faults import killing, whole_way


@pytest.fixture(scope="session")
def standins(tmp_path_factory):
    folder = tmp_path_factory.mktemp("standins")
    with (
        Standin("bank", folder / "bank") as bank,
        Standin("tax", folder / "tax", 7) as tax,
        Standin("mail", folder / "mail") as mail,
    ):
        yield SimpleNamespace(bank=bank, tax=tax, mail=mail)


@pytest.fixture(scope="session")
def storage(tmp_path_factory):
    return tmp_path_factory.mktemp("storage")


@pytest.fixture
def connected(standins, storage, settings):
    """The product told of the stand-ins, whose books are empty."""
    bank, tax, mail = standins.bank, standins.tax, standins.mail
    settings.STORAGE = storage
    settings.BANK = settings.BANK | _place(bank)
    settings.SOURCES = {"tax": _place(tax), "human_services": {"url": ""}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, port = mail.smtp.removeprefix("smtp://").split(":")
    settings.EMAIL_PORT = int(port)
    whole_way.forget(bank, mail.data)
    return standins


def _place(standin):
    return {"url": standin.url, "client": standin.client_id, "secret": standin.client_secret}


@pytest.fixture(scope="session")
def server(request):
    with request.config.stash[blocking_manager_key].unblock(), killing.server() as running:
        yield running


@pytest.fixture(scope="session")
def stages(server):
    return whole_way.Stages(server)


@pytest.fixture
def unblocked(request, server, connected):
    """Django may speak to the server of these tests, for the length of one."""
    before = dict(connections["default"].settings_dict)
    with request.config.stash[blocking_manager_key].unblock():
        yield server
        connections.close_all()
    connections["default"].settings_dict.update(before)
