from django.db import migrations

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """What the database refuses: changed history, deleted records, another agency's rows."""

    dependencies = [("kernel", "0001_laid_for_good"), ("programs", "0001_tables")]
    operations = [
        guards.append_only(
            "programs_publishedversionevent",
            "programs_roundevent",
            "programs_standingauthorisation",
        ),
        guards.no_delete(
            "programs_publishedversion",
            "programs_round",
        ),
    ]
