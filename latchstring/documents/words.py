"""What people are told about a paper, by code; translated in the frame's catalog."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROBLEMS: dict[str, str | Promise] = {
    "locked": _(
        "This PDF needs a password, so we cannot open it. Save a copy without a password, "
        "or take a photo of it."
    ),
    "damaged": _("We could not open this file. Please take a new photo or send another copy."),
    "too_large": _("This picture is too large for us. Please take a smaller photo."),
    "too_many_pages": _("This PDF has more than 60 pages. Please send only the pages we need."),
    "too_slow": _("This file took too long to open. Please take a photo of it instead."),
}
REFUSALS: dict[str, str | Promise] = {
    "empty": _("This file is empty. Please choose it again."),
    "too_large": _("This file is larger than 20 MB. Please take a smaller photo."),
    "wrong_type": _(
        "We can take a photo (JPEG, PNG, HEIC or WebP) or a PDF. This is another kind of file."
    ),
    "too_many": _("That is more files than we can take for one application."),
    "too_many_under_way": _(
        "Too many files are on their way at once. Let them finish, then send this one."
    ),
    "gone": _("We no longer have this file. Please choose the photo again."),
    "missing": _("Choose a photo or a file first."),
}


def problem_words(code: str) -> str:
    """Say what is wrong with an upload and what to do; empty when nothing is."""
    return str(PROBLEMS.get(code, PROBLEMS["damaged"])) if code else ""


def refusal_words(code: str) -> str:
    """Say why a file was not taken and what to do."""
    return str(REFUSALS.get(code, REFUSALS["wrong_type"]))
