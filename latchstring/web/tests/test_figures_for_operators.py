"""`/metrics`: who may read it, that it parses, that its labels are few; alerts name figures."""

import json
import re
from pathlib import Path

import pytest
import yaml
from django.db import OperationalError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from latchstring.cases.tests import scene as scenes
from latchstring.flow import door as flow
from latchstring.flow import measure
from latchstring.kernel import metrics, scope

OPERATE = Path(__file__).resolve().parents[3] / "docs" / "operate"
PROMISED = {
    "latchstring_requests",
    "latchstring_request_seconds",
    "latchstring_turned_away",
    "latchstring_place_wait_seconds",
    "latchstring_jobs",
    "latchstring_oldest_job_seconds",
    "latchstring_jobs_done",
    "latchstring_job_seconds",
    "latchstring_workers",
    "latchstring_cases",
    "latchstring_stuck",
    "latchstring_timers_late",
    "latchstring_letters_waiting",
    "latchstring_oldest_letter_seconds",
    "latchstring_agency_calls_15m",
    "latchstring_agency_questions_open",
    "latchstring_breaker_open",
    "latchstring_batches",
    "latchstring_audit_unlinked",
    "latchstring_oldest_audit_unlinked_seconds",
    "latchstring_pool_connections",
    "latchstring_pool_waiting",
    "latchstring_uploads_waiting",
    "latchstring_oldest_upload_seconds",
    "latchstring_events",
    "latchstring_database_up",
}


def families(text):
    return {family.name: family for family in text_string_to_metric_families(text)}


@pytest.fixture
def answered(db, monkeypatch):
    """The figures after a case was opened and a page was asked for."""
    monkeypatch.setattr(measure, "_stuck", (0.0, {}))
    scope.enter(scope.EVERY_AGENCY)
    scene = scenes.build()
    case = scene.open()
    client = Client()
    client.get("/nm/applications/QXZ-SECRET-REFERENCE/")
    answer = client.get("/metrics")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")
    return answer.content.decode(), case


def test_every_figure_that_an_operator_needs_is_there(answered):
    found = families(answered[0])
    assert set(found) >= PROMISED, PROMISED - set(found)
    cases = {s.labels["stage"]: s.value for s in found["latchstring_cases"].samples}
    assert cases["verifying"] == 1
    waiting = {
        (s.labels["queue"], s.labels["state"]): s.value for s in found["latchstring_jobs"].samples
    }
    assert waiting[("cases", "waiting")] >= 1
    events = {s.labels.get("type") for s in found["latchstring_events"].samples}
    assert "case.opened.v1" in events
    assert found["latchstring_database_up"].samples[0].value == 1


def test_labels_are_names_of_this_source_never_a_path_an_id_or_a_person(answered):
    text, case = answered
    assert "QXZ" not in text and case.reference not in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", text)
    assert "@" not in text
    for family in families(text).values():
        assert len(family.samples) < 2_000
        for sample in family.samples:
            assert set(sample.labels) <= {
                *("route", "method", "status", "lane", "reason", "queue", "state", "task"),
                *("outcome", "stage", "kind", "source", "channel", "type", "le"),
            }


@pytest.mark.parametrize(
    ("setting", "extra", "status"),
    [
        ("", {}, 200),
        ("", {"REMOTE_ADDR": "10.0.0.9"}, 404),
        ("", {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}, 404),
        ("", {"HTTP_FORWARDED": "for=203.0.113.7"}, 404),
        ("", {"REMOTE_ADDR": ""}, 404),
        ("the-token-of-prometheus", {}, 404),
        ("the-token-of-prometheus", {"HTTP_AUTHORIZATION": "Bearer wrong"}, 404),
        (
            "the-token-of-prometheus",
            {"HTTP_AUTHORIZATION": "Bearer the-token-of-prometheus", "REMOTE_ADDR": "10.0.0.9"},
            200,
        ),
    ],
)
def test_only_a_neighbour_or_the_token_may_read(db, client, settings, setting, extra, status):
    settings.METRICS_TOKEN = setting
    assert client.get("/metrics", **extra).status_code == status


def test_without_a_database_the_counts_still_answer(db, client, monkeypatch):
    def down():
        raise OperationalError

    monkeypatch.setattr(flow, "figures", down)
    found = families(client.get("/metrics").content.decode())
    assert found["latchstring_database_up"].samples[0].value == 0
    assert "latchstring_requests" in found and "latchstring_cases" not in found


def _named(expression):
    return {
        re.sub(r"_(total|bucket|count|sum)$", "", name)
        for name in re.findall(r"\blatchstring_\w+", expression)
    }


def test_every_alert_names_a_figure_that_exists_and_a_runbook_that_does():
    rules = yaml.safe_load((OPERATE / "alerts.yml").read_text())
    alerts = [rule for group in rules["groups"] for rule in group["rules"]]
    assert len(alerts) >= 10
    for alert in alerts:
        assert _named(alert["expr"]) and _named(alert["expr"]) <= PROMISED, alert["alert"]
        assert alert["annotations"]["summary"] and alert["labels"]["severity"]
        place = alert["annotations"].get("runbook")
        assert place and (OPERATE / place).exists(), alert["alert"]


def test_every_panel_of_the_dashboard_names_a_figure_that_exists():
    board = json.loads((OPERATE / "dashboard.json").read_text())
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert len(asked) >= 10
    for expression in asked:
        assert _named(expression) and _named(expression) <= PROMISED, expression


def test_the_list_of_figures_is_the_list_that_is_told():
    """docs/operate/README.md names every figure."""
    told = set(re.findall(r"`(latchstring_\w+)`", (OPERATE / "README.md").read_text()))
    assert told == PROMISED


def test_counts_of_every_process_are_summed(tmp_path, monkeypatch):
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    assert metrics.registry().get_sample_value("latchstring_pool_waiting") is not None
