"""Where the interview goes on, and how far it has come."""

from dataclasses import dataclass

from latchstring.applications.models import Application
from latchstring.applications.steps import Interview, Step


@dataclass(frozen=True)
class Progress:
    """How far an application has come. `sections`: (section, pages done, pages)."""

    done: int
    total: int
    sections: tuple[tuple[str, int, int], ...]

    @property
    def ready(self) -> bool:
        """Whether it can be signed."""
        return self.done == self.total


def next_question(
    application: Application, after: str | None = None, interview: Interview | None = None
) -> Step | None:
    """Return the first open page (after one of them, if any is left there); None when all done.

    `interview` may be given by a caller who has read it already.
    """
    steps = (interview or Interview(application)).steps
    open_ones = [step for step in steps if step.open]
    if after is not None:
        ids = [step.id for step in steps]
        place = ids.index(after) if after in ids else -1
        later = [step for step in open_ones if ids.index(step.id) > place]
        open_ones = later or open_ones
    return open_ones[0] if open_ones else None


def progress(application: Application, interview: Interview | None = None) -> Progress:
    """Count pages that are answered or passed over, in all and by section."""
    steps = (interview or Interview(application)).steps
    sections: dict[str, list[int]] = {}
    for step in steps:
        count = sections.setdefault(step.section, [0, 0])
        count[0] += not step.open
        count[1] += 1
    rows = tuple((name, done, total) for name, (done, total) in sections.items())
    return Progress(sum(not step.open for step in steps), len(steps), rows)
