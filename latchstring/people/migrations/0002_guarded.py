from django.db import migrations

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """What the database refuses: changed history, deleted records, another agency's rows."""

    dependencies = [("kernel", "0001_laid_for_good"), ("people", "0001_tables")]
    operations = [
        guards.append_only(
            "people_fact",
            "people_evidence",
            "people_dwelling",
            "people_incomesource",
            "people_staffmemberevent",
            "people_rolegrantevent",
            "people_personevent",
            "people_householdevent",
            "people_membershipevent",
            "people_householdaccessevent",
        ),
        guards.no_delete(
            "people_person",
            "people_household",
            "people_membership",
            "people_householdaccess",
            "people_rolegrant",
            "people_staffmember",
        ),
        guards.agency_scope(
            "people_searchtoken",
        ),
        guards.agency_scope(
            "people_person",
            "people_household",
            "people_membership",
            "people_householdaccess",
            "people_dwelling",
            "people_incomesource",
            "people_evidence",
            "people_fact",
            column="agency_id",
        ),
    ]
