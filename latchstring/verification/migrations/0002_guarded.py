from django.db import migrations

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """What the database refuses: changed history, deleted records, another agency's rows."""

    dependencies = [("kernel", "0001_laid_for_good"), ("verification", "0001_tables")]
    operations = [
        guards.append_only(
            "verification_exchange",
            "verification_checkevent",
        ),
        guards.no_delete(
            "verification_check",
        ),
        guards.agency_scope(
            "verification_check",
            "verification_exchange",
        ),
    ]
