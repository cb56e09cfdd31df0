"""Compile the frame's translations (.po to .mo) where the source is newer. Needs only Babel."""

from pathlib import Path

from babel.messages import mofile, pofile

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    for source in ROOT.glob("latchstring/locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalog = pofile.read_po(text)
        with target.open("wb") as out:
            mofile.write_mo(out, catalog)


if __name__ == "__main__":
    main()
