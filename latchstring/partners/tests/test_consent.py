"""Nobody's data is asked for without an agreement in force and the household's consent."""

from datetime import date, timedelta

import pytest

from latchstring.audit import door as audit
from latchstring.cases.tests import scene as scenes
from latchstring.kernel import clock
from latchstring.partners import door as partners


@pytest.fixture
def scene(db):
    scene = scenes.build()
    scenes.agree(scene, "tax", consent=False)
    return scene


def give(scene, version="v1"):
    return partners.give_consent(
        scene.household.id,
        "tax",
        agency="nm-dfa",
        text_version=version,
        language="es",
        actor=scene.ana.actor,
    )


def test_an_agreement_holds_from_its_day_to_its_day(scene):
    partners.sign_agreement(
        "nm-dfa",
        "human_services",
        purpose="p",
        legal_basis="l",
        fields=[],
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 6, 30),
    )
    days = {date(2025, 12, 31): False, date(2026, 1, 1): True, date(2026, 7, 1): False}
    found = {d: bool(partners.agreement_for("nm-dfa", "human_services", d)) for d in days}
    assert found == days
    assert partners.agreement_for("wy-dfs", "tax", clock.today()) is None


def test_consent_is_kept_with_its_text_and_language_and_once(scene):
    first = give(scene)
    assert give(scene).id == first.id and (first.text_version, first.language) == ("v1", "es")
    assert give(scene, "v2").id != first.id


def test_consent_can_be_taken_back_and_stays_in_the_history(scene):
    give(scene)
    clock.turn(timedelta(days=1))
    assert partners.withdraw_consent(scene.household.id, "tax", scene.ana.actor) == 1
    assert partners.withdraw_consent(scene.household.id, "tax", scene.ana.actor) == 0
    assert partners.consent_for(scene.household.id, "tax") is None
    (kept,) = partners.consents_of(scene.household.id)
    assert kept.withdrawn_at > kept.given_at
    acts = [entry.action for entry in audit.of_object("consent", kept.id)]
    assert acts == ["consent.given", "consent.withdrawn"]
