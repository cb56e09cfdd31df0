"""The scene with an agreement and consent, and the real stand-in agencies."""

import json
import urllib.request

import pytest

from latchstring.cases.tests import scene as scenes
from latchstring.verification import call
from standins.start import Standin

SNAP = {
    "program": "snap",
    "status": "active",
    "determined_on": "2026-03-01",
    "expires_on": "2027-02-28",
    "household_size": 2,
    "verified_income_under_80_ami": True,
}


class Agency:
    """A running stand-in that a test can disturb."""

    def __init__(self, standin: Standin) -> None:
        self.standin = standin

    def admin(self, path: str, body: dict | None = None, method: str = "POST"):
        """Call an admin address."""
        request = urllib.request.Request(
            f"{self.standin.url}{path}",
            data=json.dumps(body or {}).encode() if method == "POST" else None,
            method=method,
            headers={**self.standin.admin, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def behave(self, **how: object) -> None:
        """Make it go wrong (or well)."""
        self.admin("/admin/behaviour", how)

    def knows(self, **person: object) -> None:
        """Let it know Ana."""
        who = {
            "first_name": "Ana",
            "last_name": "Baca",
            "birth_date": "1988-05-02",
            "ssn": "900123456",
        }
        self.admin("/admin/people", {"people": [who | person]})

    def asked(self) -> dict[str, int]:
        """How often each request key was asked."""
        return self.admin("/admin/requests", method="GET")["counts"]


def _running(kind, folder):
    with Standin(kind, folder) as standin:
        yield Agency(standin)


@pytest.fixture(scope="module")
def tax_process(tmp_path_factory):
    yield from _running("tax", tmp_path_factory.mktemp("tax"))


@pytest.fixture(scope="module")
def human_services_process(tmp_path_factory):
    yield from _running("human_services", tmp_path_factory.mktemp("hs"))


@pytest.fixture
def agencies(tax_process, human_services_process, settings):
    """Both agencies, well behaved, connected."""
    settings.SOURCES = {
        name: {
            "url": agency.standin.url,
            "client": agency.standin.client_id,
            "secret": agency.standin.client_secret,
        }
        for name, agency in (("tax", tax_process), ("human_services", human_services_process))
    }
    tax_process.admin("/admin/behaviour", method="DELETE")
    human_services_process.admin("/admin/behaviour", method="DELETE")
    tax_process.knows(filing_status="single", annual_income="20500.00")
    human_services_process.knows(household_size=2, enrolments=[SNAP])
    call.forget_tokens()
    return {"tax": tax_process, "human_services": human_services_process}


@pytest.fixture
def scene(db, agencies):
    """The scene with agreements and consent."""
    scene = scenes.build()
    scenes.agree(scene, "tax", "human_services")
    return scene
