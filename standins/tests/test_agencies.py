"""The tax department and human services over real HTTP."""

import os
import signal
import subprocess
import sys
import time
from itertools import count

import httpx
import pytest
from jsonschema import Draft202012Validator

from standins.start import ROOT, Standin
from standins.tests.conftest import behave, signed_in

ANA = {"first_name": "Ana", "last_name": "Baca", "birth_date": "1990-04-02", "ssn": "900-12-3456"}
ENROLMENTS = "snap:active:2026-03-01:2027-02-28:true;liheap:active:2025-10-01:2026-09-30:true"
CSV = (
    "first_name,last_name,birth_date,ssn,filing_status,annual_income,household_size,"
    "enrolments,household_members\n"
    f"Ana,Baca,1990-04-02,900123456,single,31250,3,{ENROLMENTS},"
    "Ana|Baca|1990-04-02;Leo|Baca|2015-01-09\n"
    "Ben,Yazzie,1971-12-30,,,,1,,\n"
)
keys = (f"key-{number}" for number in count())


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    made = {}
    for kind in ("tax", "human_services"):
        made[kind] = tmp_path_factory.mktemp(kind)
        (made[kind] / "people.csv").write_text(CSV)
    return made


@pytest.fixture(scope="module")
def tax(start, places):
    return start("tax", data=places["tax"])


@pytest.fixture(scope="module")
def human_services(start, places):
    return start("human_services", data=places["human_services"])


@pytest.fixture
def ask(tax):
    with signed_in(tax) as client:
        yield lambda **changes: client.post("/v1/income-inquiry", json=question(**changes))
    httpx.delete(f"{tax.url}/admin/behaviour", headers=tax.admin)


def question(person=ANA, key=None, **more):
    return {
        "request_key": key or next(keys),
        "person": person,
        "tax_year": 2025,
        "purpose": "rental assistance",
        "consent_reference": "C-1",
        **more,
    }


def schemas(standin):
    operations = httpx.get(f"{standin.url}/.well-known/operations").json()["operations"]
    return {one["path"]: Draft202012Validator(one["response_schema"]) for one in operations}


def test_a_known_person_gets_income_dated_by_business_time(tax):
    later = {"Latchstring-Business-Time": "2027-02-03T18:00:00Z"}
    with signed_in(tax) as client:
        answer = client.post("/v1/income-inquiry", json=question(), headers=later).json()
    assert answer["matched"] == "yes"
    assert (answer["filing_status"], answer["annual_income"]) == ("single", "31250.00")
    assert (answer["band"], answer["as_of"]) == ("25000-50000", "2027-02-03")
    schemas(tax)["/v1/income-inquiry"].validate(answer)


def test_an_unknown_person_is_not_matched(ask):
    answer = ask(person={**ANA, "last_name": "Nobody", "ssn": ""}).json()
    assert (answer["matched"], answer["annual_income"]) == ("no", None)


def test_matching_ignores_accents_and_says_ambiguous_when_unsure(ask):
    assert ask(person={**ANA, "first_name": "ÁNA ", "ssn": ""}).json()["matched"] == "yes"
    assert ask(person={**ANA, "first_name": "Eva", "ssn": ""}).json()["matched"] == "ambiguous"
    assert ask(person={**ANA, "ssn": "900999999"}).json()["matched"] == "ambiguous"
    married = {**ANA, "last_name": "Ortiz"}
    assert ask(person=married).json()["matched"] == "yes", "number and birth date agree"
    wrong = {**ANA, "last_name": "Ortiz", "birth_date": "1991-01-01"}
    assert ask(person=wrong).json()["matched"] == "ambiguous"


def test_a_band_can_be_asked_instead_of_the_figure(ask):
    answer = ask(band_only=True).json()
    assert (answer["annual_income"], answer["band"]) == (None, "25000-50000")


def test_the_same_key_gets_the_same_answer_and_is_counted(tax, ask):
    first = ask(key="same", person={**ANA, "ssn": ""})
    again = ask(key="same", person={**ANA, "ssn": ""})
    assert first.content == again.content
    assert again.headers["Request-Count"] == "2"
    counts = httpx.get(f"{tax.url}/admin/requests", headers=tax.admin).json()["counts"]
    assert counts["same"] == 2
    assert ask(key="same", tax_year=2024).status_code == 409


def test_an_income_not_on_file_is_the_same_every_time(ask):
    ben = {"first_name": "Ben", "last_name": "Yazzie", "birth_date": "1971-12-30"}
    assert ask(person=ben).json()["annual_income"] == ask(person=ben).json()["annual_income"]


def test_without_a_valid_token_nothing_is_told(tax):
    for headers in ({}, {"Authorization": "Bearer wrong"}, tax.admin):
        answer = httpx.post(f"{tax.url}/v1/income-inquiry", json=question(), headers=headers)
        assert answer.status_code == 401
    wrong = {"grant_type": "client_credentials", "client_id": "latchstring", "client_secret": "x"}
    assert httpx.post(f"{tax.url}/oauth/token", data=wrong).status_code == 401
    with signed_in(tax) as client:
        assert client.get("/admin/requests").status_code == 401


def test_a_malformed_question_is_refused_without_repeating_what_it_held(ask):
    answer = ask(person={**ANA, "ssn": "12-secret"})
    assert answer.status_code == 400
    assert "secret" not in answer.text
    assert "ssn" in answer.json()["message"]


def test_human_services_tells_enrolments_and_closes_expired_ones(human_services):
    now = {"Latchstring-Business-Time": "2026-11-23T18:00:00Z"}
    with signed_in(
        human_services,
    ) as client:
        answer = client.post("/v1/enrolment-inquiry", json=question(), headers=now).json()
        only = client.post("/v1/enrolment-inquiry", json=question(programs=["tanf"])).json()
    told = {one["program"]: (one["status"], one["household_size"]) for one in answer["enrolments"]}
    assert told == {"snap": ("active", 3), "liheap": ("closed", 3)}
    assert [one["first_name"] for one in answer["household_members"]] == ["Ana", "Leo"]
    assert only["enrolments"] == []
    schemas(human_services)["/v1/enrolment-inquiry"].validate(answer)


def test_people_can_be_added_and_survive_kill_9(start, tmp_path):
    tax = start("tax", data=tmp_path)
    person = {**ANA, "incomes": {"2024": "100.5", "2025": "200"}}
    added = {"people": [person]}
    url = f"{tax.url}/admin/people"
    assert httpx.post(url, json=added, headers=tax.admin).json() == {"added": 1, "replaced": 0}
    assert httpx.post(url, json=added, headers=tax.admin).json() == {"added": 0, "replaced": 1}
    with signed_in(tax) as client:
        before = client.post("/v1/income-inquiry", json=question(key="k", tax_year=2024)).json()
    tax.stop(signal.SIGKILL)
    with signed_in(start("tax", data=tmp_path)) as client:
        after = client.post("/v1/income-inquiry", json=question(key="k", tax_year=2024))
    assert before == after.json()
    assert before["annual_income"] == "100.50"
    assert after.headers["Request-Count"] == "2"


def test_faults_are_real_and_times_ends_them(tax, ask):
    behave(tax, mode="down", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        ask()
    behave(tax, mode="garbage", times=1)
    with pytest.raises(ValueError, match="."):
        ask().json()
    behave(tax, mode="wrong_schema", times=1)
    assert not schemas(tax)["/v1/income-inquiry"].is_valid(ask().json())
    behave(tax, mode="duplicate", times=1)
    halves = ask().text.splitlines()
    assert halves[0] == halves[1]
    behave(tax, mode="lie", times=2)
    lies = {ask(key="lied").json()["annual_income"] for _ in range(2)}
    assert len(lies) == 2, "each lie is another"
    assert ask(key="lied").json()["annual_income"] == "31250.00", "and then the truth again"


def test_failures_repeat_for_the_same_seed(start):
    patterns = []
    for _ in range(2):
        tax = start("tax", "--fail-rate", "0.5")
        with signed_in(tax) as client:
            answers = [client.post("/v1/income-inquiry", json=question(key="k")) for _ in range(12)]
        patterns.append([answer.status_code for answer in answers])
    assert patterns[0] == patterns[1]
    assert set(patterns[0]) == {200, 503}


def test_delay_and_until(tax, ask):
    behave(tax, delay_ms=[250, 300])
    began = time.monotonic()
    ask()
    assert 0.25 <= time.monotonic() - began < 1
    behave(tax, mode="garbage", delay_ms=0, until="2020-01-01T00:00:00Z")
    assert ask().json()["matched"] == "yes"
    refused = httpx.post(f"{tax.url}/admin/behaviour", headers=tax.admin, json={"mode": "odd"})
    assert refused.status_code == 400


def test_the_log_has_a_line_per_request_and_no_personal_data(tax, ask):
    ask()
    assert "POST /v1/income-inquiry 200" in tax.log()
    for personal in ("Ana", "Baca", "900123456", "900-12-3456", "1990-04-02"):
        assert personal not in tax.log()


def test_it_stops_quickly_even_while_a_request_sleeps(start):
    tax = start("tax")
    behave(tax, mode="slow")
    with signed_in(tax) as client, pytest.raises(httpx.ReadTimeout):
        client.post("/v1/income-inquiry", json=question(), timeout=0.3)
    began = time.monotonic()
    assert tax.stop() == 0
    assert time.monotonic() - began < 2


def test_it_ends_when_its_parent_is_killed(tmp_path):
    script = (
        "import sys,time;from pathlib import Path;from standins.start import Standin;"
        f"s=Standin('tax',Path({str(tmp_path)!r})).start();print(s.url,s.process.pid,flush=True);"
        "time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    url, pid = parent.stdout.readline().split()
    assert httpx.get(f"{url}/healthz").json() == {"ok": True}
    parent.kill()
    parent.wait()
    patience = time.monotonic() + 5
    with pytest.raises(httpx.TransportError):
        while time.monotonic() < patience:
            httpx.get(f"{url}/healthz")
            time.sleep(0.1)


def test_without_secrets_it_refuses_to_start(tmp_path):
    command = [sys.executable, "-m", "standins.tax", "--data", str(tmp_path)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STANDIN")}
    refused = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True)
    assert refused.returncode == 2
    assert refused.stderr.startswith("STANDIN_CLIENT_SECRET is not set")


def test_an_unknown_kind_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is not one of"):
        Standin("casino", tmp_path)
