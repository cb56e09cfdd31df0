"""A second application shows what it took over, with the day, and each answer can be changed."""

import pytest
from django.test import Client

from latchstring.applications import door as applications
from latchstring.applications.tests import conftest as scene
from latchstring.applications.tests.conftest import go_on

ana, household, own_storage = scene.ana, scene.household, scene.own_storage


@pytest.fixture
def second(household, ana):
    """A draft of somebody who has sent an application before."""
    first = applications.begin(household, ana, ["nm-erap"], "en", scene.HEARD)
    go_on(first, ana.actor)
    applications.sign_and_submit(first.id, "Ana Baca", "en", ana.actor)
    return applications.begin(household, ana, ["nm-erap"], "en")


@pytest.mark.parametrize(
    ("door", "told", "right"),
    [
        ("/nm", "You told us on", "All of this is still right"),
        ("/es/nm", "Nos lo dijo el", "Todo esto sigue siendo correcto"),
    ],
)
def test_what_was_told_before_is_shown_with_its_day_and_can_be_changed(
    second, ana, door, told, right
):
    client = Client()
    client.force_login(ana)
    own = f"{door}/applications/{second.reference}"
    page = client.get(f"{own}/before/").content.decode()
    assert told in page and right in page and "12 Mesa Rd" in page
    rent = f"{own}/rent_each_month/?back=before"
    assert rent in page
    form = client.get(rent).content.decode()
    saved_as = form.partition('name="saved_as" value="')[2].partition('"')[0]
    answer = {"rent_each_month": "1,250", "saved_as": saved_as}
    assert client.post(rent, answer).url == f"{own}/before/"
    page = client.get(f"{own}/before/").content.decode()
    assert rent not in page  # told now, for this application
    assert client.post(f"{own}/before/").url != f"{own}/before/"
    assert told in client.get(f"{own}/review/").content.decode()
