"""The desk's cast on the cases' scene, and a browser for each."""

import pytest
from django.test import Client

from latchstring.cases.tests import scene as scenes
from latchstring.people import door as people


@pytest.fixture
def scene(db, settings):
    """The scene with payments officers and an auditor; no second factor here."""
    settings.SECOND_FACTOR_WAIVED = True
    scene = scenes.build()
    for name, role in (
        ("paula", "payments_officer"),
        ("pete", "payments_officer"),
        ("audrey", "auditor"),
    ):
        account = people.Account.objects.create_user(f"{name}@nm-dfa.example", "correct horse")
        staff = people.hire(account, "nm-dfa", name.title())
        people.grant_role(staff, role, granted_by="system:test")
        scene.staff[name] = account
    return scene


@pytest.fixture
def as_(scene):
    """A signed-in browser: `as_("casey").get(...)`; "ana" is the resident."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(scene.ana if name == "ana" else scene.staff[name])
        return client

    return sign_in


@pytest.fixture
def words():
    """A response's text with its blanks folded, for looking for sentences."""

    def folded(response) -> str:
        return " ".join(response.content.decode().split())

    return folded
