"""An entry with its addenda, and a batch as its entries go by: what the rules look at."""

from dataclasses import dataclass, field

from latchstring.payments.nacha import codes
from latchstring.payments.nacha.records import Record, Setting

_CATEGORY = {"99": "return", "98": "change"}


@dataclass(slots=True)
class Entry:
    """An entry and the addenda that follow it."""

    record: Record
    addenda: list[Record] = field(default_factory=list)

    @property
    def category(self) -> str:
        """return, change or forward: an answer is known by its addenda 99 or 98."""
        kinds = (_CATEGORY.get(each["addenda_type_code"]) for each in self.addenda)
        return next((kind for kind in kinds if kind), "forward")

    @property
    def answer(self) -> Record:
        """The addenda that makes it a return or a change: the last of its kind."""
        return [each for each in self.addenda if each["addenda_type_code"] in _CATEGORY][-1]

    @property
    def transaction(self) -> codes.Transaction | None:
        """What the transaction code means; None when it is no code."""
        return codes.TRANSACTIONS.get(self.record["transaction_code"])

    @property
    def amount_field(self) -> str:
        """What its layout calls the amount."""
        return "total_amount" if "total_amount" in self.record.layout.places else "amount"

    @property
    def amount_cents(self) -> int:
        """The amount in cents."""
        return self.record.number_in(self.amount_field)

    @property
    def name_field(self) -> str:
        """What its layout calls the receiver's name; empty where the addenda hold it."""
        return next((name for name in _NAME_FIELDS if name in self.record.layout.places), "")

    @property
    def trace(self) -> str:
        """The trace number, fifteen digits; empty for an accounting advice, which has none."""
        return self.record["trace_number"] if "trace_number" in self.record.layout.places else ""


_NAME_FIELDS = (
    "individual_or_receiving_company_name",
    "receiving_company_name_or_id",
    "individual_name",
)


@dataclass(slots=True)
class Sums:
    """What a control record must agree with. Amounts in cents."""

    records: int = 0
    hash: int = 0
    debit: int = 0
    credit: int = 0

    def add(self, other: "Sums") -> None:
        """Take another's sums into these."""
        self.records += other.records
        self.hash += other.hash
        self.debit += other.debit
        self.credit += other.credit

    def take(self, entry: Entry) -> None:
        """Count an entry and its addenda."""
        self.records += 1 + len(entry.addenda)
        self.hash += entry.record.number_in("receiving_dfi_identification")
        transaction = entry.transaction
        if transaction and transaction.direction == "debit":
            self.debit += entry.amount_cents
        elif transaction:
            self.credit += entry.amount_cents

    def expected(self) -> dict[str, int]:
        """The fields of a control record with what they must hold."""
        return {
            "entry_addenda_count": self.records,
            "entry_hash": self.hash % 10**10,
            "total_debit": self.debit,
            "total_credit": self.credit,
        }


@dataclass(slots=True)
class Batch:
    """A batch while it is read: its header, its sums, and what the next entry is held against."""

    header: Record
    setting: Setting
    sums: Sums = field(default_factory=Sums)
    entries: int = 0
    category: str = ""
    last_trace: str = ""

    @property
    def entry_class(self) -> codes.EntryClass | None:
        """The rules of its entry class; None when the class is not known."""
        return codes.CLASSES.get(self.setting.entry_class)

    @property
    def reversal(self) -> bool:
        """Whether it takes earlier entries back, so that money runs the other way."""
        return self.header["company_entry_description"].strip().upper() == "REVERSAL"
