"""The root of the errors. A class's docstring is what the person is told unless it says more.

LatchstringError
├── Invalid        what was given does not hold (fields: name -> message)   HTTP 422
├── NotAllowed     one may know of it, but not do it                         HTTP 403
├── NotFound       no such thing for the one who asks                        HTTP 404
├── Conflict       someone else was first, or the state has moved on         HTTP 409
└── Unavailable    a part we depend on does not answer just now              HTTP 503
"""


class LatchstringError(Exception):
    """Something went wrong on our side. Nothing was changed. Please try again."""

    def __init__(self, message: str | None = None, **details: object) -> None:
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        self.details = details
        super().__init__(self.message)


class Invalid(LatchstringError):
    """Something in what you entered needs another look."""

    def __init__(self, message: str | None = None, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class NotAllowed(LatchstringError):
    """You cannot do this with your role."""


class NotFound(LatchstringError):
    """We could not find that."""


class Conflict(LatchstringError):
    """This has changed since you opened it. Please look again."""


class Unavailable(LatchstringError):
    """A service we depend on does not answer just now. Please try again in a few minutes."""
