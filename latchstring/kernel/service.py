"""Speaking to another organisation's service: OAuth 2 client credentials over HTTP, with limits.

Tokens are kept until shortly before they lapse; a refused token is fetched once anew. The business
moment goes along as a header, so that a stand-in whose clock is turned answers for the same day.
"""

import threading
import time
from collections.abc import Mapping
from typing import Any

import httpx

from latchstring.kernel import clock
from latchstring.kernel.errors import Unavailable

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 20.0
TOKEN_SPARE_SECONDS = 60


class NotConnected(Unavailable):
    """This service is not connected here."""


class Service:
    """One outside service, named by its settings: `url`, `client`, `secret`."""

    def __init__(self, settings: Mapping[str, str], *, answer_seconds: float = ANSWER_SECONDS):
        if not settings.get("url"):
            raise NotConnected()
        self._settings = settings
        self._lock = threading.Lock()
        self._token = ""
        self._lapses = 0.0
        self._http = httpx.Client(
            base_url=settings["url"],
            timeout=httpx.Timeout(answer_seconds, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> httpx.Response:
        """Send one request with a token; httpx's errors pass through to the caller.

        `httpx.ConnectError` and `httpx.ConnectTimeout` mean that nothing was sent; any other
        transport error leaves it unknown whether the other side acted.
        """
        moment = clock.now().isoformat(timespec="seconds").replace("+00:00", "Z")
        for anew in (False, True):
            given = {
                "Authorization": f"Bearer {self._bearer(anew)}",
                "Latchstring-Business-Time": moment,
                **(headers or {}),
            }
            answer = self._http.request(method, path, headers=given, **content)
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                break
        return answer

    def _bearer(self, anew: bool) -> str:
        with self._lock:
            if anew or time.monotonic() > self._lapses:
                self._fetch_token()
            return self._token

    def _fetch_token(self) -> None:
        answer = self._http.post(
            "/oauth/token",
            data={
                "grant_type": "client_credentials",
                "client_id": self._settings["client"],
                "client_secret": self._settings["secret"],
            },
        )
        if answer.status_code != httpx.codes.OK:
            raise Unavailable("The service did not let us in.")
        given = answer.json()
        self._token = str(given["access_token"])
        self._lapses = time.monotonic() + float(given["expires_in"]) - TOKEN_SPARE_SECONDS
