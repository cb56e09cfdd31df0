from django.db import migrations

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """What the database refuses: changed history, deleted records, another agency's rows."""

    dependencies = [("kernel", "0001_laid_for_good"), ("cases", "0003_payees_and_notes")]
    operations = [
        guards.append_only("cases_note", "cases_casepayeeevent"),
        guards.no_delete("cases_casepayee"),
        guards.agency_scope("cases_casepayee", "cases_note"),
    ]
