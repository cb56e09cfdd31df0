"""What can be wrong with a rule's text. Nothing here is ever raised while a rule runs.

RuleError            position in the text, a message, how to mend it
├── SyntaxWrong      the text is not a rule
├── UnknownName      a fact, function, table or column that does not exist
├── TypeWrong        the parts exist but do not go together
└── NotForMany       right, but not yet for a million rows at once (lists of records)
"""

from difflib import get_close_matches


class RuleError(Exception):
    """This rule cannot be read."""

    def __init__(self, message: str, at: tuple[int, int] = (0, 1), text: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.text = text

    def shown(self) -> str:
        """Write the line of the rule that is wrong, a caret under the place, and the message."""
        if not self.text:
            return self.message
        start = min(max(self.at[0], 0), len(self.text))
        line_start = self.text.rfind("\n", 0, start) + 1
        line_end = self.text.find("\n", start)
        line = self.text[line_start : line_end if line_end >= 0 else len(self.text)]
        width = max(1, min(self.at[1], line_start + len(line)) - start)
        pad = "".join("\t" if c == "\t" else " " for c in line[: start - line_start])
        return f"{line}\n{pad}{'^' * width}\n{self.message}"


class SyntaxWrong(RuleError):
    """This is not a rule."""


class UnknownName(RuleError):
    """There is no such name."""


class TypeWrong(RuleError):
    """These parts do not go together."""


class NotForMany(RuleError):
    """This part of a rule works for one household at a time only."""


def did_you_mean(name: str, known: list[str]) -> str:
    """Suggest the nearest known name, or nothing when none is near."""
    near = nearest(name, known)
    return f" Did you mean {near}?" if near else ""


def nearest(name: str, known: list[str]) -> str:
    """Return the known name that is most like another; nothing when none is near."""
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.6)), "")
