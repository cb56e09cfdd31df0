"""The records that close a batch and a file, and the file's last shape: one place for both writers.

A writer gives batches as (header values, the records between header and control, their sums).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from latchstring.payments.nacha.groups import Sums
from latchstring.payments.nacha.layout import BLOCKING_FACTOR, FILLER, LAYOUTS


@dataclass(slots=True)
class BatchText:
    """A batch being written: the header's fields, the records below it, what they add up to."""

    header: dict[str, str | int]
    records: list[str] = field(default_factory=list)
    sums: Sums = field(default_factory=Sums)


@dataclass(frozen=True)
class Envelope:
    """Who sends the file to whom, and when. `modifier` (A to Z, 0 to 9) tells the files of one
    minute apart; operators refuse a file with the same origin, time and modifier as another."""

    destination_routing: str
    destination_name: str
    origin: str
    origin_name: str
    created: datetime
    modifier: str = "A"
    reference: str = ""


def file_bytes(envelope: Envelope, batches: Iterable[BatchText]) -> bytes:
    """The whole file: records of 94, LF ends, filled with nines to a multiple of ten."""
    records, sums, count = [_header(envelope)], Sums(), 0
    for count, batch in enumerate(batches, 1):
        records += [_batch_header(batch, count), *batch.records, _batch_control(batch, count)]
        sums.add(batch.sums)
    blocks = -(-(len(records) + 1) // BLOCKING_FACTOR)
    control = LAYOUTS["file_control"].render(
        record_type="9", batch_count=count, block_count=blocks, **sums.expected()
    )
    records.append(control)
    records += [FILLER] * (blocks * BLOCKING_FACTOR - len(records))
    return ("\n".join(records) + "\n").encode("ascii")


def _header(envelope: Envelope) -> str:
    return LAYOUTS["file_header"].render(
        record_type="1",
        priority_code="01",
        immediate_destination=envelope.destination_routing.rjust(10),
        immediate_origin=envelope.origin.rjust(10),
        file_creation_date=f"{envelope.created:%y%m%d}",
        file_creation_time=f"{envelope.created:%H%M}",
        file_id_modifier=envelope.modifier,
        record_size="094",
        blocking_factor="10",
        format_code="1",
        immediate_destination_name=envelope.destination_name,
        immediate_origin_name=envelope.origin_name,
        reference_code=envelope.reference,
    )


def _batch_header(batch: BatchText, number: int) -> str:
    return LAYOUTS["batch_header"].render(
        record_type="5", originator_status_code="1", batch_number=number, **batch.header
    )


def _batch_control(batch: BatchText, number: int) -> str:
    repeated = ("service_class_code", "company_identification", "originating_dfi_identification")
    return LAYOUTS["batch_control"].render(
        record_type="8",
        batch_number=number,
        **{name: batch.header[name] for name in repeated},
        **batch.sums.expected(),
    )
