"""Papers for the demo: a lease and a notice as pictures, plainly marked as invented."""

import io

from PIL import Image, ImageDraw


def picture(title: str, lines: list[str]) -> io.BytesIO:
    """Return a JPEG of a sheet of paper with a title and lines of text."""
    sheet = Image.new("RGB", (850, 1100), (252, 250, 244))
    draw = ImageDraw.Draw(sheet)
    draw.text((80, 70), "DEMONSTRATION - NOT A REAL PAPER", fill=(150, 60, 40))
    draw.text((80, 130), title.upper(), fill=(20, 20, 20))
    for place, line in enumerate(lines):
        draw.text((80, 200 + place * 36), line, fill=(40, 40, 40))
    draw.line((80, 980, 420, 980), fill=(40, 40, 40), width=2)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=80)
    out.seek(0)
    return out
