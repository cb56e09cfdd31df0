"""Short references that a person can read over the phone, with a check character.

Crockford's base 32 leaves out I, L, O and U. Nine random characters (45 bits) and a check
character (value modulo 37, of which only those that fit the alphabet are issued).
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 9
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


def _check_value(body: str) -> int:
    value = 0
    for character in body:
        value = value * 32 + ALPHABET.index(character)
    return value % 37


def new_reference(prefix: str) -> str:
    """Return a reference such as `NM-4T7QK-9XZ2C` under a prefix of letters."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
        check = _check_value(body)
        if check < 32:
            text = body + ALPHABET[check]
            return f"{prefix}-{text[:5]}-{text[5:]}"


def read_reference(text: str) -> str | None:
    """Return the reference as issued, forgiving case, blanks and misread letters; None if wrong."""
    prefix, _, rest = text.strip().upper().partition("-")
    rest = rest.translate(_MISREAD)
    if not prefix.isalpha() or len(rest) != _LENGTH + 1 or any(c not in ALPHABET for c in rest):
        return None
    if _check_value(rest[:-1]) != ALPHABET.index(rest[-1]):
        return None
    return f"{prefix}-{rest[:5]}-{rest[5:]}"
