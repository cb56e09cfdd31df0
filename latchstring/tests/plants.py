"""One offending row for each check of `prove`: the statements that plant it.

`also` names the other checks that the same row breaks, where one truth is held in two places.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plant:
    """Statements, run as the owner without triggers, and what else they break."""

    statements: tuple[str, ...]
    also: tuple[str, ...] = ()


def _one(*statements: str, also: tuple[str, ...] = ()) -> Plant:
    return Plant(statements, also)


CHAIN = "audit: I10 the chain holds from its first link to its last"
STUCK = "flow: I9 no work stands still without a job"
STATUS = "cases: I13 status told differs from status kept"
BALANCE = "funds: I4 every allocation's balance equals the ledger"
LIVE = "funds: I4 every allocation's balance equals its live promises"
AWARD = "funds: I4 every award's balance equals the ledger"
SOURCES = "funds: I6 every obligation equals its sources"
ONE_PLACE = "funds: I6 every live promise stands in one place in full"
FILE = "payments: I6 every sealed file is whole and adds up to its batch"
INSTRUCTION = "payments: I6 every instruction equals its live obligation"
UNPROMISED = "cases: I6 decided lines that were not promised to the cent"
PEOPLE = "cases: I8 payments that name other people than their decision"
AS_DETERMINED = "cases: I11 decisions that differ from their determination"
SETTLED = "payments: I7 what the bank settled is spent in the ledger"
SPENT = "payments: I7 what is spent in the ledger the bank has settled"
ASKED_FOR = "flow: I2 every case was applied for"
PAPER_FILE = "documents: I1 every upload's file is there"

ENTRY = """INSERT INTO audit_entry
(id, agency, at, recorded_at, actor, action, object_type, object_id, household, purpose, detail)
VALUES (gen_random_uuid(), {agency}, now(), {recorded}, 'x', {action}, 'case', 'x', {household},
        {purpose}, '{{}}')"""
ISSUED = """INSERT INTO payments_issuance (id, agency, "case", decision_line, payee_id, month,
amount_cents, wanted_at, prepared_by, approved_by, issued_at, contractor_reference, refused_why)
SELECT gen_random_uuid(), 'nm-dfa', %(case_asked)s, gen_random_uuid(), id,
       date_trunc('month', now())::date, 100, now() - interval '9 days', 'a', 'b', {issued}, '', ''
FROM payments_payee LIMIT 1"""
ROLE = """UPDATE people_rolegrant SET valid_from = current_date + 9 WHERE staff_id IN (
SELECT id FROM people_staffmember WHERE display_name = '{name}')"""
CHECK = """INSERT INTO verification_check (id, agency, "case", household, person, source, operation,
request_key, wanted_at, next_try_at, attempts, answered_at, outcome)
VALUES ('00000000-0000-7000-8000-000000000001', 'nm-dfa', %(case_asked)s, %(case_asked)s,
        %(case_asked)s, 'tax', 'x', 'x', now(), {next_try}, 0, {answered}, {outcome})"""
UPLOAD = (
    """INSERT INTO documents_document (id, agency, household, kind, proves, given_at, given_by,
refused_reason) VALUES ('00000000-0000-7000-8000-000000000002', 'nm-dfa', gen_random_uuid(),
'lease', '[]', now(), 'x', '')""",
    """INSERT INTO documents_upload (id, agency, document_id, name_sealed,
sha256, size_bytes, given_at, inspected_at, media_type, pages, problem)
VALUES (gen_random_uuid(), 'nm-dfa', '00000000-0000-7000-8000-000000000002', '', 'x', 1, now(),
        now(), '', {pages}, {problem})""",
)


def _posted(kind: str, *sides: tuple[str, str, str]) -> tuple[str, ...]:
    """A ledger transaction of a kind with postings: (kind of account, cents, obligation)."""
    entry = "00000000-0000-7000-8000-000000000003"
    return (
        f"INSERT INTO funds_ledgertransaction (id, agency, kind, reference, at, actor, reason) "
        f"VALUES ('{entry}', 'nm-dfa', '{kind}', gen_random_uuid(), now(), 'x', '')",
        *(
            f"INSERT INTO funds_posting (agency, transaction_id, account_id, obligation, "
            f"amount_cents) SELECT 'nm-dfa', '{entry}', id, {about}, {cents} "
            f"FROM funds_ledgeraccount WHERE kind = '{account}'"
            for account, cents, about in sides
        ),
    )


def _out_of_trail(action: str) -> str:
    return f"""UPDATE audit_entry SET action = 'x' WHERE id = (
        SELECT id FROM audit_entry WHERE action = '{action}' LIMIT 1)"""


def _line(case: str) -> str:
    return f"(SELECT id FROM payments_disbursement d WHERE d.case = %(case_{case})s LIMIT 1)"


PROMISE = "(SELECT id FROM funds_obligation o WHERE o.case = %(case_by_rules)s LIMIT 1)"
PAID = "(SELECT id FROM funds_obligation o WHERE o.case = %(case_paid)s LIMIT 1)"

PEOPLE_AND_TRAIL = {
    "people: I2 every household has one head": _one(
        "UPDATE people_membership SET valid_to = current_date WHERE role = 'head' AND household_id "
        "= (SELECT household FROM cases_case WHERE id = %(case_denied)s)"
    ),
    "people: I8 nobody holds duties that must stay apart": _one(
        "INSERT INTO people_rolegrant (id, staff_id, role, counties, valid_from, granted_by) "
        "SELECT gen_random_uuid(), id, 'payments_officer', '[]', current_date, 'x' "
        "FROM people_staffmember WHERE display_name = 'Casey'"
    ),
    "people: I10 every look is written down in the household's own agency": _one(
        ENTRY.format(
            agency="'wy-dfs'",
            recorded="now()",
            action="'case.noted'",
            household="(SELECT id FROM people_household LIMIT 1)",
            purpose="'x'",
        )
    ),
    CHAIN: _one(
        "UPDATE audit_entry SET actor = 'x' WHERE id = (SELECT entry_id FROM audit_link "
        "ORDER BY seq DESC LIMIT 1)"
    ),
    "audit: I10 no entry waits long for its link": _one(
        ENTRY.format(
            agency="'nm-dfa'",
            recorded="now() - interval '1 hour'",
            action="'x'",
            household="NULL",
            purpose="''",
        )
    ),
    "audit: I10 every look names who looked and why": _one(
        ENTRY.format(
            agency="'nm-dfa'",
            recorded="now()",
            action="'case.seen'",
            household="NULL",
            purpose="''",
        )
    ),
}
FUNDS = {
    "funds: I3 every ledger transaction sums to zero in each award": _one(
        "INSERT INTO funds_posting (agency, transaction_id, account_id, amount_cents) "
        "SELECT p.agency, p.transaction_id, p.account_id, 1 FROM funds_posting p "
        "JOIN funds_ledgeraccount l ON l.id = p.account_id WHERE l.kind = 'awarded' LIMIT 1"
    ),
    "funds: I3 every ledger transaction has its postings": _one(*_posted("award")),
    "funds: I3 every posting is of its transaction's and account's agency": _one(
        "UPDATE funds_posting SET agency = 'wy-dfs' WHERE id = (SELECT min(id) FROM funds_posting)"
    ),
    "funds: I4 no allocation is over-obligated": _one(
        "ALTER TABLE funds_allocation DROP CONSTRAINT funds_allocation_not_over_obligated",
        "UPDATE funds_allocation SET amount_cents = 1",
        also=(BALANCE, "funds: I4 every award's balance equals its allocations"),
    ),
    BALANCE: _one(*_posted("award", ("unobligated", "-1", "NULL"), ("awarded", "1", "NULL"))),
    LIVE: _one(
        "UPDATE funds_allocation SET obligated_cents = obligated_cents + 1", also=(BALANCE,)
    ),
    AWARD: _one(*_posted("award", ("unallocated", "1", "NULL"), ("awarded", "-1", "NULL"))),
    "funds: I4 every award's balance equals its allocations": _one(
        "UPDATE funds_award SET allocated_cents = allocated_cents - 1", also=(AWARD,)
    ),
    "funds: I4 no award is allocated beyond its amount": _one(
        "ALTER TABLE funds_award DROP CONSTRAINT funds_award_not_over_allocated",
        "UPDATE funds_award SET amount_cents = 1",
        also=(AWARD,),
    ),
    "funds: I4 no account is overdrawn": _one(
        *_posted("award", ("obligated", "-1000000000", "NULL"), ("awarded", "1000000000", "NULL"))
    ),
    SOURCES: _one(
        f"UPDATE funds_obligationsource SET amount_cents = amount_cents + 1 "
        f"WHERE obligation_id = {PROMISE}",
        also=(LIVE,),
    ),
    ONE_PLACE: _one(*_posted("award", ("obligated", "-1", PROMISE), ("awarded", "1", PROMISE))),
    "funds: I10 every award, allocation and promise has its line in the trail": _one(
        _out_of_trail("obligation.made"), also=(CHAIN,)
    ),
    "funds: I10 every movement of a promise has its line in the trail": _one(
        *_posted("settle", ("awarded", "1", "NULL"), ("awarded", "-1", "NULL"))
    ),
    "funds: a month is claimed as long as its promise lives": _one(
        "UPDATE funds_assistanceclaim SET released_at = now() "
        "WHERE id = (SELECT id FROM funds_assistanceclaim LIMIT 1)"
    ),
    "funds: no award is promised outside its period": _one(
        f"UPDATE funds_obligation SET made_at = '2001-01-01' WHERE id = {PROMISE}"
    ),
}
COPIED_LINE = f"""INSERT INTO payments_disbursement (id, agency, "case", obligation, payee_id,
account_id, amount_cents, remittance, wanted_at, prepared_by, approved_by, released_by, trace)
SELECT '00000000-0000-7000-8000-000000000004', agency, "case", obligation, payee_id, account_id,
       amount_cents, remittance, wanted_at, prepared_by, approved_by, '', ''
FROM payments_disbursement WHERE id = {_line("by_rules")}"""
PAYMENTS = {
    "payments: I5 one live instruction per obligation": _one(
        "DROP INDEX payments_one_live_disbursement",
        COPIED_LINE,
        also=("payments: I10 every instruction, batch and account has its line in the trail",),
    ),
    "payments: I5 every trace is used once": _one(
        "DROP INDEX payments_trace_once",
        f"UPDATE payments_disbursement SET trace = (SELECT trace FROM payments_disbursement "
        f"WHERE id = {_line('paid')}) WHERE id = {_line('with_bank')}",
        also=(FILE, SETTLED, STUCK),
    ),
    "payments: I5 an instruction is sealed once, and then stays as it is": _one(
        "UPDATE payments_disbursementevent SET amount_cents = amount_cents + 1 WHERE pgh_id = "
        "(SELECT max(pgh_id) FROM payments_disbursementevent WHERE trace <> '')"
    ),
    "payments: I5 every sealed payment has its trace, and no other has": _one(
        f"UPDATE payments_disbursement SET trace = '999' WHERE id = {_line('by_rules')}"
    ),
    INSTRUCTION: _one(
        f"UPDATE payments_disbursement SET amount_cents = amount_cents + 1 "
        f"WHERE id = {_line('by_rules')}"
    ),
    "payments: I6 every sealed batch equals its lines": _one(
        "UPDATE payments_batch SET entries = entries + 1 WHERE id = %(batch)s", also=(FILE,)
    ),
    FILE: _one("UPDATE payments_batch SET file_sha256 = 'x' WHERE id = %(batch)s"),
    "payments: I7 nothing left that was not sealed and released": _one(
        "UPDATE payments_batch SET released_at = NULL WHERE id = %(batch)s"
    ),
    "payments: I7 released money is on its way in the ledger": _one(
        *_posted("award", ("expended", "-1", PAID), ("awarded", "1", PAID)), also=(ONE_PLACE,)
    ),
    SETTLED: _one(
        f'INSERT INTO payments_bankreport (id, agency, trace, kind, code, amount_cents, "on", '
        f"source, received_at) SELECT gen_random_uuid(), agency, trace, 'settled', '', "
        f"amount_cents, now(), 'x', now() FROM payments_disbursement "
        f"WHERE id = {_line('with_bank')}",
        also=(STUCK,),
    ),
    SPENT: _one(
        f"DELETE FROM payments_bankreport WHERE trace = (SELECT trace FROM payments_disbursement "
        f"WHERE id = {_line('paid')})",
        also=(STATUS, STUCK),
    ),
    "payments: I7 no payment goes to an account that the bank gave back": _one(
        "UPDATE payments_payeeaccount SET closed_at = '2001-01-01', closed_why = 'R02' "
        f"WHERE id = (SELECT account_id FROM payments_disbursement WHERE id = {_line('paid')})"
    ),
    "payments: I8 three people stand behind every payment": _one(
        f"UPDATE payments_disbursement SET released_by = 'account:x' WHERE id = {_line('paid')}"
    ),
    "payments: I8 who opened, sealed and released had the role that day": _one(
        ROLE.format(name="Olga")
    ),
    "payments: I10 every instruction, batch and account has its line in the trail": _one(
        _out_of_trail("batch.released"), also=(CHAIN,)
    ),
}
VERIFICATION = {
    "verification: I2 every open question has a next try": _one(
        CHECK.format(next_try="NULL", answered="NULL", outcome="''")
    ),
    "verification: I10 every call stood under an agreement": _one(
        CHECK.format(next_try="NULL", answered="now()", outcome="'matched'"),
        "INSERT INTO verification_exchange (id, agency, check_asked_id, agreement, began_at, "
        "took_ms, status) VALUES (gen_random_uuid(), 'nm-dfa', "
        "'00000000-0000-7000-8000-000000000001', gen_random_uuid(), now(), 1, 'ok')",
    ),
    "verification: I11 every answer is kept whole": _one(
        CHECK.format(next_try="NULL", answered="now()", outcome="''")
    ),
}
CASES = {
    "cases: I2 cases without a next step": _one(
        "UPDATE cases_decision SET returned_at = now() WHERE case_id = %(case_prepared)s"
    ),
    "cases: I2 decisions that wait in a case which does not": _one(
        "UPDATE cases_case SET stage = 'review' WHERE id = %(case_prepared)s"
    ),
    "cases: I2 approved cases without a promise": _one(
        'UPDATE funds_obligation SET "case" = gen_random_uuid() WHERE "case" = %(case_by_rules)s',
        also=(INSTRUCTION, UNPROMISED, STUCK),
    ),
    "cases: I2 cases that ended without a decision of their kind": _one(
        "UPDATE cases_case SET outcome = '' WHERE id = %(case_denied)s"
    ),
    UNPROMISED: _one(
        "UPDATE cases_decisionline SET amount_cents = amount_cents + 1 WHERE decision_id = "
        "(SELECT id FROM cases_decision WHERE case_id = %(case_by_rules)s) AND id IN "
        f"(SELECT decision_line FROM funds_obligation WHERE id = {PROMISE})",
        also=(AS_DETERMINED,),
    ),
    "cases: I6 promises that nobody decided": _one(
        f"UPDATE funds_obligation SET decision_line = gen_random_uuid() WHERE id = {PROMISE}",
        also=(UNPROMISED, PEOPLE),
    ),
    "cases: I6 help on a card otherwise than decided": _one(ISSUED.format(issued="now()")),
    "cases: I8 one person decided": _one(
        "ALTER TABLE cases_decision DROP CONSTRAINT cases_approver_is_another",
        "UPDATE cases_decision SET prepared_by = a.actor, approved_by = a.actor FROM (SELECT "
        "'account:' || account_id AS actor FROM people_staffmember WHERE display_name = 'Both') a "
        "WHERE case_id = %(case_denied)s",
    ),
    "cases: I8 who prepared and approved had the role that day": _one(ROLE.format(name="Alex")),
    "cases: I8 rules decided what nobody had signed for": _one(
        "UPDATE programs_standingauthorisation SET up_to_cents = 1"
    ),
    "cases: I8 machine denials": _one(
        "UPDATE cases_decision SET prepared_by = 'policy:x' WHERE case_id = %(case_denied)s",
        also=("cases: I8 rules decided what nobody had signed for",),
    ),
    PEOPLE: _one(
        f"UPDATE payments_disbursement SET prepared_by = 'account:x' WHERE id = {_line('by_rules')}"
    ),
    "cases: I10 every decision has its line in the trail": _one(
        _out_of_trail("decision.approved"), also=(CHAIN,)
    ),
    "cases: I11 determinations of another version than their case's": _one(
        "UPDATE cases_determination SET version = 'x' WHERE case_id = %(case_asked)s"
    ),
    AS_DETERMINED: _one(
        "UPDATE cases_decision SET determination_id = (SELECT id FROM cases_determination "
        "WHERE case_id = %(case_asked)s LIMIT 1) WHERE case_id = %(case_prepared)s"
    ),
    "cases: I11 approvals after the facts had changed": _one(
        "INSERT INTO cases_determination (id, agency, case_id, period, run, version, made_at, "
        "outcome, snapshot_sealed, snapshot_sha256, result, proven) SELECT gen_random_uuid(), "
        "agency, case_id, period, run + 50, version, made_at, outcome, snapshot_sealed, "
        "snapshot_sha256, result, proven FROM cases_determination "
        "WHERE case_id = %(case_paid)s LIMIT 1"
    ),
    "cases: I11 determinations that do not replay": _one(
        'UPDATE cases_determination SET result = result || \'{"letter": {"program": "x"}}\' '
        "WHERE case_id = %(case_paid)s"
    ),
    "cases: I12 cases, decisions and requests without their letter": _one(
        "UPDATE notices_notice SET dedupe = 'x' WHERE dedupe = 'received:' || %(case_asked)s"
    ),
}
OTHERS = {
    PAPER_FILE: _one(UPLOAD[0], UPLOAD[1].format(pages=0, problem="'damaged'")),
    "documents: I1 every page that is promised is there": _one(
        UPLOAD[0], UPLOAD[1].format(pages=2, problem="''"), also=(PAPER_FILE,)
    ),
    "documents: I11 nothing is shown that was not inspected": _one(
        UPLOAD[0],
        UPLOAD[1].format(pages=1, problem="'damaged'"),
        also=(PAPER_FILE, "documents: I1 every page that is promised is there"),
    ),
    "notices: I12 no letter has two ends": _one(
        "UPDATE notices_delivery SET failed_at = now() "
        "WHERE id = (SELECT id FROM notices_delivery LIMIT 1)"
    ),
    "notices: I12 every letter has a delivery": _one(
        "DELETE FROM notices_delivery WHERE id = (SELECT id FROM notices_delivery LIMIT 1)"
    ),
    "notices: I12 no letter waits without end": _one(
        "UPDATE notices_delivery SET sent_at = NULL, wanted_at = now() - interval '2 hours' "
        "WHERE id = (SELECT id FROM notices_delivery LIMIT 1)",
        also=(STUCK,),
    ),
    "applications: I1 every submission is signed": _one(
        "DELETE FROM applications_signature WHERE id = "
        "(SELECT id FROM applications_signature LIMIT 1)"
    ),
    "applications: I1 no draft is signed": _one(
        "UPDATE applications_application SET submitted_at = NULL WHERE id = "
        "(SELECT application FROM cases_case WHERE id = %(case_asked)s)",
        also=(ASKED_FOR,),
    ),
    "applications: I1 every submission has its unit": _one(
        "DELETE FROM applications_unitmember WHERE application_id = "
        "(SELECT application FROM cases_case WHERE id = %(case_asked)s)"
    ),
    "applications: I1 the answers are those that were signed": _one(
        "UPDATE applications_signature SET answers_sha256 = 'x' WHERE id = "
        "(SELECT id FROM applications_signature LIMIT 1)"
    ),
    "flow: I2 every submission has its cases": _one(
        "INSERT INTO applications_applicationprogram (agency, application_id, program, version) "
        "SELECT agency, application, 'another', version FROM cases_case WHERE id = %(case_asked)s"
    ),
    ASKED_FOR: _one(
        "UPDATE applications_application SET household = gen_random_uuid() WHERE id = "
        "(SELECT application FROM cases_case WHERE id = %(case_denied)s)"
    ),
    "flow: I9 no job is stalled": _one(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
        "VALUES ('cases', 'advance', 'doing')"
    ),
    STUCK: _one("UPDATE cases_case SET stage = 'verifying' WHERE id = %(case_asked)s"),
    "flow: I9 no timer is late": _one(
        "INSERT INTO kernel_timer (id, agency, kind, subject, due_at) VALUES (gen_random_uuid(), "
        "'nm-dfa', 'advance', gen_random_uuid(), now() - interval '1 hour')"
    ),
}
PLANTS = PEOPLE_AND_TRAIL | FUNDS | PAYMENTS | VERIFICATION | CASES | OTHERS
