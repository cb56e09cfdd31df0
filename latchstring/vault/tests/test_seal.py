"""A sealed value opens only in its place, and not at all after shredding."""

import pytest

from latchstring.kernel.ids import new_id
from latchstring.vault import door as vault
from latchstring.vault.models import DataKey


def sealed(subject, field="person.name", agency="nm-dfa"):
    return vault.seal("Ana", agency=agency, data_class="person", subject=subject, field=field)


def test_what_was_sealed_opens_in_its_place(db):
    subject = new_id()
    box = sealed(subject)
    assert b"Ana" not in box
    place = {"data_class": "person", "subject": subject, "field": "person.name"}
    assert vault.open_text(box, **place) == "Ana"


def test_a_value_moved_to_another_field_or_person_does_not_open(db):
    subject, other = new_id(), new_id()
    box = sealed(subject)
    sealed(other)
    with pytest.raises(vault.CannotOpen):
        vault.open_text(box, data_class="person", subject=subject, field="person.ssn")
    with pytest.raises(vault.CannotOpen):
        vault.open_text(box, data_class="person", subject=other, field="person.name")


def test_a_flipped_byte_is_noticed(db):
    subject = new_id()
    box = bytearray(sealed(subject))
    box[-1] ^= 1
    with pytest.raises(vault.CannotOpen):
        vault.open_text(bytes(box), data_class="person", subject=subject, field="person.name")


def test_shredding_the_key_destroys_what_was_sealed(db):
    subject = new_id()
    box = sealed(subject)
    assert vault.shred(subject, "person") is True
    assert not DataKey.objects.filter(subject=subject).exists()
    with pytest.raises(vault.CannotOpen):
        vault.open_text(box, data_class="person", subject=subject, field="person.name")


def test_tokens_are_equal_for_equal_values_of_one_agency_only(db):
    first = vault.token("123456789", agency="nm-dfa", kind="ssn")
    assert first == vault.token("123456789", agency="nm-dfa", kind="ssn")
    assert first != vault.token("123456789", agency="wy-dfs", kind="ssn")
