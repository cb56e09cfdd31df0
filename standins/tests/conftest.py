"""Real stand-in processes for the tests, and a signed-in HTTP client."""

import httpx
import pytest

from standins.start import Standin


def signed_in(standin, **options):
    answer = httpx.post(
        f"{standin.url}/oauth/token",
        data={
            "grant_type": "client_credentials",
            "client_id": standin.client_id,
            "client_secret": standin.client_secret,
        },
    )
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return httpx.Client(base_url=standin.url, headers=bearer, timeout=5, **options)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    running = []

    def begin(kind, *options, data=None, seed=7):
        place = data or tmp_path_factory.mktemp(kind)
        standin = Standin(kind, place, seed, *options).start()
        running.append(standin)
        return standin

    yield begin
    for standin in running:
        standin.stop()


def behave(standin, **behaviour):
    answer = httpx.post(f"{standin.url}/admin/behaviour", headers=standin.admin, json=behaviour)
    assert answer.status_code == 200, answer.text
    return answer.json()
