"""The documents room's door."""

from latchstring.documents.accept import accept
from latchstring.documents.begin_sending import begin_sending
from latchstring.documents.checks import (
    files_without_a_row,
    never_inspected,
    pages_missing,
    rows_without_a_file,
)
from latchstring.documents.errors import NoSuchDocument, NotAPaper, OutOfStep, TooManyPapers
from latchstring.documents.forget_abandoned import forget_abandoned
from latchstring.documents.give import give
from latchstring.documents.go_on_sending import go_on_sending
from latchstring.documents.inspect import inspect, inspect_document
from latchstring.documents.models import Document, Sending
from latchstring.documents.queries import (
    DocumentView,
    Picture,
    UploadView,
    document_of,
    given_by,
    of_household,
    page,
    page_png,
    sending_of,
    sent_so_far,
    waiting,
)
from latchstring.documents.refuse import refuse
from latchstring.documents.remove import remove
from latchstring.documents.words import problem_words, refusal_words

__all__ = [
    "Document",
    "DocumentView",
    "NoSuchDocument",
    "NotAPaper",
    "OutOfStep",
    "Picture",
    "Sending",
    "TooManyPapers",
    "UploadView",
    "accept",
    "begin_sending",
    "document_of",
    "files_without_a_row",
    "forget_abandoned",
    "give",
    "given_by",
    "go_on_sending",
    "inspect",
    "inspect_document",
    "never_inspected",
    "of_household",
    "page",
    "page_png",
    "pages_missing",
    "problem_words",
    "refusal_words",
    "refuse",
    "remove",
    "rows_without_a_file",
    "sending_of",
    "sent_so_far",
    "waiting",
]
