from django.db import migrations

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """What the database refuses: changed history, deleted records, another agency's rows."""

    dependencies = [("kernel", "0001_laid_for_good"), ("notices", "0001_tables")]
    operations = [
        guards.no_delete(
            "notices_notice",
            "notices_delivery",
        ),
        guards.agency_scope(
            "notices_notice",
            "notices_delivery",
        ),
    ]
