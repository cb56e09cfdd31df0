"""Short references that a person can read over the phone, with a check character.

Crockford's base 32 leaves out I, L, O and U. Nine random characters (45 bits; a secret code has
fifteen) and a check character (value modulo 37, of which only those that fit the alphabet are
issued).
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 9
_CODE_LENGTH = 15  # 75 random bits: whoever knows the code knows what it opens
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


def _check_value(body: str) -> int:
    value = 0
    for character in body:
        value = value * 32 + ALPHABET.index(character)
    return value % 37


def new_reference(prefix: str) -> str:
    """Return a reference such as `NM-4T7QK-9XZ2C` under a prefix of letters."""
    text = _new(_LENGTH)
    return f"{prefix}-{text[:5]}-{text[5:]}"


def new_code() -> str:
    """Return a secret code such as `4T7Q-K9XZ-2CAB-D3EF`: easy to read aloud, too long to guess."""
    text = _new(_CODE_LENGTH)
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _new(length: int) -> str:
    """Return random characters and their check character."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(length))
        check = _check_value(body)
        if check < 32:
            return body + ALPHABET[check]


def read_code(text: str) -> str | None:
    """Return the code as issued, forgiving case, blanks and misread letters; None if wrong."""
    rest = text.strip().upper().translate(_MISREAD)
    if not _checked(rest, _CODE_LENGTH):
        return None
    return "-".join(rest[at : at + 4] for at in range(0, len(rest), 4))


def _checked(text: str, length: int) -> bool:
    """Say whether a text is characters of ours with the right check character at its end."""
    if len(text) != length + 1 or any(character not in ALPHABET for character in text):
        return False
    return _check_value(text[:-1]) == ALPHABET.index(text[-1])


def read_reference(text: str) -> str | None:
    """Return the reference as issued, forgiving case, blanks and misread letters; None if wrong."""
    prefix, _, rest = text.strip().upper().partition("-")
    rest = rest.translate(_MISREAD)
    if not prefix.isalpha() or not _checked(rest, _LENGTH):
        return None
    return f"{prefix}-{rest[:5]}-{rest[5:]}"
