"""Money: integer cents in the ledger, exact decimals in rules, never a float."""

from decimal import Decimal


class NotMoney(ValueError):
    """That is not an amount of dollars and cents."""


def cents(amount: Decimal) -> int:
    """Turn dollars with at most two decimals into cents; NotMoney for anything finer."""
    scaled = amount * 100
    if scaled != scaled.to_integral_value():
        raise NotMoney(f"{amount} has a fraction of a cent.")
    return int(scaled)


def dollars(amount_cents: int) -> Decimal:
    """Turn cents into dollars with exactly two decimals."""
    return Decimal(amount_cents).scaleb(-2).quantize(Decimal("0.01"))


def shown(amount_cents: int) -> str:
    """Write cents the way people read money in the United States: `$1,234.50`, `-$3.00`."""
    sign = "-" if amount_cents < 0 else ""
    return f"{sign}${abs(amount_cents) // 100:,}.{abs(amount_cents) % 100:02d}"
