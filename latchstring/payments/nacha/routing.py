"""Routing numbers: nine digits, the last a check on the others."""

WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)


def check_digit(eight: str) -> str:
    """The ninth digit: what lifts the sum weighted 3, 7, 1 to a multiple of ten."""
    total = sum(int(digit) * weight for digit, weight in zip(eight, WEIGHTS, strict=True))
    return str(-total % 10)


def is_routing(number: str) -> bool:
    """Whether nine digits are a routing number; all zeros are not."""
    return (
        len(number) == 9
        and number.isascii()
        and number.isdigit()
        and number != "000000000"
        and number[8] == check_digit(number[:8])
    )
