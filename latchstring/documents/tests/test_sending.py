"""A file that comes in pieces: kept as far as it came, by its sender alone, and given once."""

import io
import os
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from latchstring.documents import door as documents
from latchstring.documents import go_on_sending as sending_verb
from latchstring.documents import halves, store
from latchstring.documents.models import Document, Sending, Upload
from latchstring.documents.tests.test_papers import ANA, photo
from latchstring.kernel import clock, limits, scope
from latchstring.people import door as people
from latchstring.people.models import Agency
from latchstring.vault.models import DataKey

ME = "account:x"
BIG = photo("PNG", size=(900, 700), compress_level=0)  # 1.9 MB


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.STORAGE = tmp_path


def household_here():
    Agency.objects.create(slug="nm-dfa", state="NM", names={"en": "D"}, phone="1", brand="nm")
    account = people.Account.objects.create_user("ana@example.test", "correct horse battery")
    return people.make_household("nm-dfa", account, identity=ANA)


@pytest.fixture
def household(db):
    return household_here()


class Breaking(io.BytesIO):
    """A body whose line breaks after so many bytes."""

    def __init__(self, raw, after):
        super().__init__(raw[:after])

    def read(self, size=-1):
        part = super().read(size)
        if len(part) < size:
            raise OSError("the line broke")
        return part


def begun(household, raw=BIG, name="Ana Baca lease.jpg"):
    return documents.begin_sending(household, name, len(raw), ME)


def goes_on(one, offset, coming, actor=ME, agency="nm-dfa"):
    return documents.go_on_sending(one.id, agency, actor, offset, coming)


def reached(one):
    return documents.sent_so_far(Sending.objects.get(id=one.id))


def test_what_came_before_the_line_broke_is_there_and_the_rest_follows(household):
    one = begun(household)
    first = goes_on(one, 0, Breaking(BIG, 700_000))
    assert 700_000 - sending_verb.READ_BYTES <= first <= 700_000
    assert reached(one) == first
    second = goes_on(one, first, Breaking(BIG[first:], 333_333))
    assert goes_on(one, second, io.BytesIO(BIG[second:])) == len(BIG)
    document = documents.give(household, "lease", [], ME, sent=[one.id])
    (upload,) = document.uploads.all()
    assert store.read(document.id, upload.id, store.ORIGINAL) == BIG
    (seen,) = documents.of_household(household.id)[0].uploads
    assert seen.name == "Ana Baca lease.jpg"


def test_bytes_from_a_wrong_place_are_refused_and_change_nothing(household):
    one = begun(household)
    there = goes_on(one, 0, io.BytesIO(BIG[:100_000]))
    for wrong in (0, there - 1, there + 1, len(BIG)):
        with pytest.raises(documents.OutOfStep):
            goes_on(one, wrong, io.BytesIO(BIG[wrong : wrong + 10]))
    with pytest.raises(documents.OutOfStep):
        goes_on(one, there, io.BytesIO(BIG[there:] + b"more than it said"))
    assert reached(one) == len(BIG)


def test_what_is_acknowledged_is_on_the_disk_first(household, monkeypatch):
    told = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: told.append(os.fstat(descriptor).st_size))
    one = begun(household)
    goes_on(one, 0, io.BytesIO(BIG[:150_000]))
    assert told[-1] == halves.path_of(one.id).stat().st_size
    assert len(told) == 1 + 3  # the folder, then each piece of 64 kB


def test_a_torn_piece_at_the_end_is_no_piece(household):
    one = begun(household)
    goes_on(one, 0, io.BytesIO(BIG[: 2 * sending_verb.PIECE_BYTES]))
    path = halves.path_of(one.id)
    os.truncate(path, path.stat().st_size - 5)  # the machine died in the middle of a write
    assert reached(one) == sending_verb.PIECE_BYTES
    goes_on(one, sending_verb.PIECE_BYTES, io.BytesIO(BIG[sending_verb.PIECE_BYTES :]))
    assert halves.read(one.id) == BIG


def test_pieces_and_the_name_lie_sealed_and_private(household):
    one = begun(household, photo())
    goes_on(one, 0, io.BytesIO(photo()))
    path = halves.path_of(one.id)
    assert b"JFIF" not in path.read_bytes() and path.stat().st_mode & 0o077 == 0
    assert b"Ana" not in bytes(Sending.objects.get(id=one.id).name_sealed)


def test_nobody_but_the_sender_sees_or_feeds_or_gives_it(household):
    one = begun(household, photo())
    goes_on(one, 0, io.BytesIO(photo()[:50]))
    for actor, agency in (("account:eve", "nm-dfa"), (ME, "wy-dfs")):
        with pytest.raises(documents.NoSuchDocument):
            documents.sending_of(one.id, agency, actor)
        with pytest.raises(documents.NoSuchDocument):
            goes_on(one, 50, io.BytesIO(photo()[50:]), actor, agency)
    goes_on(one, 50, io.BytesIO(photo()[50:]))
    with pytest.raises(documents.NotAPaper):
        documents.give(household, "lease", [], "account:eve", sent=[one.id])
    eve = people.Account.objects.create_user("eve@example.test", "correct horse battery")
    other = people.make_household("nm-dfa", eve, identity={**ANA, "first_name": "Eve"})
    with pytest.raises(documents.NotAPaper):
        documents.give(other, "lease", [], ME, sent=[one.id])


def test_too_large_or_empty_is_said_before_a_byte_is_sent(household):
    for size, code in ((limits.UPLOAD_BYTES_MAX + 1, "too_large"), (0, "empty")):
        with pytest.raises(documents.NotAPaper) as wrong:
            documents.begin_sending(household, "a.jpg", size, ME)
        assert wrong.value.fields == {"files": code}
    assert not Sending.objects.exists()


def test_a_wrong_kind_is_said_with_the_first_piece(household):
    one = begun(household, b"MZ" * 500_000)
    with pytest.raises(documents.NotAPaper):
        goes_on(one, 0, io.BytesIO(b"MZ" * 500_000))
    assert reached(one) == 0


def test_a_household_has_only_so_much_under_way(household, monkeypatch):
    monkeypatch.setattr(limits, "SENDINGS_PER_HOUSEHOLD_MAX", 2)
    begun(household), begun(household)
    with pytest.raises(documents.TooManyPapers) as wrong:
        begun(household)
    assert documents.refusal_words(wrong.value.fields["files"]).startswith("Too many files")
    monkeypatch.setattr(limits, "SENDINGS_PER_HOUSEHOLD_MAX", 9)
    monkeypatch.setattr(limits, "SENDING_BYTES_PER_HOUSEHOLD_MAX", 3 * len(BIG) - 1)
    with pytest.raises(documents.TooManyPapers):
        begun(household)


def test_half_a_file_is_no_paper(household):
    one = begun(household)
    goes_on(one, 0, io.BytesIO(BIG[:-1]))
    with pytest.raises(documents.NotAPaper) as wrong:
        documents.give(household, "lease", [], ME, sent=[one.id])
    assert wrong.value.fields == {"files": "gone"}
    assert not Document.objects.exists()


def test_the_same_form_twice_is_one_paper(household):
    one, two = begun(household, photo()), begun(household, BIG)
    goes_on(one, 0, io.BytesIO(photo()))
    goes_on(two, 0, io.BytesIO(BIG))
    first = documents.give(household, "lease", [], ME, sent=[one.id, two.id])
    assert documents.give(household, "lease", [], ME, sent=[one.id, two.id]).id == first.id
    assert Upload.objects.count() == 2
    documents.forget_abandoned()
    assert documents.give(household, "lease", [], ME, sent=[one.id, two.id]).id == first.id
    assert documents.sent_so_far(Sending.objects.get(id=two.id)) == len(BIG)


def test_the_same_files_by_a_form_again_are_one_paper_for_an_hour(household):
    def give(*raws, **more):
        files = [("a.jpg", io.BytesIO(raw)) for raw in raws]
        return documents.give(household, "lease", files, ME, **more).id

    first = give(photo(), BIG)
    assert give(BIG, photo()) == first
    assert give(BIG) != first
    clock.turn(timedelta(minutes=5))
    assert give(photo(), BIG) == first
    latest = give(photo(), BIG, since=clock.now())  # asked for since: a new answer
    assert latest != first
    clock.turn(timedelta(hours=2))
    assert give(photo(), BIG) not in (first, latest)


def test_a_paper_refused_may_be_sent_again(household):
    file = [("a.jpg", io.BytesIO(photo()))]
    first = documents.give(household, "lease", file, ME)
    documents.refuse(first.id, "Too dark to read.", "account:worker")
    assert documents.give(household, "lease", file, ME).id != first.id


def test_the_sweep_forgets_what_never_came_whole_and_what_became_a_paper(household):
    given, left = begun(household, photo()), begun(household)
    goes_on(given, 0, io.BytesIO(photo()))
    goes_on(left, 0, io.BytesIO(BIG[:99_000]))
    documents.give(household, "lease", [], ME, sent=[given.id])
    assert documents.forget_abandoned() == 1
    assert not halves.path_of(given.id).exists() and halves.path_of(left.id).exists()
    clock.turn(timedelta(hours=limits.SENDING_HOURS_MAX, minutes=1))
    with pytest.raises(documents.NoSuchDocument):
        goes_on(left, 99_000, io.BytesIO(BIG[99_000:]))
    documents.forget_abandoned()
    assert documents.forget_abandoned() == 0
    assert not Sending.objects.exists() and not halves.path_of(left.id).exists()
    assert not DataKey.objects.filter(subject__in=[given.id, left.id]).exists()
    assert documents.of_household(household.id)  # the paper itself stays


def test_pieces_whose_row_never_came_are_swept(household):
    halves.make(household.id)
    os.utime(halves.path_of(household.id), (1, 1))
    assert documents.forget_abandoned() == 1
    assert not halves.path_of(household.id).exists()


def test_two_requests_from_one_place_at_once_keep_the_file_whole(own_database, settings):
    scope.enter(scope.EVERY_AGENCY)
    one = begun(household_here())
    both, ended = threading.Barrier(2), []

    class Together(io.BytesIO):
        def read(self, size=-1):
            if self.tell() == 0:
                both.wait(10)
            return super().read(size)

    def send():
        scope.enter(scope.EVERY_AGENCY)
        try:
            ended.append(goes_on(one, 0, Together(BIG)))
        except documents.OutOfStep:
            ended.append("out of step")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(ended, key=str) == [len(BIG), "out of step"]
    assert halves.read(one.id) == BIG
    connection.close()
