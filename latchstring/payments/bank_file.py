"""A batch as a bank file: residents by PPD, organisations by CCD with one line of remittance."""

from collections.abc import Sequence

from django.conf import settings

from latchstring.kernel import clock
from latchstring.kernel.errors import Conflict
from latchstring.kernel.money import dollars
from latchstring.payments.models import Batch, Disbursement
from latchstring.payments.nacha.write import BatchSpec, EntrySpec, FileSpec, name_of
from latchstring.payments.payee import open_account, payee_identity

MODIFIERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
CLASS_OF = {"consumer": "PPD", "business": "CCD"}


class TooManyFiles(Conflict):
    """The bank takes 36 files a day from us, and today's are used up. Seal this one tomorrow."""


def modifier(number: int) -> str:
    """Return the letter or digit that tells the files of one day apart."""
    if number >= len(MODIFIERS):
        raise TooManyFiles()
    return MODIFIERS[number]


def file_spec(
    batch: Batch, lines: Sequence[Disbursement], first_sequence: int
) -> tuple[FileSpec, list[Disbursement]]:
    """Return what the file says, and the payments in the order in which it says them."""
    assert batch.sealed_at is not None and batch.file_number is not None
    assert batch.effective_on is not None
    groups = []
    ordered: list[Disbursement] = []
    for owner, entry_class in CLASS_OF.items():
        members = [line for line in lines if line.account and line.account.owner == owner]
        if not members:
            continue
        ordered += members
        groups.append(
            BatchSpec(
                entry_class=entry_class,
                company_name=settings.BANK["company_name"],
                company_id=settings.BANK["company_id"],
                description="RENT HELP",
                effective=batch.effective_on,
                odfi=settings.BANK["odfi"],
                entries=tuple(_entry(line, entry_class) for line in members),
            )
        )
    spec = FileSpec(
        destination_routing=settings.BANK["routing"],
        destination_name=settings.BANK["name"],
        origin=settings.BANK["origin"],
        origin_name=settings.BANK["company_name"],
        created=batch.sealed_at.astimezone(clock.MOUNTAIN),
        batches=tuple(groups),
        modifier=modifier(batch.file_number),
        first_sequence=first_sequence,
    )
    return spec, ordered


def _entry(line: Disbursement, entry_class: str) -> EntrySpec:
    assert line.account is not None
    numbers = open_account(line.account)
    amount = dollars(line.amount_cents)
    remittance = (f"RMR*IV*{line.remittance}**{amount}\\",) if entry_class == "CCD" else ()
    return EntrySpec(
        routing=numbers["routing"],
        account=numbers["account"],
        amount_cents=line.amount_cents,
        name=name_of(payee_identity(line.payee_id)["name"]),
        identification=line.remittance.split(" ")[0][:15],
        account_kind=line.account.kind,
        addenda=remittance,
    )
