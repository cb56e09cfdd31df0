"""Another office that may serve the address is named where programs are chosen."""

import pytest
from django.core.cache import cache
from django.test import Client

from latchstring.people.models import Agency
from latchstring.programs.document import Program

NAMED = "Doña Ana"


@pytest.fixture(autouse=True)
def new_mexico(db, monkeypatch):
    """New Mexico's door with its rent program offered."""
    cache.clear()
    monkeypatch.setattr(Program, "draft", property(lambda self: False))
    names = {"en": "Finance", "es": "Finanzas"}
    Agency.objects.create(slug="nm-dfa", state="NM", names=names, phone="1", brand="nm")


def choosing(county, prefix=""):
    """Return the page of programs for somebody behind on rent in a county."""
    browser = Client()
    browser.post(f"{prefix}/nm/", {"needs": ["behind-on-rent"]})
    session = browser.session
    session["screener"] = session["screener"] | {"facts": {"county": county}}
    session.save()
    return browser.get(f"{prefix}/nm/choose/").content.decode()


def test_a_county_with_its_own_rent_help_is_named_and_nobody_is_refused():
    page = choosing("35013")
    assert NAMED in page
    assert "You can still apply here." in page
    assert 'value="nm-erap"' in page


def test_another_county_is_not_sent_there():
    page = choosing("35049")
    assert NAMED not in page
    assert "your tribe may have its own rent help" in page


def test_the_same_in_spanish():
    page = choosing("35013", "/es")
    assert "El condado de Doña Ana tiene su propia ayuda para la renta." in page
    assert "Aun así puede solicitar aquí." in page
