"""The form that leaves a whole dimension out."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import LinesField, PlainForm
from assessments.models import OWN_WORDS, REASON_LEAST, Answer

MOST_SEEN = 40_000  # characters: codes and versions of a dimension with hundreds of questions


class LeaveOutForm(PlainForm):
    """One reason for all questions of a dimension; `seen` holds the version of each answer on the page."""

    reason = LinesField(
        label=_("Why none of it applies"),
        min_length=REASON_LEAST,
        max_length=OWN_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least ten characters. It stands with each of the questions, and in the report."),
        error_messages={"min_length": _("Give the reason in at least ten characters.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=MOST_SEEN)
    op_id = forms.UUIDField(widget=forms.HiddenInput)

    def clean_seen(self) -> dict[str, int]:
        """Version by question code; what cannot be read is no version that was seen."""
        pairs = (part.rpartition(":") for part in self.cleaned_data["seen"].split(","))
        return {
            code: int(version) for code, _colon, version in pairs if version.isdecimal() and len(version) < 10
        }


def seen_in(answers: list[Answer]) -> str:
    """What the hidden control holds: the version of each answer."""
    return ",".join(f"{answer.question_code}:{answer.version}" for answer in answers)
