"""Forms of people, organisations and sites."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import available_timezones

from allauth.account import forms as allauth
from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Site


class SiteForm(forms.Form):
    """A site's name, place and time zone."""

    name = forms.CharField(label=_("Name"), max_length=Site._meta.get_field("name").max_length)
    place = forms.CharField(
        label=_("Place"),
        max_length=120,
        required=False,
        help_text=_("Town and country, as the report prints it."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
        help_text=_("Pages and reports of this site show their times in this zone."),
    )
    helper = FormHelper()
    helper.form_tag = False


class Labelled(forms.Form):
    """A form of allauth with our labels, which its page and its list of faults then both use."""

    labels: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in self.labels.items():
            self.fields[name].label = label


class SignInForm(Labelled, allauth.LoginForm):  # type: ignore[misc]  # allauth has no types
    labels: ClassVar = {"login": _("Work e-mail")}


class AddEmailForm(Labelled, allauth.AddEmailForm):  # type: ignore[misc]
    labels: ClassVar = {"email": _("E-mail address")}


class PasswordForm(Labelled, allauth.SetPasswordForm):  # type: ignore[misc]
    labels: ClassVar = {"password1": _("New password"), "password2": _("New password again")}


class PasswordChangeForm(Labelled, allauth.ChangePasswordForm):  # type: ignore[misc]
    labels: ClassVar = {"oldpassword": _("Present password"), **PasswordForm.labels}


class PasswordResetForm(Labelled, allauth.ResetPasswordForm):  # type: ignore[misc]
    labels: ClassVar = {"email": _("E-mail address")}


class PasswordFromLinkForm(Labelled, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    labels: ClassVar = PasswordForm.labels
