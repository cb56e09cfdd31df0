from django.db import migrations

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """What the database refuses: changed history, deleted records, another agency's rows."""

    dependencies = [("kernel", "0001_laid_for_good"), ("applications", "0001_tables")]
    operations = [
        guards.append_only(
            "applications_applicationprogram",
            "applications_unitmember",
            "applications_signature",
            "applications_form",
            "applications_applicationevent",
        ),
        guards.no_delete(
            "applications_application",
        ),
        guards.agency_scope(
            "applications_application",
            "applications_applicationprogram",
            "applications_unitmember",
            "applications_signature",
            "applications_form",
        ),
    ]
