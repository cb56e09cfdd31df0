"""Each crash point, twice: our process is killed there, and PostgreSQL is.

Afterwards what died is started again, dead workers' jobs are rescued, a person repeats what a
person would, the way is walked to its end, and every promise holds. The numbers and what each
stands for are in docs/runbooks/after-a-kill.md.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import httpx
import pytest
from django.db import connection

import latchstring
from latchstring.documents import door as documents
from latchstring.documents.models import Upload
from latchstring.flow import jobs
from latchstring.kernel.crashpoint import crashpoint
from latchstring.payments import hand_over
from latchstring.payments.models import Batch
from latchstring.people import door as people
from tests.faults.killing import fork, in_child, kill_in, wait, work
from tests.faults.whole_way import NEW_LANDLORD, Way, broken, settle, work_here


@dataclass(frozen=True)
class Case:
    """Where a kill happens: from which stage, what is being done, and who does it again."""

    stage: str
    verb: str  # a person's button, or "work" for the worker
    before: str = ""  # what the test arranges first


CASES = {
    "K1": Case("draft", "save_page"),
    "K2": Case("draft", "save_page"),
    "K3": Case("review", "upload"),
    "K4": Case("review", "upload"),
    "K5": Case("review", "work", "uploaded"),
    "K6": Case("review", "work", "uploaded"),
    "K7": Case("draft", "submit"),
    "K8": Case("draft", "submit"),
    "K9": Case("draft", "submit"),
    "K10": Case("draft", "submit"),
    "K11": Case("submitted", "work"),
    "K12": Case("submitted", "work"),
    "K13": Case("submitted", "work"),
    "K14": Case("submitted", "work"),
    "K16": Case("prepared", "approve"),
    "K17": Case("prepared", "approve"),
    "K18": Case("prepared", "approve"),
    "K19": Case("prepared", "approve"),
    "K20": Case("prepared", "approve"),
    "K21": Case("approved", "work"),
    "K22": Case("opened", "seal"),
    "K23": Case("opened", "seal"),
    "K24": Case("opened", "seal"),
    "K25": Case("released", "work"),
    "K26": Case("released", "work"),
    "K27": Case("released", "work"),
    "K28": Case("released", "work"),
    "K29": Case("released", "work", "reported"),
    "K30": Case("released", "work", "reported"),
    "K31": Case("released", "work", "reported"),
    "K32": Case("submitted", "work"),
    "K33": Case("submitted", "work"),
    "K34": Case("submitted", "work", "orphaned"),
}
NO_KILL = {"K15": "a source that answers twice or late", "K35": "two schedulers", "K36": "rotation"}


class Halves:
    """A file's bytes, half by half: where a line breaks is nothing the product can know."""

    def __init__(self, content):
        self._content = content

    def __iter__(self):
        half = len(self._content) // 2
        yield self._content[:half]
        crashpoint("K26 hand-over: half the bytes sent")
        yield self._content[half:]


class HalfByHalf:
    """The bank's service, its file sent in two halves."""

    def __init__(self, service):
        self._service = service

    def request(self, method, path, **more):
        if isinstance(more.get("content"), bytes):
            length = str(len(more["content"]))
            more["headers"] = more["headers"] | {"Content-Length": length}
            more["content"] = Halves(more["content"])
        return self._service.request(method, path, **more)


def half_by_half():
    """Work with a bank to which bytes go in halves."""
    whole = hand_over.bank
    with mock.patch.object(hand_over, "bank", lambda: HalfByHalf(whole())):
        work(rescue=False)


def arrange(way: Way, what: str, point: str, connected, log) -> None:
    """Bring about what a point needs before its kill."""
    if what == "uploaded":
        way.upload()
    if what == "reported":
        work_here()
        assert Batch.objects.get(id=way.ids["batch"]).handed_over_at
        settle(connected.bank)
        jobs.import_bank_reports.defer(timestamp=0)
    if what == "orphaned":  # a worker has died, and its job waits to be given back
        pid, _ = fork(lambda: work(rescue=False), log, "K11:1:self")
        assert wait(pid) == -9


def asked_to_send(bank, batch) -> int:
    """How often the bank was handed this batch."""
    answer = httpx.get(f"{bank.url}/admin/requests", headers=bank.admin).json()
    return answer["counts"].get(str(batch), 0)


@pytest.mark.parametrize("target", ["process", "postgres"])
@pytest.mark.parametrize("point", CASES)
def test_a_kill_loses_nothing_and_doubles_nothing(
    point, target, stages, unblocked, connected, tmp_path
):
    case, log = CASES[point], tmp_path / "child.log"
    way = stages.at(case.stage)
    arrange(way, case.before, point, connected, log)
    sent_before = asked_to_send(connected.bank, way.ids.get("batch"))
    act = getattr(way, case.verb, None) or (lambda: work(rescue=point == "K34"))
    shown = kill_in(half_by_half if point == "K26" else act, point, target, unblocked, log)
    way.receipts += [shown] if shown else []
    if target == "postgres":
        unblocked.restart()
    if case.verb != "work" and not shown:  # the person saw no answer, and presses again
        shown = in_child(act, log)
        way.receipts += [shown] if shown else []
    in_child(work, log)
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status FROM procrastinate_jobs")
        assert cursor.fetchall() == [], "the workers are done with everything, without a sweep"
    ALSO.get(point, lambda *_: None)(way, connected, sent_before)
    way.finish(connected.bank)
    assert broken(way, connected.bank, connected.mail.data) == []


def _page_is_saved(way, connected, sent_before):
    household = people.household_by_id(way.ids["household"])
    assert people.facts(household)["landlord"].value["name"] == NEW_LANDLORD["name"]


def _one_paper(way, connected, sent_before):
    (upload,) = Upload.objects.all()
    assert upload.inspected_at and upload.pages == 1
    assert documents.page(upload.id, 1).bytes


def _orphan_is_found(way, connected, sent_before):
    _one_paper(way, connected, sent_before)
    known = {str(id) for id in Upload.objects.values_list("id", flat=True)}
    orphans = documents.files_without_a_row(older_than_seconds=0)
    assert orphans and not [path for path in orphans if path.name.split(".")[0] in known]


def _asked_at_most_twice(way, connected, sent_before):
    tax = connected.tax
    counts = httpx.get(f"{tax.url}/admin/requests", headers=tax.admin).json()["counts"]
    assert counts  # the stage's question is asked anew in every test: see `asked`
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM verification_check WHERE answered_at IS NULL")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM verification_exchange WHERE status = 'ok'")
        assert cursor.fetchone()[0] == 1


def _in_doubt_and_never_resent(way, connected, sent_before):
    batch = Batch.objects.get(id=way.ids["batch"])
    assert batch.in_doubt_at and not batch.handed_over_at
    assert asked_to_send(connected.bank, batch.id) <= sent_before + 1


ALSO = {
    "K1": _page_is_saved,
    "K2": _page_is_saved,
    "K3": _orphan_is_found,
    "K4": _orphan_is_found,
    "K5": _one_paper,
    "K6": _one_paper,
    "K12": _asked_at_most_twice,
    "K13": _asked_at_most_twice,
    "K14": _asked_at_most_twice,
    "K25": _in_doubt_and_never_resent,
    "K26": _in_doubt_and_never_resent,
    "K27": _in_doubt_and_never_resent,
    "K28": _in_doubt_and_never_resent,
}


def test_every_number_has_its_hook_and_every_hook_its_case():
    root = Path(latchstring.__file__).parent
    source = "".join(path.read_text() for path in root.rglob("*.py") if "tests" not in path.parts)
    hooks = re.findall(r'^ +crashpoint\("(K\d+) [a-z-]+: ', source, re.MULTILINE)
    assert len(hooks) == len(set(hooks)), "a number names one place"
    assert {*hooks, "K26"} == set(CASES)
    assert {f"K{n}" for n in range(1, 37)} == set(CASES) | set(NO_KILL)


def test_two_schedulers_do_each_beat_once(stages, unblocked, connected, tmp_path):
    """K35: two workers start at the same moment, each with the whole schedule."""
    way = stages.at("submitted")
    started = [fork(lambda: work(schedule=True), tmp_path / "log")[0] for _ in range(2)]
    assert [wait(pid) for pid in started] == [0, 0], (tmp_path / "log").read_text()[-2000:]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_periodic_defers GROUP BY task_name, "
            "periodic_id, defer_timestamp HAVING count(*) > 1"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT count(*) FROM procrastinate_periodic_defers")
        assert cursor.fetchone()[0] >= 3
    in_child(work, tmp_path / "log")
    way.finish(connected.bank)
    assert broken(way, connected.bank, connected.mail.data) == []


@pytest.mark.parametrize("behaviour", [{"mode": "duplicate"}, {"delay_ms": [900, 900]}])
def test_a_source_that_answers_twice_or_late(behaviour, stages, unblocked, connected, tmp_path):
    """K15: one answer is kept, and the case goes on."""
    tax = connected.tax
    way = stages.at("submitted")
    url = f"{tax.url}/admin/behaviour"
    httpx.post(url, headers=tax.admin, json=behaviour).raise_for_status()
    try:
        in_child(work, tmp_path / "log")
    finally:
        httpx.delete(url, headers=tax.admin).raise_for_status()
    _asked_at_most_twice(way, connected, 0)
    way.finish(connected.bank)
    assert broken(way, connected.bank, connected.mail.data) == []
