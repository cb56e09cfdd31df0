"""The process in which strangers' files are decoded. It imports nothing of Latchstring.

Run as `python -I sandbox.py MEDIA_TYPE PIXELS_MAX PAGES_MAX` with the file on standard input.
Before the first byte is decoded it gives up memory, processor time, and the right to open any
file or socket. It answers: 4 bytes length, JSON {"problem", "pages": [lengths]}, then the pages.
"""

import io
import json
import resource
import struct
import sys
from typing import Any

import pillow_heif
import pypdfium2
from PIL import Image, ImageOps

MEMORY_BYTES = 768 * 1024 * 1024
PROCESSOR_SECONDS = 20
SIDE_PIXELS = 2_200  # enough to read small print on a letter-size page
PDF_SCALE = 150 / 72  # dots per point
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}


class Problem(Exception):
    """A file that cannot be shown; the argument is its code."""


def give_up_rights() -> None:
    """Load what is needed, then close the doors: no new file, socket, process or large memory."""
    pillow_heif.register_heif_opener()
    pillow_heif.options.DECODE_THREADS = 1
    Image.init()
    warm = io.BytesIO()
    Image.new("RGB", (8, 8)).save(warm, "JPEG")
    Image.open(io.BytesIO(warm.getvalue())).load()
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(what, (most, most))


def picture(raw: bytes, kind: str, pixels_max: int) -> bytes:
    """Decode a picture whole, turn it upright, drop what it carried, and write it as JPEG."""
    image: Any = Image.open(io.BytesIO(raw), formats=[FORMATS[kind]])
    if image.width * image.height > pixels_max:
        raise Problem("too_large")
    if kind == "image/jpeg":
        image.draft("RGB", (SIDE_PIXELS, SIDE_PIXELS))
    image.load()
    orientation = image.getexif().get(0x0112)
    image.thumbnail((SIDE_PIXELS, SIDE_PIXELS))
    if orientation in range(2, 9) and kind != "image/heic":  # libheif turns it already
        image = ImageOps.exif_transpose(image)
    flat = Image.new("RGB", image.size, "white")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        flat.paste(clear, mask=clear.getchannel("A"))
    else:
        flat.paste(image.convert("RGB"))
    return written(flat, "JPEG", quality=85)


def written(image: Image.Image, form: str, **how: Any) -> bytes:
    """Write pixels and nothing else."""
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def pdf(raw: bytes, pages_max: int) -> list[bytes]:
    """Render each page to a PNG; scripts, forms, links and attachments stay behind."""
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as wrong:
        locked = "password" in str(wrong).lower()
        raise Problem("locked" if locked else "damaged") from wrong
    if len(document) > pages_max:
        raise Problem("too_many_pages")
    if len(document) == 0:
        raise Problem("damaged")
    pages = []
    for page in document:
        width, height = page.get_size()
        scale = min(PDF_SCALE, SIDE_PIXELS / max(width, height, 1))
        shown = page.render(scale=scale).to_pil().convert("RGB")
        pages.append(written(shown.quantize(64), "PNG", optimize=True))
    return pages


def main() -> None:
    """Answer for one file; any failure is a problem code, never a traceback."""
    kind, pixels_max, pages_max = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    raw = sys.stdin.buffer.read()
    give_up_rights()
    Image.MAX_IMAGE_PIXELS = pixels_max
    problem, pages = "", []
    try:
        if kind == "application/pdf":
            pages = pdf(raw, pages_max)
        else:
            pages = [picture(raw, kind, pixels_max)]
    except Problem as found:
        problem = str(found.args[0])
    except (Image.DecompressionBombError, MemoryError):
        problem = "too_large"
    except Exception:
        problem = "damaged"
    head = json.dumps({"problem": problem, "pages": [len(page) for page in pages]}).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(head)) + head + b"".join(pages))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
