from django.db import migrations

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """What the database refuses: changed history, deleted records, another agency's rows."""

    dependencies = [("kernel", "0001_laid_for_good"), ("payments", "0004_by_the_month")]
    operations = [
        guards.append_only("payments_issuanceevent"),
        guards.no_delete("payments_issuance"),
        guards.agency_scope("payments_issuance"),
    ]
