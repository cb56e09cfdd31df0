"""The scene as a fixture."""

import pytest

from latchstring.cases.tests import scene as scenes
from latchstring.cases.tests import wyoming as winter


@pytest.fixture
def scene(db):
    """Two agencies, a desk, money, a household."""
    return scenes.build()


@pytest.fixture
def wyoming(db):
    """Wyoming: a household short of heat and food, a desk, energy money."""
    return winter.Scene()
