"""Figures that may leave the house: no group of fewer than eleven can be read or worked out.

The count that must not be seen is hidden, and its dollars with it. Where one row alone would be
hidden, the next smallest is hidden too: otherwise the total minus the rest would tell (Princeton
Eviction Lab and Treasury files suppress below eleven as well).
"""

from latchstring.insight.figures import Figures

CELL_MIN = 11


def hidden(counties: dict[str, Figures]) -> set[str]:
    """Return the keys of rows to hide: any with a group of 1 to 10, and one more if needed."""
    small = {place for place, figures in counties.items() if _small(figures)}
    if len(small) == 1:
        rest = [
            (f.applications, place) for place, f in counties.items() if f.applications >= CELL_MIN
        ]
        if rest:
            small.add(min(rest)[1])
    return small


def _small(figures: Figures) -> bool:
    counted = (figures.applications, figures.approved, figures.denied)
    return any(0 < count < CELL_MIN for count in counted)


def publishable(counties: dict[str, Figures]) -> dict[str, Figures | None]:
    """Return the rows as the public may see them: None stands for a hidden row."""
    out = hidden(counties)
    return {place: None if place in out else figures for place, figures in counties.items()}
