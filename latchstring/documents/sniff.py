"""What kind of file bytes are, from the bytes alone: a name or a header can say anything."""

_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}

JPEG, PNG, HEIC, WEBP, PDF = (
    "image/jpeg",
    "image/png",
    "image/heic",
    "image/webp",
    "application/pdf",
)


def media_type(first: bytes) -> str | None:
    """Return the media type that the first bytes show; None for anything we do not take."""
    if first.startswith(b"\xff\xd8\xff"):
        return JPEG
    if first.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if first[:4] == b"RIFF" and first[8:12] == b"WEBP":
        return WEBP
    if first[4:8] == b"ftyp" and first[8:12] in _HEIC_BRANDS:
        return HEIC
    if first.startswith(b"%PDF-"):
        return PDF
    return None
