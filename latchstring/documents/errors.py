"""What papers can go wrong with.

LatchstringError
├── Invalid
│   ├── NotAPaper        not a picture or PDF, empty, or too large to take
│   └── TooManyPapers    more files than one application may hold
├── Conflict
│   └── OutOfStep        bytes of a file came from another place than it has reached
└── NotFound
    └── NoSuchDocument   or not one this household gave
"""

from latchstring.kernel.errors import Conflict, Invalid, NotFound


class NotAPaper(Invalid):
    """We can take a photo (JPEG, PNG, HEIC, WebP) or a PDF, up to 20 MB each."""


class TooManyPapers(Invalid):
    """That is more files than we can take here. Remove one first."""


class OutOfStep(Conflict):
    """This file has come further, or not as far. Ask where it stands and go on from there."""


class NoSuchDocument(NotFound):
    """We could not find that paper."""
