"""The staff's forms. They check shape only; whether a thing may be done is the verb's to say."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from latchstring.kernel import clock
from latchstring.kernel.limits import FREE_TEXT_CHARACTERS_MAX
from latchstring.programs import door as programs
from latchstring.web.desk.words import HOW_HELD, NAMED_PAYEES, STAGES

ANSWER_DAYS = 14  # shown first; the caseworker sets the day


class Form(forms.Form):
    """A form whose fields carry the classes and the error wiring of the design system."""

    required_css_class = "required"

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", _css(field.widget))


def _css(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Textarea):
        return "ls-textarea"
    if isinstance(widget, forms.Select):
        return "ls-select"
    return "ls-input"


def _words(label: Any, *, required: Any, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=FREE_TEXT_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required},
        **more,
    )


def _papers() -> list[tuple[str, Any]]:
    """Every kind of paper, in the reader's language."""
    tongue = get_language() or "en"
    kinds = programs.papers()
    return [("", _("Choose one")), *((kind, programs.paper_words(kind, tongue)) for kind in kinds)]


class ApproveForm(Form):
    """The second person's yes: nothing to type."""


class SendBackForm(Form):
    """Why a decision goes back."""

    why = _words(
        _("What should be changed, and why?"),
        required=_("Please say what should be changed: the caseworker reads this."),
    )


class AskForm(Form):
    """Something the resident is asked for."""

    what = forms.ChoiceField(
        label=_("What do you need?"),
        choices=_papers,
        error_messages={"required": _("Please choose what you need.")},
    )
    words = _words(
        _("Your words to the resident"),
        required=_("Please write a sentence or two: the resident reads exactly this."),
        help_text=_("Plain words. Say what would be enough, and what to do if they cannot get it."),
    )
    answer_by = forms.DateField(
        label=_("Answer by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Please set a day to answer by."),
            "invalid": _("Please write the day like 2026-11-30."),
        },
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["answer_by"].initial = clock.today() + timedelta(days=ANSWER_DAYS)


class RefuseDocumentForm(Form):
    """Why a document cannot be used; the resident reads it."""

    reason = _words(
        _("Why can it not be used? What would help?"),
        required=_("Please say why: the resident reads this and sends another."),
        rows=2,
    )


class GoOnForm(Form):
    """Why a case goes on without another agency's answer."""

    reason = _words(
        _("What stands in for the answer?"),
        required=_("Please say what you go by instead: an auditor reads this."),
        rows=2,
    )


class DenyForm(Form):
    """A denial: the reason, the law, and the last day to appeal. The verb refuses it without."""

    reason = _words(
        _("Reason, in plain words to the resident"),
        required=_("A denial needs its reason. Say which rule is not met and with what numbers."),
    )
    legal_basis = _words(
        _("The law or rule it rests on"),
        required=_("A denial needs its legal basis: name the statute, regulation or FAQ."),
        rows=2,
    )
    appeal_until = forms.DateField(
        label=_("Last day to appeal"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The letter tells the resident how to appeal and until this day."),
        error_messages={
            "required": _("A denial cannot go out without appeal rights. Set the last day."),
            "invalid": _("Please write the day like 2026-11-30."),
        },
    )


class PrepareForm(Form):
    """An approval to prepare; where the desk chooses for how many months, it says so here."""

    def __init__(self, *given: Any, most: int | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        if most is not None:
            wrong = _("Write a whole number of months, 1 to %(most)s.") % {"most": most}
            self.fields["months"] = forms.IntegerField(
                label=_("For how many months?"),
                help_text=_("At most %(most)s; then the household is looked at again.")
                % {"most": most},
                min_value=1,
                max_value=most,
                initial=most,
                widget=forms.NumberInput(attrs={"class": "ls-input", "inputmode": "numeric"}),
                error_messages=dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value"), wrong
                ),
            )


class LookedAtForm(Form):
    """Rules that no machine covers: those that were looked at, and what was seen."""

    rules = forms.MultipleChoiceField(
        label=_("What have you looked at?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Check what you have looked at.")},
    )
    words = _words(
        _("What did you see?"),
        required=_("Please write a few words: an auditor reads this."),
        rows=2,
    )

    def __init__(self, *given: Any, rules: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["rules"].choices = rules  # type: ignore[attr-defined]


class InterviewForm(Form):
    """The interview: when and how it was held, or why it was not."""

    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Please set the day."),
            "invalid": _("Please write the day like 2026-11-30."),
        },
    )
    how = forms.ChoiceField(
        label=_("How?"),
        choices=list(HOW_HELD.items()),
    )
    words = _words(
        _("What was said, or why it was waived"),
        required=_("Please write a few words: an auditor reads this."),
        rows=2,
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["on"].initial = clock.today()


class SetAmountForm(Form):
    """An amount that the agency sets, and where it comes from."""

    amount = forms.DecimalField(
        label=_("Amount in dollars"),
        min_value=0,
        max_digits=9,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages=dict.fromkeys(
            (
                "required",
                "invalid",
                "min_value",
                "max_digits",
                "max_decimal_places",
                "max_whole_digits",
            ),
            _("Write an amount like 640.00."),
        ),
    )
    words = _words(
        _("Where does it come from, and why this much?"),
        required=_("Please name the table or rule: an auditor reads this."),
        rows=2,
    )


ACCOUNT_WRONG = {
    "routing": _("This is not a routing number. It is nine digits, at the bottom of a check."),
    "account": _("This is not an account number. It has 4 to 17 digits or letters."),
    "returned_by_the_bank": _(
        "The bank sent money back from this account before. Please ask for another account."
    ),
}


class AccountForm(Form):
    """A payee's bank account. What is typed is shown again only after a mistake."""

    routing = forms.CharField(
        label=_("Routing number"),
        max_length=9,
        error_messages={"required": _("Please enter the routing number.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    account = forms.CharField(
        label=_("Account number"),
        max_length=17,
        error_messages={"required": _("Please enter the account number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind of account"),
        choices=[("checking", _("Checking")), ("savings", _("Savings"))],
    )
    owner = forms.ChoiceField(
        label=_("Whose account"),
        choices=[("business", _("A business")), ("consumer", _("A person"))],
    )


class PayeeForm(Form):
    """Who is paid: landlord, utility company, resident."""

    payee_kind = forms.ChoiceField(label=_("Who is it?"), choices=list(NAMED_PAYEES.items()))
    name = forms.CharField(
        label=_("Name of the person or company"),
        max_length=120,
        error_messages={"required": _("Write the name of the person or company to pay.")},
    )
    street = forms.CharField(label=_("Street"), max_length=120, required=False)
    city = forms.CharField(label=_("City"), max_length=60, required=False)
    zip = forms.CharField(label=_("ZIP code"), max_length=10, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)


class NoteForm(Form):
    """A caseworker's own note."""

    words = _words(_("Note"), required=_("Please write something first."), rows=3)


STAGE_CHOICES = [("", _("Every stage")), *STAGES.items()]


class QueueFilters(forms.Form):
    """What to show of the queue. Anything odd is left out rather than refused."""

    stage = forms.ChoiceField(required=False, choices=STAGE_CHOICES)
    county = forms.CharField(required=False, max_length=5)
    program = forms.CharField(required=False, max_length=40)
    mine = forms.BooleanField(required=False)
    q = forms.CharField(required=False, max_length=40)

    def asked(self) -> dict[str, Any]:
        """Return the filters that hold."""
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value}
