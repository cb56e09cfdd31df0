"""A line tells what happened, what it belongs to, and nothing that a person typed."""

import io
import json
import logging
import sys
import threading

import pytest

from latchstring.kernel import log as lines

CANARY = "Zyxwanda 987-65-4321"


@pytest.fixture
def written():
    """A logger's lines as they would be written, for any name."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(lines.JsonLines())
    made = []

    def logger(name):
        one = logging.getLogger(name)
        made.append((one, one.level, one.propagate))
        one.addHandler(handler)
        one.setLevel(logging.DEBUG)
        one.propagate = False
        return one

    yield logger, lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    for one, level, propagate in reversed(made):
        one.removeHandler(handler)
        one.propagate = propagate
        one.setLevel(level)


def test_an_exception_is_told_by_type_and_place_never_by_its_text(written):
    logger, told = written
    try:
        raise ValueError(f"cannot read {CANARY}")
    except ValueError:
        logger("latchstring.test").exception("trouble")
    (line,) = told()
    assert line["error"] == "ValueError" and "test_log.py" in line["where"][0]
    assert CANARY not in json.dumps(told())


@pytest.mark.parametrize(
    ("name", "words", "given", "extra"),
    [
        ("django.security", "%s: %s", ("Internal Server Error", f"/nm/{CANARY}"), {}),
        ("psycopg.pool", "error connecting in %r: %s", ("pool-1", CANARY), {}),
        ("procrastinate.worker", f"Side task failed with {CANARY}", (), {"action": "side_task"}),
        ("httpx", f"HTTP Request: GET https://agency.example/{CANARY}", (), {}),
    ],
)
def test_a_librarys_line_is_told_by_template_or_action(written, name, words, given, extra):
    logger, told = written
    logger(name).error(words, *given, extra=extra)
    (line,) = told()
    assert line["from"] == name and line["what"]
    assert CANARY not in json.dumps(line)


def test_lines_of_one_request_and_one_job_carry_its_id(written):
    logger, told = written
    with lines.about(request="r-12345678"):
        logger("latchstring.test").info("inside")
        with lines.about(job=7):
            logger("latchstring.test").info("deeper")
    logger("latchstring.test").info("outside")
    inside, deeper, outside = told()
    assert inside["request"] == "r-12345678" and "job" not in inside
    assert (deeper["request"], deeper["job"]) == ("r-12345678", 7)
    assert "request" not in outside


def test_deferred_jobs_are_named_by_number_and_task(written):
    logger, told = written
    job = {"id": 9, "task_name": "advance", "task_kwargs": {"x": CANARY}, "call_string": CANARY}
    logger("procrastinate.jobs").info(
        "Deferred 1 job", extra={"action": "jobs_deferred", "jobs": [job]}
    )
    (line,) = told()
    assert line["what"] == "jobs_deferred" and line["jobs"] == [{"job": 9, "task": "advance"}]
    assert CANARY not in json.dumps(line)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a1b2c3d4-e5f6", True),
        ("short", False),
        ("x" * 65, False),
        ('x"} {"forged": 1', False),
        ("line\nbreak-here", False),
        ("a1b2c3d4\n", False),
        (None, False),
    ],
)
def test_a_proxys_request_id_is_taken_only_when_it_is_well_formed(given, kept):
    found = lines.request_id(given)
    assert (found == given) is kept
    assert 8 <= len(found) <= 64


def test_what_nobody_caught_is_a_line_too(written, monkeypatch):
    logger, told = written
    logger("latchstring.process")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    lines.only_lines()

    def fail():
        raise RuntimeError(CANARY)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except RuntimeError:
        sys.excepthook(*sys.exc_info())
    assert [line["error"] for line in told()] == ["RuntimeError", "RuntimeError"]
    assert CANARY not in json.dumps(told())
