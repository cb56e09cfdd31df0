"""What a paper makes true: that a fact is documented, for as long as the paper stands."""

from latchstring.documents.models import Document
from latchstring.people import door as people

DOCUMENTED = {"rent_documented"}  # yes-or-no facts that say whether a paper shows something


def stands(household: people.Household, document: Document, actor: str) -> None:
    """Record the facts that a paper documents, with the paper behind them."""
    for key in DOCUMENTED.intersection(document.proves):
        evidence = people.add_evidence(household, "document", document.kind, str(document.id))
        people.state_fact(household, key, True, actor=actor, source="document", evidence=evidence)


def falls(document: Document, actor: str, source: str) -> None:
    """Take back what only this paper documented: refused by staff, or removed by its giver."""
    household = people.household_by_id(document.household)
    others = Document.objects.filter(
        household=document.household, removed_at__isnull=True, refused_at__isnull=True
    ).exclude(id=document.id)
    still = {key for other in others for key in other.proves}
    for key in DOCUMENTED.intersection(document.proves) - still:
        people.state_fact(household, key, False, actor=actor, source=source)
