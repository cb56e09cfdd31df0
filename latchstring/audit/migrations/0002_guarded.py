from django.db import migrations

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """What the database refuses: changed history, deleted records, another agency's rows."""

    dependencies = [("kernel", "0001_laid_for_good"), ("audit", "0001_tables")]
    operations = [
        guards.append_only(
            "audit_entry",
            "audit_link",
        ),
        guards.agency_scope(
            "audit_entry",
        ),
    ]
