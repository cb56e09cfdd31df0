"""What a paper makes true: that a fact is documented, for as long as the paper stands."""

from latchstring.documents.models import Document
from latchstring.people import door as people
from latchstring.programs import door as programs


def _documented(document: Document) -> set[str]:
    """The yes-or-no facts of the papers bank that a paper was given to document."""
    known = {key for paper in programs.papers().values() for key in paper.proves}
    return known.intersection(document.proves)


def stands(household: people.Household, document: Document, actor: str) -> None:
    """Record the facts that a paper documents, with the paper behind them."""
    for key in _documented(document):
        evidence = people.add_evidence(household, "document", document.kind, str(document.id))
        people.state_fact(household, key, True, actor=actor, source="document", evidence=evidence)


def falls(document: Document, actor: str, source: str) -> None:
    """Take back what only this paper documented: refused by staff, or removed by its giver."""
    household = people.household_by_id(document.household)
    others = Document.objects.filter(
        household=document.household, removed_at__isnull=True, refused_at__isnull=True
    ).exclude(id=document.id)
    still = {key for other in others for key in other.proves}
    for key in _documented(document) - still:
        people.state_fact(household, key, False, actor=actor, source=source)
