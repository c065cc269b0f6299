"""What other forms begin with: the form itself, and fields that several have."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from accounts.models import plain_address


class PlainForm(forms.Form):
    """A form whose tag and button stay in the template."""

    helper = FormHelper()
    helper.form_tag = False


class AddressField(forms.EmailField):
    """An e-mail address as it is kept: what is checked is what comes of the letters that were typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)

    def to_python(self, value: Any) -> str:
        return plain_address(super().to_python(value) or "")


class LinesField(forms.CharField):
    """Words of several lines: a line break is one character, however a browser sends it."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return plain_breaks(super().to_python(value) or "")


def plain_breaks(text: str) -> str:
    """The text with each line break as one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
