"""Households, facts, income and roles keep their promises."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from latchstring.kernel import clock
from latchstring.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from latchstring.kernel.insert import insert_once
from latchstring.people import door as people
from latchstring.people.models import Agency, Fact, IncomeSource, Office, Person, StaffMember

ANA = {"first_name": "Ana", "last_name": "Baca", "birth_date": "1988-05-02", "ssn": "123-45-6789"}
LEO = {"first_name": "Leo", "last_name": "Baca", "birth_date": "2015-01-09"}


@pytest.fixture
def agency(db):
    Agency.objects.create(slug="wy-dfs", state="WY", names={"en": "DFS"}, phone="1", brand="wy")
    return Agency.objects.create(
        slug="nm-dfa", state="NM", names={"en": "DFA"}, phone="1", brand="nm"
    )


@pytest.fixture
def ana(agency):
    return people.Account.objects.create_user("ana@example.test", "correct horse battery")


@pytest.fixture
def household(ana):
    return people.make_household("nm-dfa", ana, identity=ANA)


def test_names_are_sealed_and_open_again(household):
    row = Person.objects.get()
    assert b"Ana" not in bytes(row.sealed) and b"123456789" not in bytes(row.sealed)
    assert people.members(household)[0].name == "Ana Baca"


def test_a_person_is_found_again_by_ssn_within_the_agency_only(household):
    assert people.same_identity("nm-dfa", ssn="123456789") == [Person.objects.get().id]
    assert people.same_identity("wy-dfs", ssn="123456789") == []


def test_an_impossible_birth_date_names_its_field_and_changes_nothing(household):
    with pytest.raises(people.NotAPerson) as wrong:
        people.add_member(household, LEO | {"birth_date": "2999-01-01"}, "child", "x")
    assert wrong.value.fields == {"birth_date": "not_in_past"}
    assert len(people.members(household)) == 1


def test_members_come_and_go_over_time(household):
    leo = people.add_member(household, LEO, "child", "x")
    assert [m.role for m in people.members(household)] == ["head", "child"]
    people.remove_member(household, leo.person_id, "x")
    assert [m.role for m in people.members(household)] == ["head"]
    head = people.members(household)[0]
    with pytest.raises(Invalid):
        people.remove_member(household, head.person_id, "x")


def test_with_whom_a_member_buys_food_is_known_once_it_is_said(household):
    leo = people.add_member(household, LEO, "child", "x").person_id

    def together(known=None):
        return [m.buys_food_together for m in people.members(household, known=known)]

    assert together() == [True, None]
    about = {"subject": leo, "subject_kind": "member", "personal": True}
    people.state_facts(household, {"buys_food_together": False}, actor="x", **about)
    assert together() == [True, False]
    assert people.change_member(household, leo, LEO, "x").buys_food_together is False
    assert Fact.objects.get(key="buys_food_together").value is None  # sealed
    known = people.Known(household)
    with CaptureQueriesContext(connection) as asked:
        assert together(known) == [True, False]
    assert not any("people_fact" in query["sql"] for query in asked)


def test_a_stranger_does_not_find_the_household(household):
    stranger = people.Account.objects.create_user("eve@example.test", "x" * 12)
    with pytest.raises(NotFound):
        people.household_for(stranger, household.id)


def test_income_is_summed_by_the_system(household):
    head = people.members(household)[0].person_id
    people.add_income(household, head, "job", Decimal("612.50"), "every_two_weeks", "x", "Cafe")
    extra = people.add_income(household, head, "other", Decimal("100.00"), "monthly", "x")
    sums = people.income_sums(household)
    assert [line.yearly for line in sums.lines] == [Decimal("15925.00"), Decimal("1200.00")]
    assert (sums.annual, sums.monthly) == (Decimal("17125.00"), Decimal("1427.08"))
    people.remove_income(household, extra.id, "x")
    assert people.income_sums(household).annual == Decimal("15925.00")


def test_pay_that_changes_counts_at_the_average_of_its_months(household):
    head = people.members(household)[0].person_id
    paid = Decimal("2700.00")
    told = people.add_income(household, head, "job", paid, "varies", "x", over_months=3)
    assert (told.yearly, told.monthly) == (Decimal("10800.00"), Decimal("900.00"))
    assert people.incomes(household) == [told]
    told = people.change_income(household, told.id, "job", paid, "varies", "x", over_months=7)
    assert (told.yearly, told.monthly) == (Decimal("4628.57"), Decimal("385.71"))
    assert people.incomes(household) == [told]
    told = people.change_income(household, told.id, "job", paid, "monthly", "x")
    assert people.incomes(household) == [told] and told.yearly == Decimal("32400.00")
    odd = people.IncomeView(told.id, head, "job", Decimal("100.10"), "varies", "", 4)
    assert odd.monthly == Decimal("25.03")  # 25.025, half up


@pytest.mark.parametrize(("period", "months"), [("varies", 0), ("varies", 13), ("monthly", 2)])
def test_pay_over_no_month_or_more_than_a_year_is_refused(household, period, months):
    head = people.members(household)[0].person_id
    with pytest.raises(Invalid) as wrong:
        people.add_income(household, head, "job", Decimal(9), period, "x", over_months=months)
    assert wrong.value.fields == {"over_months": "out_of_range"}


def test_a_source_told_before_months_were_asked_is_paid_over_one(household):
    head = people.members(household)[0].person_id
    told = people.add_income(household, head, "job", Decimal(9), "monthly", "x")
    source = IncomeSource.objects.create(
        agency_id=household.agency_id,
        household=household,
        person_id=head,
        recorded_at=clock.now(),
    )
    older = {"income_kind": "job", "income_amount": Decimal(5), "income_period": "weekly"}
    about = {"subject": source.id, "subject_kind": "income_source"}
    people.state_facts(household, older, actor="x", **about)
    [new, old] = people.incomes(household)
    assert new == told and (old.id, old.over_months, old.yearly) == (source.id, 1, Decimal(260))


def test_help_with_rent_or_energy_is_listed_and_is_no_income(household):
    head = people.members(household)[0].person_id
    people.add_income(household, head, "job", Decimal(900), "monthly", "x")
    people.add_income(household, head, "rent_or_energy_help", Decimal(400), "monthly", "x")
    sums = people.income_sums(household)
    assert [line.counts for line in sums.lines] == [True, False]
    assert (sums.annual, sums.monthly) == (Decimal(10800), Decimal(900))


@pytest.mark.parametrize("amount", ["-1", "0.001", "99999999"])
def test_absurd_income_is_refused(household, amount):
    head = people.members(household)[0].person_id
    with pytest.raises(Invalid):
        people.add_income(household, head, "job", Decimal(amount), "monthly", "x")
    assert people.incomes(household) == []


def test_the_most_trusted_source_is_current_and_all_stand_side_by_side(household):
    proof = people.add_evidence(household, "agency", "tax", "check-1")
    people.state_fact(household, "annual_income", Decimal("20000.00"), actor="a")
    people.state_fact(
        household,
        "annual_income",
        Decimal("21000.00"),
        actor="t",
        source="verified:tax",
        evidence=proof,
    )
    people.state_fact(household, "annual_income", Decimal("19000.00"), actor="a")
    current = people.facts(household)["annual_income"]
    assert (current.value, current.source) == (Decimal("21000.00"), "verified:tax")
    assert current.evidence.reference == "check-1"
    assert len(people.all_facts(household, "annual_income")) == 3
    assert people.facts(household, sources=("stated",))["annual_income"].value == Decimal("19000")


def test_saying_the_same_again_adds_no_row(household):
    for _ in range(2):
        people.state_fact(household, "since", date(2026, 1, 1), actor="a")
    assert Fact.objects.filter(key="since").count() == 1


def test_what_is_stated_through_what_is_known_is_known_without_reading_again(
    household, django_assert_num_queries
):
    people.state_fact(household, "rents", True, actor="a")
    known = people.Known(household)
    with clock.frozen(), django_assert_num_queries(1):  # one INSERT of what is new
        said = {"rents": True, "since": date(2026, 1, 1)}
        people.state_facts(household, said, actor="a", known=known)
        assert people.facts(household, known=known)["since"].value == date(2026, 1, 1)
    assert people.facts(household, known=known) == people.facts(household)
    assert Fact.objects.filter(household=household, key="rents").count() == 1


def test_a_row_goes_in_once_by_its_key_and_no_other_conflict_is_passed_over(agency, ana):
    first, second, third = (
        StaffMember(account=ana, agency=agency, display_name=name) for name in "123"
    )
    assert insert_once(first, "account_id")
    assert not insert_once(second, "account_id")
    assert [row.display_name for row in StaffMember.objects.all()] == ["1"]
    third.account = people.Account.objects.create_user("leo@example.test", "correct horse battery")
    third.id = first.id
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_once(third, "account_id")


def test_facts_are_never_changed(household):
    people.state_fact(household, "rents", True, actor="a")
    with pytest.raises(DatabaseError), transaction.atomic():
        Fact.objects.update(value=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        Fact.objects.all().delete()


def test_who_may_says_why_not(agency, ana):
    assert people.may(ana, "case.see") == (False, "Only staff can do this.")
    staff = people.hire(ana, "nm-dfa", "Ana")
    people.grant_role(staff, "caseworker", granted_by="system:test", counties=["35001"])
    assert people.may(ana, "case.see", agency="nm-dfa", county="35001") == (True, "")
    assert "county" in people.may(ana, "case.see", agency="nm-dfa", county="35003")[1]
    with pytest.raises(NotAllowed):
        people.require(ana, "decision.approve", agency="nm-dfa")
    with pytest.raises(NotFound):
        people.require(ana, "case.see", agency="wy-dfs")


def test_duties_that_must_stay_apart_are_not_granted_together(agency, ana):
    staff = people.hire(ana, "nm-dfa", "Ana")
    people.grant_role(staff, "caseworker", granted_by="system:test")
    with pytest.raises(Conflict):
        people.grant_role(staff, "payments_officer", granted_by="system:test")


def test_an_office_narrows_where_its_people_act(agency, ana):
    office = Office.objects.create(
        slug="nm-south", agency=agency, name="South", counties=["35013", "35035"]
    )
    staff = people.hire(ana, "nm-dfa", "Ana")
    StaffMember.objects.filter(id=staff.id).update(office=office)
    people.grant_role(staff, "caseworker", granted_by="system:test", counties=["35013", "35001"])
    assert people.may(ana, "case.see", agency="nm-dfa", county="35013")[0]
    assert "office" in people.may(ana, "case.see", agency="nm-dfa", county="35001")[1]
    assert not people.may(ana, "case.see", agency="nm-dfa", county="35035")[0]
    assert people.counties_of(ana, "case.see") == {"35013"}
