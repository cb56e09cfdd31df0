"""The sandbox bank, and Pat, who prepares and releases batches."""

import pytest

from latchstring.payments.tests.scene import staff
from latchstring.people.models import Agency
from standins.start import Standin


@pytest.fixture
def bank(tmp_path, settings, db):
    with Standin("bank", tmp_path) as running:
        settings.BANK = settings.BANK | {
            "url": running.url,
            "client": running.client_id,
            "secret": running.client_secret,
        }
        yield running


@pytest.fixture
def pat(db):
    Agency.objects.create(slug="nm-dfa", state="NM", names={"en": "D"}, phone="1", brand="nm")
    return staff("pat", "payments_officer")
