"""Forms of a review: a decision, the closing statement, a reply to a question, an answer to a change."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import PlainForm
from assessments.forms.answers import OwnWords

ASK = "ask"


class WordsForm(PlainForm):
    """A form whose service says what is wrong by the names of its fields."""

    def take(self, error: ValidationError) -> None:
        """Put what the service refused on the form, which then has errors."""
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                self.add_error(name if name in self.fields else None, errors)
        else:
            self.add_error(None, error)


class DecisionForm(WordsForm):
    """One answer under review: accept it, set another level, or ask the site first."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("accepted", ""), ("set", ""), (ASK, "")],
        error_messages={
            "required": _("Choose what you decide."),
            "invalid_choice": _("Choose what you decide."),
        },
    )
    level = forms.TypedChoiceField(
        label=_("The level that you set"),
        choices=[("", ""), *((str(level), str(level)) for level in range(6))],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Choose a level from 0 to 5.")},
    )
    reason = OwnWords(label=_("Reason"))
    pointer = OwnWords(label=_("Where in the evidence"))
    text = OwnWords(label=_("Question to the site"))
    revision = forms.IntegerField(min_value=1)
    base_version = forms.IntegerField(min_value=0)

    def typed(self) -> dict[str, str]:
        """What was posted, good or bad, for the page that gives it back."""
        return {name: self.data.get(name, "") for name in self.fields}


class StatementForm(WordsForm):
    """What closes a review."""

    statement = OwnWords(label=_("Closing statement"))
    revision = forms.IntegerField(min_value=1)


class ReplyForm(WordsForm):
    """What the site says to a reviewer's question."""

    text = OwnWords(label=_("Reply"))


class StanceForm(WordsForm):
    """Whether the owner agrees to a level that was set."""

    stance = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("agree", _("Agree")), ("disagree", _("Disagree"))],
        error_messages={
            "required": _("Choose whether you agree."),
            "invalid_choice": _("Choose whether you agree."),
        },
    )
    text = OwnWords(label=_("In your words"))
