"""The form that calls a question unclear."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import PlainForm
from frameworks.models import NOTE_LONGEST


class UnclearForm(PlainForm):
    """What is unclear, in words that anybody may read."""

    text = forms.CharField(
        label=_("What is unclear?"),
        max_length=NOTE_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("At most 1,000 characters: which word, the text of which level, what could be meant."),
        error_messages={"required": _("Say what is unclear.")},
    )

    def clean_text(self) -> str:
        """Line breaks count as one character."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").replace("\r", "\n")
