"""The bank's own writer of NACHA files that carry returns (99) and notifications of change (98)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from standins.bank.read_file import check_digit

MODIFIERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@dataclass(frozen=True)
class Item:
    """One entry that comes back: its reason (R.. or C..) and the records it was sent in."""

    reason: str
    entry: str  # the original record 6
    batch: str  # the original record 5
    corrected: str = ""  # changes only
    died_on: date | None = None  # R14 and R15 only

    @property
    def rdfi(self) -> str:
        """The receiving bank, eight digits; it sends the entry back."""
        return self.entry[3:11]


def corrected_data(reason: str, entry: str) -> str:
    """What a notification of change tells: plausible, always different from what was sent."""
    account = entry[12:29].strip()
    other_account = f"7{account[:-4]}1234"[:17]
    other_bank = "10700015" if entry[3:11] != "10700015" else "10700432"
    routing = f"{other_bank}{check_digit(other_bank)}"
    other_code = {"22": "32", "32": "22", "23": "33", "33": "23"}.get(entry[1:3], "22")
    told = {
        "C01": other_account,
        "C02": routing,
        "C03": f"{routing}   {other_account}",
        "C05": other_code,
    }
    return f"{told[reason]:<29}"


def write(header: str, items: Iterable[Item], day: date, number: int) -> str:
    """A whole file. `header` is that of the file the entries came in; `number` counts our files."""
    records = [_file_header(header, day, number)]
    totals = [0, 0, 0, 0]  # batches, entries and addenda, hash, credit cents
    sequence = number * 10_000
    for _, group in groupby(sorted(items, key=_batch_key), key=_batch_key):
        together = list(group)
        totals[0] += 1
        made = _batch(together, day, totals[0], sequence)
        records += made
        sequence += len(together)
        totals[1] += len(made) - 2
        totals[2] += sum(int(record[3:11]) for record in made if record[0] == "6")
        totals[3] += sum(int(record[29:39]) for record in made if record[0] == "6")
    blocks = -(-(len(records) + 1) // 10)
    records.append(
        f"9{totals[0]:06}{blocks:06}{totals[1]:08}{totals[2] % 10**10:010}{0:012}"
        f"{totals[3]:012}{'':39}"
    )
    records += ["9" * 94] * (blocks * 10 - len(records))
    return "\n".join(records) + "\n"


def _batch_key(item: Item) -> tuple[str, ...]:
    sec = "COR" if item.reason[0] == "C" else item.batch[50:53]
    return (sec, item.batch[4:20], item.batch[40:50], item.batch[53:63], item.rdfi)


def _file_header(original: str, day: date, number: int) -> str:
    modifier = MODIFIERS[number % len(MODIFIERS)]
    time = f"{8 + number // 36 % 12:02}{number // 432 % 60:02}"
    # What was the origin is now the destination, and the other way round.
    return (
        f"101{original[13:23]}{original[3:13]}{day:%y%m%d}{time}{modifier}094101"
        f"{original[63:86]}{original[40:63]}{original[86:94]}"
    )


def _batch(items: list[Item], day: date, number: int, sequence: int) -> list[str]:
    sec, company, company_id, description, rdfi = _batch_key(items[0])
    original = items[0].batch
    records = [
        f"5220{company}{original[20:40]}{company_id}{sec}{description}{original[63:69]}"
        f"{day:%y%m%d}{day:%j}1{rdfi}{number:07}"
    ]
    count = hashed = cents = 0
    for place, item in enumerate(items, 1):
        trace = f"{rdfi}{(sequence + place) % 10**7:07}"
        pair = _entry(item, trace)
        records += pair
        count += 2
        hashed += int(pair[0][3:11])
        cents += int(pair[0][29:39])
    records.append(
        f"8220{count:06}{hashed % 10**10:010}{0:012}{cents:012}{company_id}{'':25}{rdfi}{number:07}"
    )
    return records


def _entry(item: Item, trace: str) -> list[str]:
    sent = item.entry
    odfi = item.batch[79:87]
    middle = sent[39:78]
    if item.batch[50:53] == "CTX":
        middle = f"{sent[39:54]}0001{sent[58:78]}"
    amount = "0" * 10 if item.reason[0] == "C" else sent[29:39]
    head = f"6{sent[1]}1{odfi}{check_digit(odfi)}{sent[12:29]}{amount}{middle}1{trace}"
    original = f"{item.reason}{sent[79:94]}"
    if item.reason[0] == "C":
        addendum = f"798{original}{'':6}{item.rdfi}{item.corrected:<29}{'':15}{trace}"
    else:
        died = f"{item.died_on:%y%m%d}" if item.died_on else " " * 6
        addendum = f"799{original}{died}{item.rdfi}{'':44}{trace}"
    return [head, addendum]
