"""The first key of an agency is made once, however many ask for it at once."""

import threading

from latchstring.vault import keys


def test_many_threads_that_make_the_first_key_at_once_hold_the_same_one(settings, tmp_path):
    settings.KEYS = tmp_path
    for turn in range(20):
        start = threading.Barrier(8)
        made: list[object] = []

        def one(start=start, made=made, name=f"race-{turn}") -> None:
            start.wait()
            try:
                made.append(keys.wrapping_key.__wrapped__(name, "person"))
            except OSError as error:
                made.append(error)

        threads = [threading.Thread(target=one) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert not [one for one in made if isinstance(one, OSError)]
        sealed = [key.encrypt(b"x", b"") for key in made]
        assert {key.decrypt(text, b"") for key in made for text in sealed} == {b"x"}
    assert not list(tmp_path.glob("*.*[!n]")), "no half-made key is left"
