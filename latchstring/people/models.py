"""People, households, facts and roles. Personal values are sealed; see vault."""

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from latchstring.kernel.ids import new_id


class Agency(models.Model):
    """A state agency that runs programs, e.g. `nm-dfa`. `state` is its two-letter code."""

    slug = models.CharField(primary_key=True, max_length=20)
    state = models.CharField(max_length=2)
    names = models.JSONField()  # {"en": ..., "es": ...}
    phone = models.CharField(max_length=30)
    brand = models.CharField(max_length=20)


class Office(models.Model):
    """An office of an agency and the counties (FIPS) it serves; none means the whole state."""

    slug = models.CharField(primary_key=True, max_length=40)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    counties = models.JSONField(default=list)


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts by email address, lower-cased."""

    def create_user(self, email: str, password: str | None = None, **more: object) -> "Account":
        account = self.model(email=email.lower(), **more)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A way to sign in. It is not a person and not a household."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    language = models.CharField(max_length=2, default="en")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = AccountManager()

    @property
    def actor(self) -> str:
        """How the event log and the trail name this account."""
        return f"account:{self.id}"


ROLES = (
    "caseworker",
    "approver",
    "payments_officer",
    "director",
    "auditor",
    "program_manager",
    "registry_reviewer",
    "partner",
)


@pghistory.track()
class StaffMember(models.Model):
    """An account that works for an agency. A second factor is required of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="staff")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True)
    display_name = models.CharField(max_length=80)


@pghistory.track()
class RoleGrant(models.Model):
    """A role held by a staff member, from a day to a day, in all or some counties."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30)
    counties = models.JSONField(default=list)  # empty: every county of the agency
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    granted_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=ROLES), name="people_known_role"),
        ]


@pghistory.track()
class Person(models.Model):
    """A resident. `sealed` holds first, middle and last name, birth date, SSN, phone as JSON."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()


@pghistory.track()
class Household(models.Model):
    """People who live and share costs together, over time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    reference = models.CharField(max_length=20, unique=True)
    county = models.CharField(max_length=5, blank=True)  # FIPS of the dwelling, for row scope
    address_confidential = models.BooleanField(default=False)
    made_at = models.DateTimeField()


@pghistory.track()
class Membership(models.Model):
    """A person's time in a household. `role` is head, spouse, child or other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person"],
                condition=models.Q(valid_to__isnull=True),
                name="people_member_once",
            )
        ]


@pghistory.track()
class HouseholdAccess(models.Model):
    """An account that may act for a household, e.g. each of two adults, or a navigator."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="access")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="access")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True)
    kind = models.CharField(max_length=10)  # adult, navigator
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "account"],
                condition=models.Q(valid_to__isnull=True),
                name="people_access_once",
            )
        ]


class Dwelling(models.Model):
    """A home. `sealed` holds street, unit, city, zip as JSON; the county stays readable."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="dwellings")
    sealed = models.BinaryField()
    county = models.CharField(max_length=5)
    recorded_at = models.DateTimeField()


class IncomeSource(models.Model):
    """One source of one person's income (a job, a pension): the subject of its facts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="incomes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="incomes")
    recorded_at = models.DateTimeField()


class Evidence(models.Model):
    """What stands behind a fact: a document, another agency's answer, or an attestation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=20)  # document, agency, attestation, staff
    source = models.CharField(max_length=40)  # `tax`, `human_services`, `lease`, `resident`
    reference = models.CharField(max_length=64)  # id of the document, check or attestation
    obtained_at = models.DateTimeField()
    expires_on = models.DateField(null=True)
    detail = models.JSONField(default=dict)  # codes only


class Fact(models.Model):
    """One statement about one subject, by one source. Inserted, never changed.

    The value is readable JSON, or sealed where the fact dictionary says it is personal.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="facts")
    subject_kind = models.CharField(max_length=15)
    subject = models.UUIDField()
    key = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    sealed = models.BinaryField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=30)  # stated, verified:<agency>, document, staff
    recorded_by = models.CharField(max_length=120)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    subject_kind__in=("household", "member", "income_source", "dwelling", "meter")
                ),
                name="people_fact_subject",
            )
        ]
        indexes = [models.Index(fields=["household", "key", "recorded_at"])]


class SearchToken(models.Model):
    """A keyed hash under which a person or household can be found. Deletable, without history."""

    agency = models.CharField(max_length=20)
    kind = models.CharField(max_length=12)  # exact kinds: ssn, name, email; later 3-gram, sound
    hmac = models.BinaryField()
    subject = models.UUIDField()
    normaliser = models.SmallIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["agency", "kind", "hmac"])]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "hmac", "subject"], name="people_token_once"
            )
        ]
