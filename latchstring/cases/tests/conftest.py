"""The scene as a fixture."""

import pytest

from latchstring.cases.tests import scene as scenes


@pytest.fixture
def scene(db):
    """Two agencies, a desk, money, a household."""
    return scenes.build()
