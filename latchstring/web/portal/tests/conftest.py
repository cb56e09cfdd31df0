"""Ana of Wyoming, with an account and a browser."""

import pytest
from django.test import Client

from latchstring.people import door as people
from latchstring.people.models import Agency


@pytest.fixture
def ana(db, settings, tmp_path):
    """Her account."""
    settings.STORAGE = tmp_path
    names = {"en": "DFS", "es": "DFS"}
    Agency.objects.create(slug="wy-dfs", state="WY", names=names, phone="1", brand="wy")
    return people.Account.objects.create_user("ana@example.test", "correct horse battery")


@pytest.fixture
def browser(ana):
    """Her browser, signed in."""
    browser = Client()
    browser.force_login(ana)
    return browser
