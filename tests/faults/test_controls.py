"""Negative controls: careless versions of two steps. Were they to pass, the programme is blind."""

import random
import uuid
from unittest import mock

from django.db import transaction

from latchstring.cases import door as cases
from latchstring.flow import jobs, sweep
from latchstring.kernel import events
from latchstring.kernel.crashpoint import crashpoint
from latchstring.payments import hand_over
from latchstring.payments.bank_file import file_spec
from latchstring.payments.models import Batch
from latchstring.payments.nacha.write import build_file
from tests.faults.killing import in_child, kill_in, work
from tests.faults.whole_way import broken, settle


def test_jobs_deferred_after_the_commit_are_lost(stages, unblocked, connected, tmp_path):
    """`on_commit`: the kill falls between the commit and the jobs, and nobody does the work."""
    way, log = stages.at("prepared"), tmp_path / "log"
    real = events._router

    def later(event):
        crashpoint("K19 approve: committed, no job yet")
        real(event)

    def approve():
        with mock.patch.object(
            events, "_router", lambda event: transaction.on_commit(lambda: later(event))
        ):
            way.approve()

    kill_in(approve, "K19", "process", unblocked, log)
    assert cases.decision_of(way.case).approved_at, "it was committed"
    in_child(work, log)
    lost = {found.kind for found in sweep.stuck()}
    assert "delivery" in lost
    assert any("never" in line or "letter" in line for line in _broken(way, connected))
    jobs.sweep_stuck(0)  # which is what the sweep is for
    in_child(work, log)
    assert list(sweep.stuck()) == []


def test_a_hand_over_without_mark_and_key_pays_twice(stages, unblocked, connected, tmp_path):
    """`no_key`: no mark of doubt, a key and a file of its own for each sending."""
    way, log = stages.at("released"), tmp_path / "log"

    def careless():
        with (
            mock.patch.object(hand_over, "_take", _written_anew),
            mock.patch.object(hand_over, "bank", lambda bank=hand_over.bank: _AnyKey(bank())),
        ):
            work()

    kill_in(careless, "K27", "process", unblocked, log)
    in_child(careless, log)
    settle(connected.bank)
    found = _broken(way, connected)
    released = Batch.objects.get(id=way.ids["batch"]).total_cents
    assert f"the bank paid {2 * released} cents of {released} released" in found


def _broken(way, connected):
    return broken(way, connected.bank, connected.mail.data)


def _written_anew(batch_id):
    batch = Batch.objects.get(id=batch_id)
    if batch.handed_over_at:
        return None
    batch.file_number = random.randrange(36)
    lines = list(batch.lines.select_related("payee", "account").order_by("id"))
    return build_file(file_spec(batch, lines, random.randrange(1_000, 9_000_000))[0])


class _AnyKey:
    def __init__(self, service):
        self._service = service

    def request(self, method, path, **more):
        if "headers" in more:
            more["headers"] = more["headers"] | {"Idempotency-Key": str(uuid.uuid4())}
        return self._service.request(method, path, **more)
