"""The desk's addresses."""

from django.urls import path

from latchstring.web.desk import approvals, case_buttons, payments
from latchstring.web.desk.case import case, paper_page
from latchstring.web.desk.clock_page import clock_page
from latchstring.web.desk.figures import figures, figures_csv
from latchstring.web.desk.landing import landing
from latchstring.web.desk.ledger import ledger, trail, walk_trail
from latchstring.web.desk.packet import packet, packet_pdf
from latchstring.web.desk.queue import queue
from latchstring.web.desk.standing import run_again, standing, worked
from latchstring.web.desk.trace import payments_found, trace

CASE = "cases/<str:reference>/"
BATCH = "payments/batches/<uuid:batch_id>/"

app_name = "desk"
urlpatterns = [
    path("", landing, name="landing"),
    path("cases/", queue, name="queue"),
    path(CASE, case, name="case"),
    path(f"{CASE}pages/<uuid:upload_id>/<int:number>/", paper_page, name="paper_page"),
    path(f"{CASE}packet/", packet, name="packet"),
    path(f"{CASE}packet.pdf", packet_pdf, name="packet_pdf"),
    path(f"{CASE}assign/", case_buttons.assign_to_me, name="assign"),
    path(f"{CASE}ask/", case_buttons.ask, name="ask"),
    path(
        f"{CASE}requests/<uuid:request_id>/cancel/",
        case_buttons.cancel_request,
        name="cancel_request",
    ),
    path(f"{CASE}papers/<uuid:document_id>/accept/", case_buttons.accept_paper, name="accept"),
    path(f"{CASE}papers/<uuid:document_id>/refuse/", case_buttons.refuse_paper, name="refuse"),
    path(f"{CASE}checks/<uuid:check_id>/go-on/", case_buttons.go_on_without, name="go_on"),
    path(f"{CASE}prepare-approval/", case_buttons.prepare_approval, name="prepare_approval"),
    path(f"{CASE}look-at/", case_buttons.look_at, name="look_at"),
    path(f"{CASE}interview/", case_buttons.interview, name="interview"),
    path(f"{CASE}amounts/<slug:line>/", case_buttons.set_amount, name="set_amount"),
    path(f"{CASE}prepare-denial/", case_buttons.prepare_denial, name="prepare_denial"),
    path(f"{CASE}note/", case_buttons.add_note, name="note"),
    path(f"{CASE}payee/", case_buttons.name_payee, name="name_payee"),
    path(f"{CASE}payees/<uuid:payee_id>/account/", case_buttons.give_account, name="give_account"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<uuid:decision_id>/", approvals.approval, name="approval"),
    path("approvals/<uuid:decision_id>/approve/", approvals.approve, name="approve"),
    path("approvals/<uuid:decision_id>/send-back/", approvals.send_back, name="send_back"),
    path("payments/", payments.payments, name="payments"),
    path("payments/feed/", payments.bank_feed, name="bank_feed"),
    path("payments/returned/", payments.returned, name="returned"),
    path("payments/<uuid:payment_id>/pay-again/", payments.pay_again, name="pay_again"),
    path("payments/batches/open/", payments.open_batch, name="open_batch"),
    path(BATCH, payments.batch, name="batch"),
    path(f"{BATCH}seal/", payments.seal_batch, name="seal_batch"),
    path(f"{BATCH}release/", payments.release_batch, name="release_batch"),
    path(f"{BATCH}ask-the-bank/", payments.settle_doubt, name="settle_doubt"),
    path(f"{BATCH}put-back/", payments.put_back, name="put_back"),
    path(f"{BATCH}leave-out/<uuid:payment_id>/", payments.leave_out, name="leave_out"),
    path(f"{BATCH}file/", payments.batch_file, name="batch_file"),
    path("figures/", figures, name="figures"),
    path("figures.csv", figures_csv, name="figures_csv"),
    path("standing/", standing, name="standing"),
    path("standing/jobs/<int:job_id>/run-again/", run_again, name="run_again"),
    path("standing/reports/<uuid:report_id>/worked/", worked, name="report_worked"),
    path("audit/", payments_found, name="audit"),
    path("audit/payments/<uuid:payment_id>/", trace, name="trace"),
    path("audit/trail/", trail, name="trail"),
    path("audit/trail/walk/", walk_trail, name="walk_trail"),
    path("ledger/", ledger, name="ledger"),
    path("clock/", clock_page, name="clock"),
]
