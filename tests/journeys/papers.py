"""Papers that a resident would have: photos and a scanned lease, plainly marked as invented."""

import io
from pathlib import Path

from PIL import Image

from latchstring.demo.paper import picture

LEASE = ["Landlord: Mesa Vista Homes", "Rent: $1,450 a month", "Two bedrooms"]


def photo(folder: Path) -> Path:
    """A lease as a phone takes it: a JPEG."""
    path = folder / "lease.jpg"
    path.write_bytes(picture("Residential lease", LEASE).getvalue())
    return path


def scan(folder: Path, pages: int = 3) -> Path:
    """The same lease from a scanner: a PDF of several pages."""
    sheets = [
        Image.open(io.BytesIO(picture(f"Residential lease, page {n}", LEASE).getvalue()))
        for n in range(1, pages + 1)
    ]
    path = folder / "lease.pdf"
    sheets[0].save(path, "PDF", save_all=True, append_images=sheets[1:])
    return path


def notice(folder: Path) -> Path:
    """A notice to quit: a PNG."""
    path = folder / "notice.png"
    sheet = picture("Notice to pay or quit", ["Rent of nine months is unpaid."])
    Image.open(sheet).save(path, "PNG")
    return path


def pay_stub(folder: Path) -> Path:
    """A pay stub: a PNG."""
    path = folder / "pay-stub.png"
    Image.open(picture("Pay stub", ["Sandia Cafe", "Gross pay: $450.00 a week"])).save(path, "PNG")
    return path


def not_a_paper(folder: Path) -> Path:
    """A program that calls itself a photo."""
    path = folder / "lease.exe.jpg"
    path.write_bytes(b"MZ\x90\x00 this is a program, not a picture")
    return path


def large_photo(folder: Path) -> Path:
    """A lease as a good phone takes it: some 3 MB, with grain that a smaller copy loses."""
    size = (3_000, 4_000)
    sheet = Image.open(picture("Residential lease", LEASE)).convert("RGB").resize(size)
    grain = Image.effect_noise(size, 26).convert("RGB")
    path = folder / "lease-large.jpg"
    Image.blend(sheet, grain, 0.02).save(path, "JPEG", quality=99, subsampling=0)
    return path


def small_photo(folder: Path) -> Path:
    """A notice in few bytes, as an old phone takes it."""
    path = folder / "lease-small.jpg"
    sheet = Image.open(picture("Residential lease", LEASE)).convert("RGB")
    sheet.save(path, "JPEG", quality=60)
    return path
