"""The documents room's door."""

from latchstring.documents.accept import accept
from latchstring.documents.checks import (
    files_without_a_row,
    never_inspected,
    pages_missing,
    rows_without_a_file,
)
from latchstring.documents.errors import NoSuchDocument, NotAPaper, TooManyPapers
from latchstring.documents.give import give
from latchstring.documents.inspect import inspect, inspect_document
from latchstring.documents.models import Document
from latchstring.documents.queries import (
    DocumentView,
    Picture,
    UploadView,
    document_of,
    of_household,
    page,
    page_png,
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
    "Picture",
    "TooManyPapers",
    "UploadView",
    "accept",
    "document_of",
    "files_without_a_row",
    "give",
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
    "waiting",
]
