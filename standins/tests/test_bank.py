"""The sandbox bank over real HTTP: at most once, settlement, returns, and its faults."""

import signal
from datetime import date, timedelta
from itertools import count

import httpx
import pytest

from standins.bank.read_file import check_digit, read
from standins.bank.write_returns import Item, corrected_data, write
from standins.tests.conftest import behave, signed_in

ODFI, RDFI = "10700015", "10210005"
DAY = date(2026, 11, 24)
BEFORE = {"Latchstring-Business-Time": "2026-11-23T18:00:00Z"}
ON_THE_DAY = {"Latchstring-Business-Time": "2026-11-24T18:00:00Z"}
DAY_AFTER = {"Latchstring-Business-Time": "2026-11-25T18:00:00Z"}
MUCH_LATER = {"Latchstring-Business-Time": "2027-02-25T18:00:00Z"}
numbers = count(1)


def ach(*credits, sec="PPD", first=None, modifier=None, addenda=(), time=None):
    """A NACHA file of credits (account number, cents), made by hand from the layout."""
    first = first or next(numbers) * 100
    modifier = modifier or "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[first // 100 % 36]
    time = time or f"09{first // 3600 % 60:02}"  # with the modifier, no two files alike
    lines = [
        f"101 {ODFI}{check_digit(ODFI)}1234567890{DAY:%y%m%d}{time}{modifier}094101"
        f"{'SANDBOX BANK':<23}{'STATE OF NEW MEXICO':<23}{'':8}",
        f"5220{'STATE OF NM':<16}{'':20}1234567890{sec}{'ERAP RENT':<10}{'':6}"
        f"{DAY:%y%m%d}   1{ODFI}0000001",
    ]
    total = hashed = entries = 0
    for place, (account, cents) in enumerate(credits):
        trace = f"{ODFI}{first + place:07}"
        code = "22" if cents else "23"
        name = f"{len(addenda):04}{'LANDLORD LLC':<16}  " if sec == "CTX" else f"{'ANA BACA':<22}"
        lines.append(
            f"6{code}{RDFI}{check_digit(RDFI)}{account:<17}{cents:010}{'CASE1':<15}{name}"
            f"  {1 if addenda else 0}{trace}"
        )
        for sequence, text in enumerate(addenda, 1):
            lines.append(f"705{text:<80}{sequence:04}{trace[8:]}")
        total += cents
        hashed += int(RDFI)
        entries += 1 + len(addenda)
    sums = f"{hashed:010}{0:012}{total:012}"
    lines.append(f"8220{entries:06}{sums}1234567890{'':25}{ODFI}0000001")
    blocks = -(-(len(lines) + 1) // 10)
    lines.append(f"9000001{blocks:06}{entries:08}{sums}{'':39}")
    lines += ["9" * 94] * (blocks * 10 - len(lines))
    return ("\n".join(lines) + "\n").encode()


def traces_of(content):
    return [entry.trace for entry in read(content).entries]


@pytest.fixture(scope="module")
def bank(start):
    return start("bank")


@pytest.fixture
def client(bank):
    with signed_in(bank) as client:
        yield client
    httpx.delete(f"{bank.url}/admin/behaviour", headers=bank.admin)


def send(client, content, key=None):
    key = key or f"batch-{next(numbers)}"
    return client.post("/v1/files", content=content, headers={"Idempotency-Key": key})


def everything(client, kind, headers, after=0):
    found = []
    while True:
        page = client.get(f"/v1/{kind}", params={"after": after, "limit": 50}, headers=headers)
        rows = page.json()[kind]
        if not rows:
            return found
        found += rows
        after = page.json()["next"]


def settled(client, content, headers=ON_THE_DAY):
    wanted = set(traces_of(content))
    lines = everything(client, "settlements", headers)
    return [line for line in lines if line["trace"] in wanted]


def reasons(client, content, headers=DAY_AFTER):
    wanted, found = set(traces_of(content)), {}
    for file in everything(client, "returns", headers):
        for line in file["content"].splitlines():
            if line[:3] in ("798", "799") and line[6:21] in wanted:
                found[line[6:21]] = line[3:6]
    return found


def test_a_file_is_taken_and_settles_on_its_effective_day(client):
    content = ach(("4455661", 85000), ("4455662", 40050))
    answer = send(client, content, "first")
    assert answer.status_code == 201
    body = answer.json()
    assert (body["status"], body["entries"], body["credit_cents"]) == ("accepted", 2, 125050)
    assert client.get(f"/v1/files/{body['file_id']}").json() == body
    assert client.get("/v1/files", params={"idempotency_key": "first"}).json() == body
    assert settled(client, content, BEFORE) == []
    lines = settled(client, content)
    assert [(x["amount_cents"], x["settled_on"]) for x in lines] == [
        (85000, "2026-11-24"),
        (40050, "2026-11-24"),
    ]
    assert settled(client, content, DAY_AFTER) == lines, "reported once"


def test_the_same_key_takes_a_file_once(bank, client):
    content = ach(("4455663", 1000))
    first, again = send(client, content, "once"), send(client, content, "once")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json() == first.json()
    assert send(client, ach(("4455663", 1000)), "once").status_code == 409
    assert client.post("/v1/files", content=content).status_code == 400
    settled(client, content)
    journal = httpx.get(f"{bank.url}/journal", headers=bank.admin).json()["entries"]
    assert [one["trace"] for one in journal if one["idempotency_key"] == "once"] == (
        traces_of(content)
    )


def test_a_duplicate_file_or_trace_under_another_key_is_refused(client):
    content = ach(("4455664", 1000), first=7_000_100, modifier="A", time="0930")
    assert send(client, content).status_code == 201
    twin = send(client, content)
    assert (twin.status_code, twin.json()["errors"][0]["code"]) == (422, "duplicate_file")
    same_trace = ach(("4455664", 1000), first=7_000_100, modifier="B", time="0931")
    assert send(client, same_trace).json()["errors"][0]["code"] == "duplicate_trace"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (b"0000001000", b"0000001001", "total_credit"),
        (b"6221021", b"6221031", "check_digit"),
        (b"6221021", b"6271021", "transaction_code"),
        (b"094101", b"093101", "record_size"),
        (b"8220000001", b"8220000002", "entry_addenda_count"),
        (b"ANA BACA", b"        ", "individual_or_receiving_company_name"),
        (b"ANA BACA", b"ANA BAC\xc3", "file"),
        (b"ANA BACA", b"ANA BACAS", "record"),
        (b"261124", b"261324", "file_creation_date"),
    ],
)
def test_a_faulty_file_is_rejected_by_name_and_pays_nobody(client, old, new, field):
    content = ach(("4455665", 1000))
    answer = send(client, content.replace(old, new, 1))
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert settled(client, content) == []


def test_a_rejected_batch_may_be_mended_under_its_key(client):
    content = ach(("4455666", 1000))
    assert send(client, content.replace(b"094101", b"093101"), "mended").status_code == 422
    assert send(client, content, "mended").status_code == 201


@pytest.mark.parametrize(("ending", "reason"), [("9903", "R03"), ("9902", "R02"), ("9923", "R23")])
def test_an_account_ending_so_is_returned_a_day_later(bank, client, ending, reason):
    content = ach((f"4455{ending}", 1000), ("44557777", 500))
    send(client, content)
    assert len(settled(client, content)) == 2
    assert reasons(client, content, ON_THE_DAY) == {}
    assert reasons(client, content) == {traces_of(content)[0]: reason}
    journal = httpx.get(f"{bank.url}/journal", headers=bank.admin).json()["entries"]
    posted = [one["direction"] for one in journal if one["trace"] == traces_of(content)[0]]
    assert posted == ["paid", "returned"]


def test_a_late_return_comes_after_sixty_days(client):
    content = ach(("44559760", 1000))
    send(client, content)
    settled(client, content)
    assert reasons(client, content, DAY_AFTER) == {}
    assert reasons(client, content, MUCH_LATER) == {traces_of(content)[0]: "R02"}


def test_a_change_comes_as_a_notice_and_the_money_stays(bank, client):
    content = ach(("44559801", 1000))
    send(client, content)
    assert len(settled(client, content)) == 1
    assert reasons(client, content) == {traces_of(content)[0]: "C01"}
    journal = httpx.get(f"{bank.url}/journal", headers=bank.admin).json()["entries"]
    posted = [one["direction"] for one in journal if one["trace"] == traces_of(content)[0]]
    assert posted == ["paid"]


def test_prenotes_are_taken_and_never_settle_but_come_back_when_wrong(client):
    content = ach(("4455111", 0), ("44559803", 0), ("44559904", 0))
    assert send(client, content).status_code == 201
    assert settled(client, content) == []
    found = reasons(client, content)
    assert sorted(found.values()) == ["C03", "R04"]


def test_odd_settlement_lines_can_be_driven_by_account(client):
    content = ach(("44559755", 1000), ("44559751", 1000), ("44559752", 1000), ("44559750", 1000))
    body = send(client, content).json()
    first, *_ = traces_of(content)
    lines = everything(client, "settlements", ON_THE_DAY)
    mine = [line for line in lines if line["file_id"] == body["file_id"]]
    told = [(int(line["trace"][8:]) - int(first[8:]), line["amount_cents"]) for line in mine]
    assert told[:4] == [(0, 1000), (0, 1000), (1, 999), (2, 1000)]
    assert len(told) == 5
    assert told[4][0] > 1000, "a trace that nobody sent"


def test_a_lost_acknowledgement_has_still_taken_the_file(bank, client):
    content = ach(("4455667", 1000))
    behave(bank, ack="lost", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        send(client, content, "lost")
    found = client.get("/v1/files", params={"idempotency_key": "lost"})
    assert found.json()["status"] == "accepted"
    assert send(client, content, "lost").status_code == 200
    assert len(settled(client, content)) == 1


def test_a_file_that_never_arrived_is_unknown(bank, client):
    behave(bank, ack="never_arrived", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        send(client, ach(("4455668", 1000)), "vanished")
    missing = client.get("/v1/files", params={"idempotency_key": "vanished"})
    assert missing.status_code == 404


def test_refused_and_delayed(bank, client):
    behave(bank, ack="refused", times=1)
    refused = send(client, ach(("4455669", 1000)))
    assert refused.json()["errors"][0]["code"] == "refused_by_operator"
    behave(bank, ack="delayed", times=1)
    pending = send(client, ach(("4455670", 1000)))
    assert (pending.status_code, pending.json()["status"]) == (202, "pending")
    looks = [client.get(pending.headers["Location"]).json()["status"] for _ in range(2)]
    assert looks == ["pending", "accepted"]


def test_repeated_and_false_reports(bank, client):
    content = ach(("4455671", 1000))
    send(client, content)
    behave(bank, mode="duplicate")
    assert len(settled(client, content)) == 2
    assert len(settled(client, content)) == 2, "and not without end"
    behave(bank, mode="lie")
    assert {line["amount_cents"] for line in settled(client, content)} == {999}


def test_settle_now(bank, client):
    content = ach(("44559903", 1000), ("4455672", 1000))
    send(client, content)
    answer = httpx.post(f"{bank.url}/admin/settle-now", headers={**bank.admin, **BEFORE})
    assert (answer.json()["settled"], answer.json()["returned"]) == (2, 1)
    assert {line["settled_on"] for line in settled(client, content, BEFORE)} == {"2026-11-23"}
    assert list(reasons(client, content, BEFORE).values()) == ["R03"]


def test_the_book_survives_kill_9(start, tmp_path):
    content = ach(("44559916", 1000), ("4455673", 2000))
    bank = start("bank", data=tmp_path)
    with signed_in(bank) as client:
        send(client, content, "kept")
    bank.stop(signal.SIGKILL)
    bank = start("bank", data=tmp_path)
    with signed_in(bank) as client:
        assert send(client, content, "kept").status_code == 200
        assert len(settled(client, content)) == 2
        assert list(reasons(client, content).values()) == ["R16"]


def test_returned_files_have_the_shape_of_nacha_files():
    ctx = ach(("44559903", 1000), sec="CTX", addenda=("RMR*IV*1**10.00\\", "RMR*IV*2"))
    reading = read(ctx)
    assert reading.faults == []
    sent = [(entry.raw, entry.batch.header) for entry in read(ach(("1", 10), ("2", 20))).entries]
    sent.append((reading.entries[0].raw, reading.entries[0].batch.header))
    back = [Item("R03", *one) for one in sent]
    back.append(Item("C05", *sent[0], corrected_data("C05", sent[0][0])))
    lines = write(reading.header, back, DAY + timedelta(1), 1).splitlines()
    assert {len(line) for line in lines} == {94}
    assert len(lines) % 10 == 0
    kinds = [line[0] for line in lines]
    assert "".join(kinds).rstrip("9") == "1" + "5678" + "5678" + "567678"
    assert lines[0][3:13] == "1234567890", "it goes back to whom it came from"
    control = next(line for line in lines if line[0] == "9")
    assert (control[1:7], control[13:21], control[43:55]) == ("000003", "00000008", f"{1030:012}")
    entries = [line for line in lines if line[0] == "6"]
    assert {line[1:3] for line in entries} == {"21"}
    assert {line[3:11] for line in entries} == {ODFI}
    assert all(line[79:87] == RDFI for line in entries)
