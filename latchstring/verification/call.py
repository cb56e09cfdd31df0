"""One call to a source: token, request, answer. No database transaction is open meanwhile."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
from django.conf import settings

from latchstring.verification.errors import SourceTrouble

TIMEOUT_SECONDS = 8.0
ANSWER_BYTES_MAX = 200_000
PATHS = {
    "tax.income": "/v1/income-inquiry",
    "human_services.enrolments": "/v1/enrolment-inquiry",
    "human_services.unemployment": "/v1/enrolment-inquiry",
}
_tokens: dict[str, str] = {}
_guard = threading.Lock()


def connected(source: str) -> bool:
    """Whether this installation is connected to a source at all."""
    return bool(settings.SOURCES.get(source, {}).get("url"))


def call(source: str, operation: str, body: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Ask a source and return its JSON answer; SourceTrouble with a status for anything else."""
    place = settings.SOURCES[source]
    try:
        with httpx.Client(base_url=place["url"], timeout=TIMEOUT_SECONDS) as client:
            answer = _asked(client, source, place, operation, body, at)
            if answer.status_code == 401:  # tokens end with time or a restart of theirs
                with _guard:
                    _tokens.pop(place["url"], None)
                answer = _asked(client, source, place, operation, body, at)
    except httpx.TimeoutException:
        raise SourceTrouble("timeout") from None
    except httpx.HTTPError:
        raise SourceTrouble("unreachable") from None
    if answer.status_code != 200:
        raise SourceTrouble(f"http_{answer.status_code}")
    return _read(answer.content)


def forget_tokens() -> None:
    """Drop every token held; the next call fetches its own."""
    with _guard:
        _tokens.clear()


def _asked(
    client: httpx.Client,
    source: str,
    place: Mapping[str, str],
    operation: str,
    body: Mapping[str, Any],
    at: datetime,
) -> httpx.Response:
    return client.post(
        PATHS[operation],
        json=body,
        headers={
            "Authorization": f"Bearer {_token(client, place)}",
            "Latchstring-Business-Time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
    )


def _token(client: httpx.Client, place: Mapping[str, str]) -> str:
    with _guard:
        held = _tokens.get(place["url"])
    if held:
        return held
    given = client.post(
        "/oauth/token",
        data={
            "grant_type": "client_credentials",
            "client_id": place["client"],
            "client_secret": place["secret"],
        },
    )
    if given.status_code != 200:
        raise SourceTrouble(f"token_{given.status_code}")
    token = _read(given.content).get("access_token")
    if not isinstance(token, str):
        raise SourceTrouble("wrong_schema")
    with _guard:
        _tokens[place["url"]] = token
    return token


def _read(raw: bytes) -> dict[str, Any]:
    """Read one JSON object. The same object sent twice, line by line, counts once."""
    if len(raw) > ANSWER_BYTES_MAX:
        raise SourceTrouble("too_large")
    lines = {line for line in raw.strip().splitlines() if line.strip()}
    try:
        found = json.loads(lines.pop() if len(lines) == 1 else raw)
    except (ValueError, RecursionError):
        raise SourceTrouble("garbled") from None
    if not isinstance(found, dict):
        raise SourceTrouble("wrong_schema")
    return found
