"""Who gets a place when many come, and what those are told who get none."""

import threading
import time

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory

from latchstring.kernel import limits
from latchstring.people import door as people
from latchstring.web import gate as gates
from latchstring.web import places
from latchstring.web.places import Places


def _places(wait=0.2, waiting=2):
    return Places(8, dict.fromkeys(places.LANES, waiting), wait)


def _fill(here, lane):
    """Take places for a lane until there is none; returns how many there were."""
    here._waiting_max[lane] = 0
    taken = 0
    while here.take(lane) == "":
        taken += 1
    return taken


def _until(check):
    patience = time.monotonic() + 5
    while not check():
        assert time.monotonic() < patience
        time.sleep(0.001)


def test_newcomers_leave_room_for_who_is_signed_in_and_those_for_staff():
    here = _places()
    assert [_fill(here, lane) for lane in places.LANES] == [4, 2, 2]


def test_staff_alone_may_have_every_place():
    assert _fill(_places(), "staff") == 8


def test_who_waits_is_called_in_order_and_no_later_than_a_place_is_free():
    here, called = _places(wait=5), []
    assert [here.take("newcomer") for _ in range(4)] == [""] * 4

    def wait(name):
        if here.take("newcomer") == "":
            called.append(name)

    threads = []
    for name in ("first", "second"):
        threads.append(threading.Thread(target=wait, args=(name,)))
        threads[-1].start()
        _until(lambda: len(here._queues["newcomer"]) == len(threads))
    assert here.take("newcomer") == "full"  # the waiting places are bounded too
    assert here.take("signed_in") == ""  # and nobody signed in waits behind newcomers
    for name in ("first", "second"):
        here.give_back("newcomer")
        _until(lambda name=name: name in called)
    for thread in threads:
        thread.join()
    assert called == ["first", "second"]


def test_nobody_waits_longer_than_promised_and_then_holds_nothing():
    here = _places(wait=0.05)
    assert [here.take("newcomer") for _ in range(4)] == [""] * 4
    began = time.monotonic()
    assert here.take("newcomer") == "long"
    assert time.monotonic() - began < 0.5
    assert not here._queues["newcomer"]
    here.give_back("newcomer")
    assert here.take("newcomer") == ""


def test_threads_suffice_for_places_waiting_and_a_kind_word():
    waiting = sum(limits.WEB_WAITING_MAX.values())
    assert limits.WEB_PLACES + waiting + 8 <= limits.WEB_THREADS
    assert set(limits.WEB_WAITING_MAX) == set(places.LANES)


@pytest.fixture
def resident(db):
    account = people.Account.objects.create_user("r@example.test", "x" * 12)
    client = Client()
    client.force_login(account)
    return client


def test_the_lane_is_bound_to_the_session_and_ends_with_it(resident, settings):
    assert places.lane_of({}) == "newcomer"
    resident.get("/")
    cookies = {name: morsel.value for name, morsel in resident.cookies.items()}
    assert places.lane_of(cookies) == "signed_in"
    assert resident.cookies["lane"]["httponly"]
    assert places.lane_of(cookies | {"sessionid": "another"}) == "newcomer"
    assert places.lane_of(cookies | {"lane": cookies["lane"][:-2] + "xx"}) == "newcomer"
    assert places.lane_of({"lane": cookies["lane"]}) == "newcomer"
    SessionStore(cookies["sessionid"]).delete()
    resident.get("/")
    assert not resident.cookies["lane"].value


def test_staff_have_their_own_lane(db):
    people.Agency.objects.create(
        slug="nm-dfa", state="NM", names={"en": "x", "es": "x"}, phone="1", brand="nm"
    )
    account = people.Account.objects.create_user("s@example.test", "x" * 12)
    people.grant_role(people.hire(account, "nm-dfa", "s"), "caseworker", granted_by="system:test")
    client = Client()
    client.force_login(account)
    client.get("/")
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    assert places.lane_of(cookies) == "staff"


class Full(Places):
    """No place for anybody."""

    def take(self, lane):
        return "full"


@pytest.fixture
def full(monkeypatch):
    monkeypatch.setattr(places, "here", Full(1, {}, 0))


def _answered(path, **environ):
    told = {}
    request = RequestFactory().get(path).environ | environ
    framework = lambda environ, start: told.setdefault("asked", True) and []  # noqa: E731

    def start(status, headers):
        told["status"], told["headers"] = status, dict(headers)

    told["page"] = b"".join(gates.gate(framework)(request, start)).decode()
    return told


@pytest.mark.parametrize(
    ("path", "words", "other"),
    [
        ("/nm/check/x/?a=1&b=%3Cscript%3E", "Nothing you saved is lost", "No se pierde nada"),
        ("/es/nm/", "No se pierde nada", "Nothing you saved is lost"),
    ],
)
def test_who_finds_no_place_is_told_kindly_in_both_languages(full, path, words, other):
    told = _answered(path)
    assert "asked" not in told and told["status"].startswith("503")
    seconds = int(told["headers"]["Retry-After"])
    assert 5 <= seconds <= 15 and f'data-seconds="{seconds}"' in told["page"]
    assert told["headers"]["Cache-Control"] == "no-store"
    assert "default-src 'none'" in told["headers"]["Content-Security-Policy"]
    assert words in told["page"].split("<p lang=")[0]
    assert other in told["page"].split("<p lang=")[1]
    assert "again" in told["page"] and "<script>" not in told["page"]


def test_an_address_is_shown_as_text_whatever_it_holds(full):
    page = _answered("/nm/", PATH_INFO='/nm/"><script>x</script>', QUERY_STRING='"><b>')["page"]
    assert "<script>x" not in page and "<b>" not in page


def test_an_address_cannot_lead_to_another_site(full):
    assert 'href="/evil.example"' in _answered("/", PATH_INFO="//evil.example")["page"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/static/css/public.css"])
def test_signs_of_life_are_answered_whoever_waits(full, path):
    assert _answered(path)["asked"]


def test_a_form_that_finds_no_place_comes_back_with_what_was_typed(full, client):
    told = client.post(
        "/es/nm/check/x/",
        {"story": 'He said "out" & <left>', "password": "hunter2", "csrfmiddlewaretoken": "t"},
        **{gates.MARK: ("full", "newcomer")},
    )
    page = told.content.decode()
    assert told.status_code == 503 and told["Retry-After"]
    assert 'value="He said &quot;out&quot; &amp; &lt;left&gt;"' in page
    assert "hunter2" not in page
    assert 'action="/es/nm/check/x/"' in page and "Enviarlo otra vez" in page
    assert "js/again" not in page  # a form is sent again by a person only
