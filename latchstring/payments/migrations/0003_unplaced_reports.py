from django.db import migrations

FORWARD = """
-- A trace that is none of ours belongs to no agency, and holds nobody's data: the bank account is
-- shared, so each agency that shares it sees the report until a person has worked it.
CREATE POLICY payments_bankreport_unplaced ON payments_bankreport FOR SELECT TO latchstring_app
    USING (agency = 'unknown' AND coalesce(current_setting('latchstring.agency', true), '') <> '');
"""


class Migration(migrations.Migration):
    """Reports of unknown traces can be seen by those who must work them."""

    dependencies = [("payments", "0002_guarded")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
