from django.db import migrations

from latchstring.kernel import guards

LEDGER_BALANCES = """
-- At commit, the postings of every transaction sum to zero: money moves, it is never made.
CREATE FUNCTION funds_transaction_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount_cents) FROM funds_posting WHERE transaction_id = NEW.transaction_id) <> 0
    THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', NEW.transaction_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER funds_posting_balances AFTER INSERT ON funds_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_transaction_balances();
"""


class Migration(migrations.Migration):
    """What the database refuses: changed history, deleted records, another agency's rows."""

    dependencies = [("kernel", "0001_laid_for_good"), ("funds", "0001_tables")]
    operations = [
        migrations.RunSQL(LEDGER_BALANCES, migrations.RunSQL.noop),
        guards.append_only(
            "funds_ledgertransaction",
            "funds_posting",
            "funds_obligationsource",
            "funds_awardevent",
            "funds_allocationevent",
            "funds_obligationevent",
        ),
        guards.no_delete(
            "funds_award",
            "funds_allocation",
            "funds_ledgeraccount",
            "funds_obligation",
            "funds_assistanceclaim",
        ),
        guards.agency_scope(
            "funds_award",
            "funds_allocation",
            "funds_ledgeraccount",
            "funds_ledgertransaction",
            "funds_posting",
            "funds_obligation",
            "funds_obligationsource",
            "funds_assistanceclaim",
        ),
    ]
