"""A read that is composed once finds what the ORM finds, whoever asks and however often."""

import uuid
from datetime import date
from types import SimpleNamespace

import pytest
from django.db.transaction import TransactionManagementError

from latchstring.kernel import find as finding
from latchstring.kernel.find import find, put_beside
from latchstring.people import door as people
from latchstring.people.models import Agency, Household, Membership

ANA = {"first_name": "Ana", "last_name": "Baca", "birth_date": "1988-05-02"}


@pytest.fixture
def households(db):
    agency = Agency.objects.create(
        slug="nm-dfa", state="NM", names={"en": "DFA", "es": "DFA"}, phone="1", brand="nm"
    )
    account = people.Account.objects.create_user("ana@example.test", "correct horse battery")
    return [people.make_household(agency.slug, account, identity=ANA) for _ in range(2)]


def of_household(household_id, day):
    rows = Membership.objects.filter(household=household_id, valid_from__lte=day)
    return rows.select_related("household__agency").order_by("id")


def by_id(household_id):
    return Household.objects.filter(id=household_id)


def held(household_id):
    return Household.objects.select_for_update().filter(id=household_id)


def test_each_value_finds_its_own_rows_as_the_orm_does(households):
    day = date(2999, 1, 1)
    for household in households:
        [row] = find(of_household, household.id, day)
        [plain] = of_household(household.id, day)
        assert row == plain and vars(row).keys() == vars(plain).keys()
        assert row.household == household and row.household.agency.names["es"] == "DFA"
    assert find(of_household, households[0].id, date(1999, 1, 1)) == []


def test_what_was_found_is_beside_and_saved_as_any_row(households, django_assert_num_queries):
    with django_assert_num_queries(1):
        [row] = find(of_household, households[0].id, date(2999, 1, 1))
        assert row.household.agency.phone == "1"
    row.role = "other"
    row.save(update_fields=["role"])
    assert Membership.objects.get(id=row.id).role == "other"


def test_a_query_is_composed_once(households):
    composed = []

    def noted(household_id):
        composed.append(household_id)
        return by_id(household_id)

    assert [find(noted, one.id) for one in households] == [[one] for one in households]
    assert len(composed) == 1


def test_a_value_that_would_change_the_query_is_refused(households):
    with pytest.raises(TypeError, match="cannot be asked with"):
        find(by_id, None)
    with pytest.raises(TypeError, match="does not use each value"):
        find(lambda _: Household.objects.all(), uuid.uuid4())


def test_rows_are_held_only_in_a_transaction(households, monkeypatch):
    assert find(held, households[0].id) == [households[0]]
    monkeypatch.setattr(finding, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(TransactionManagementError):
        find(held, households[0].id)


def test_rows_put_beside_their_owner_are_not_read_again(households, django_assert_num_queries):
    rows = list(households[0].memberships.all())
    put_beside(households[0], "memberships", rows)
    with django_assert_num_queries(0):
        assert list(households[0].memberships.all()) == rows
