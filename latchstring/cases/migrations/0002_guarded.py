from django.db import migrations

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """What the database refuses: changed history, deleted records, another agency's rows."""

    dependencies = [("kernel", "0001_laid_for_good"), ("cases", "0001_tables")]
    operations = [
        guards.append_only(
            "cases_determination",
            "cases_decisionline",
            "cases_caseevent",
            "cases_decisionevent",
            "cases_informationrequestevent",
        ),
        guards.no_delete(
            "cases_case",
            "cases_decision",
            "cases_informationrequest",
        ),
        guards.agency_scope(
            "cases_case",
            "cases_determination",
            "cases_decision",
            "cases_decisionline",
            "cases_informationrequest",
        ),
    ]
