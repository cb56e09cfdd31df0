"""A form that was cut on its way is refused whole; not one word of it is taken for an answer."""

import io

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from latchstring.whole_body import BrokenLine, WholeBody, whole_bodies

SEEN: list[object] = []


def _page(request):
    SEEN.append({**request.POST.dict(), **{n: f.read() for n, f in request.FILES.items()}})
    return HttpResponse("kept")


urlpatterns = [path("", _page)]


def handler500(request):
    return HttpResponse(status=500)


FORM = b"first_name=Marisol&words=My+landlord+will+not+write+one"
PARTS = (
    b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\nlease\r\n'
    b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n\r\n" + b"\xff\xd8\xff" * 900 + b"\r\n--x--\r\n"
)
KINDS = {
    "application/x-www-form-urlencoded": FORM,
    "multipart/form-data; boundary=x": PARTS,
}


class Dripping(io.BytesIO):
    """A body that comes a few bytes at a time, as from a poor line."""

    def read(self, size=-1):
        return super().read(min(size, 7) if size > 0 else 7)


def sent(kind, body, length):
    SEEN.clear()
    answers = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(length),
        "wsgi.input": Dripping(body),
        "wsgi.url_scheme": "http",
    }
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        whole_bodies(WSGIHandler())(environ, lambda status, headers: answers.append(status))
    return answers[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_form_is_read_however_slowly_it_comes(kind):
    assert sent(kind, KINDS[kind], len(KINDS[kind])) == "200 OK"
    assert len(SEEN[0]) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_cut_on_its_way_never_reaches_a_page(kind):
    for cut in range(0, len(KINDS[kind]) - 1, 97):
        assert sent(kind, KINDS[kind][:cut], len(KINDS[kind])) != "200 OK"
    assert SEEN == []


def test_what_came_before_the_break_can_be_read_in_small_pieces():
    body = WholeBody(io.BytesIO(b"a" * 10), 20)
    assert body.read(4) + body.read(4) == b"a" * 8
    with pytest.raises(BrokenLine):
        body.read(4)
