"""The web's own process is killed while a person's form is on its way.

Over real HTTP, where the person sees a broken line and no receipt, and presses again.
"""

import os
import time
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client

from latchstring.applications import door as applications
from latchstring.cases import door as cases
from latchstring.people import door as people
from tests.faults.killing import in_child, work
from tests.faults.whole_way import broken
from tests.processes import Process

BACK_SECONDS_MAX = 60.0


@pytest.fixture
def web(unblocked, connected, storage, tmp_path):
    """Begin a web on the test's database; `crash` names where it dies."""
    begun = []

    def begin(crash=""):
        parts = urlsplit(unblocked.url)
        settings = {
            "DATABASE_URL": urlunsplit(parts._replace(path="/faults_case")),
            "LATCHSTRING_HOME": os.environ["LATCHSTRING_HOME"],
            "LATCHSTRING_CRASH": crash,
            "STORAGE_URL": f"file://{storage}",
        }
        begun.append(Process(tmp_path, ["web", "--workers", "1"], **settings))
        return begun[-1]

    yield begin
    for process in begun:
        process.process.terminate()
        process.process.wait(20)


def signed_in(account) -> tuple[dict[str, str], dict[str, str]]:
    """The headers and the hidden field of somebody's form."""
    client = Client()
    client.force_login(account)
    session = client.session
    session["since"] = session["seen"] = time.time()
    session.save()
    token = _get_new_csrf_string()
    held = {name: morsel.value for name, morsel in client.cookies.items()} | {"csrftoken": token}
    line = "; ".join(f"{name}={value}" for name, value in held.items())
    return {"Cookie": line}, {"csrfmiddlewaretoken": token}


@pytest.mark.parametrize("point", ["K8", "K9"])  # just before and just after the commit
def test_a_killed_web_comes_back_by_itself_and_the_form_counts_once(
    point, stages, web, connected, tmp_path
):
    way = stages.at("draft")
    application = applications.application_by_id(way.ids["application"])
    deadly, sound = web(f"{point}:1:self"), web()
    for one in (deadly, sound):
        one.wait_until(lambda one=one: one.get().status_code == 200, 90)
    headers, hidden = signed_in(people.Account.objects.get(id=application.account))
    form = {"name": "Ana Baca", "agree": "yes"} | hidden
    path = f"/nm/applications/{application.reference}/review/"
    with pytest.raises(httpx.TransportError):
        httpx.post(deadly.url + path, data=form, headers=headers, timeout=30)
    killed = time.monotonic()
    deadly.wait_until(lambda: deadly.get().status_code == 200, BACK_SECONDS_MAX)
    print(f"the web answered again {time.monotonic() - killed:.1f} s after the kill")
    kept = len(cases.cases_of_application(application.id))
    assert kept == (1 if point == "K9" else 0)
    again = httpx.post(sound.url + path, data=form, headers=headers, timeout=30)
    assert again.status_code == 302 and again.headers["location"].endswith("/status/"), again.text
    assert len(cases.cases_of_application(application.id)) == 1
    in_child(work, tmp_path / "log")
    way.finish(connected.bank)
    assert broken(way, connected.bank, connected.mail.data) == []
