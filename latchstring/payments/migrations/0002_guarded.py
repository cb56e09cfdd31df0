from django.db import migrations

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """What the database refuses: changed history, deleted records, another agency's rows."""

    dependencies = [("kernel", "0001_laid_for_good"), ("payments", "0001_tables")]
    operations = [
        guards.append_only(
            "payments_bankreport",
            "payments_payeeevent",
            "payments_payeeaccountevent",
            "payments_batchevent",
            "payments_disbursementevent",
        ),
        guards.no_delete(
            "payments_payee",
            "payments_payeeaccount",
            "payments_batch",
            "payments_disbursement",
        ),
        guards.agency_scope(
            "payments_payee",
            "payments_payeeaccount",
            "payments_batch",
            "payments_disbursement",
            "payments_bankreport",
        ),
    ]
