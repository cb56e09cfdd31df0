"""The chain: linking new entries, and walking it from the first link to the last.

1. One sealer at a time (advisory lock).
2. Every entry without a link, oldest first, gets the next number and the hash of the last.
3. The verifier recomputes each hash; the first rows that fail are named.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from latchstring.audit.models import Entry, Link
from latchstring.kernel import scope

_FIRST = b"\x00" * 32
_LOCK = 712095


def _canonical(entry: Entry) -> bytes:
    return json.dumps(
        [
            str(entry.id),
            entry.agency,
            entry.at.isoformat(),
            entry.recorded_at.isoformat(),
            entry.actor,
            entry.action,
            entry.object_type,
            entry.object_id,
            str(entry.household or ""),
            entry.purpose,
            entry.detail,
        ],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def _hash(previous: bytes, entry: Entry) -> bytes:
    return hashlib.sha256(previous + _canonical(entry)).digest()


def link_new_entries(limit: int = 10_000) -> int:
    """Link up to `limit` entries that have no place in the chain yet; return how many."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = Link.objects.order_by("-seq").first()
        seq, previous = (last.seq, bytes(last.hash)) if last else (0, _FIRST)
        fresh = Entry.objects.filter(link__isnull=True).order_by("recorded_at", "id")[:limit]
        links = []
        for entry in fresh:
            seq += 1
            digest = _hash(previous, entry)
            links.append(Link(seq=seq, entry=entry, previous=previous, hash=digest))
            previous = digest
        Link.objects.bulk_create(links)
    return len(links)


@dataclass(frozen=True)
class Walk:
    """What a walk of the chain found. `faults` is empty when the chain holds."""

    links: int
    waiting: int
    faults: list[str]


def _links() -> Iterator[Link]:
    return Link.objects.select_related("entry").order_by("seq").iterator(chunk_size=2_000)


def verify(faults_max: int = 10) -> Walk:
    """Walk every link and recompute every hash. Stops after `faults_max` faults.

    The chain is one for all agencies, so it is walked across them, whoever asks: what comes back
    are numbers and ids, never an entry.
    """
    with scope.within(scope.EVERY_AGENCY):
        count, faults = _walked(faults_max)
        waiting = Entry.objects.filter(link__isnull=True).count()
    return Walk(links=count, waiting=waiting, faults=faults)


def _walked(faults_max: int) -> tuple[int, list[str]]:
    faults: list[str] = []
    previous, expected, count = _FIRST, 1, 0
    for link in _links():
        count += 1
        if link.seq != expected:
            faults.append(f"link {expected}: missing (next is {link.seq})")
        if bytes(link.previous) != previous:
            faults.append(f"link {link.seq}: does not follow the link before it")
        elif _hash(previous, link.entry) != bytes(link.hash):
            faults.append(f"link {link.seq}: entry {link.entry_id} was changed")
        if len(faults) >= faults_max:
            break
        previous, expected = bytes(link.hash), link.seq + 1
    return count, faults
