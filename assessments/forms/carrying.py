"""The forms that copy answers from an earlier assessment, and confirm them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import PlainForm
from assessments.models import Assessment


class CarryForm(PlainForm):
    """Which earlier assessment of the site the answers come from."""

    source = forms.ChoiceField(
        label=_("Copy from"),
        error_messages={
            "required": _("Choose the assessment to copy from."),
            "invalid_choice": _("Choose a submitted assessment of this site by the same framework."),
        },
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, sources: Sequence[Assessment], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sources = {str(source.uuid): source for source in sources}
        chosen: Any = self.fields["source"]
        chosen.choices = [(uuid, source.title) for uuid, source in self.sources.items()]

    def clean_source(self) -> Assessment:
        return self.sources[self.cleaned_data["source"]]


class ConfirmForm(forms.Form):
    """The codes of the questions whose answers are confirmed, parted by commas; where to go on."""

    codes = forms.CharField(max_length=40_000)
    op_id = forms.UUIDField()

    def clean_codes(self) -> list[str]:
        return [code for code in self.cleaned_data["codes"].split(",") if code]
