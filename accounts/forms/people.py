"""Forms of people: a new account, signing in, passwords and addresses."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import AddressField, PlainForm
from accounts.models import User, one_line


class AcceptForm(PlainForm):
    """Name and password of a new account."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[one_line],
        help_text=_("As colleagues and reports show it."),
    )
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    password2 = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.email = email

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, second = values.get("password1"), values.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        if first:
            try:
                validate_password(first, User(email=self.email, name=values.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return values

    def account(self) -> dict[str, str]:
        """What the new account is made with."""
        return {"name": self.cleaned_data["name"], "password": self.cleaned_data["password1"]}


class ProfileForm(PlainForm):
    """What somebody is called, and what they do."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As colleagues and reports show it."),
    )
    job_title = forms.CharField(
        label=_("Your function"),
        max_length=120,
        validators=[one_line],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        help_text=_("Such as head of quality. Members of your organisation see it beside your name."),
    )


class Labelled(forms.Form):
    """A form of allauth with our labels, which its page and its list of faults then both use."""

    labels: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in self.labels.items():
            self.fields[name].label = label


class SignInForm(Labelled, allauth.LoginForm):
    labels: ClassVar = {"login": _("Work e-mail")}


class AddEmailForm(allauth.AddEmailForm):
    email = AddressField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class PasswordForm(Labelled, allauth.SetPasswordForm):
    labels: ClassVar = {"password1": _("New password"), "password2": _("New password again")}


class PasswordChangeForm(Labelled, allauth.ChangePasswordForm):
    labels: ClassVar = {"oldpassword": _("Present password"), **PasswordForm.labels}


class PasswordResetForm(Labelled, allauth.ResetPasswordForm):
    labels: ClassVar = {"email": _("E-mail address")}


class PasswordFromLinkForm(Labelled, allauth.ResetPasswordKeyForm):
    labels: ClassVar = PasswordForm.labels
