"""Income in words: how each source becomes a month, the same on every page that shows it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latchstring.applications import words
from latchstring.people import door as people
from latchstring.programs import door as programs


def source_in_words(line: people.IncomeView, language: str) -> str:
    """Write what one source pays, the arithmetic on it, and what it comes to in a month."""
    amount = programs.text(line.amount, language)
    paid, sum_of_it = f"{amount} {words.PERIODS[line.period]}", ""
    if line.period == people.VARIES:
        over = ngettext(
            "%(amount)s over %(n)s month", "%(amount)s over %(n)s months", line.over_months
        )
        paid = over % {"amount": amount, "n": line.over_months}
        sum_of_it = f" ÷ {line.over_months}" if line.over_months > 1 else ""
    elif line.period != "monthly":
        times = people.TIMES_A_YEAR[line.period]
        sum_of_it = f" × {times} ÷ 12" if times > 1 else " ÷ 12"
    if not line.counts:
        return _("%(paid)s: help that does not count as income") % {"paid": paid}
    return _("%(sum)s = %(monthly)s a month (%(yearly)s a year)") % {
        "sum": paid + sum_of_it,
        "monthly": programs.text(line.monthly, language),
        "yearly": programs.text(line.yearly, language),
    }


def together_in_words(sums: people.IncomeSums, language: str) -> str:
    """Write what all that counts comes to in a year, and a twelfth of it."""
    return _("%(annual)s a year ÷ 12 = %(monthly)s a month") % {
        "annual": programs.text(sums.annual, language),
        "monthly": programs.text(sums.monthly, language),
    }
