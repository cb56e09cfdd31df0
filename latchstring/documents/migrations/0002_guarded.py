from django.db import migrations

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """What the database refuses: changed history, deleted records, another agency's rows."""

    dependencies = [("kernel", "0001_laid_for_good"), ("documents", "0001_tables")]
    operations = [
        guards.append_only(
            "documents_documentevent",
            "documents_uploadevent",
        ),
        guards.no_delete(
            "documents_document",
            "documents_upload",
        ),
        guards.agency_scope(
            "documents_document",
            "documents_upload",
        ),
    ]
