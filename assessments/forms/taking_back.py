"""The form that takes back a change."""

from __future__ import annotations

from django import forms


class TakeBackForm(forms.Form):
    """Names the operation, so that a form sent twice is one."""

    op_id = forms.UUIDField()
