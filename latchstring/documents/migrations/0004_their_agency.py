from django.db import migrations

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """Files on their way are seen within their agency alone."""

    dependencies = [("documents", "0003_files_on_their_way")]
    operations = [guards.agency_scope("documents_sending")]
