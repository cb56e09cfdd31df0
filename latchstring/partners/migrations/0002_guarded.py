from django.db import migrations

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """What the database refuses: changed history, deleted records, another agency's rows."""

    dependencies = [("kernel", "0001_laid_for_good"), ("partners", "0001_tables")]
    operations = [
        guards.no_delete(
            "partners_agreement",
            "partners_consent",
        ),
        guards.agency_scope(
            "partners_consent",
        ),
    ]
