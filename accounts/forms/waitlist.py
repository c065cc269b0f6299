"""Forms of the waitlist: joining it, and a programme admin's work on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import AddressField, LinesField, PlainForm
from accounts.models import Organisation, WaitlistEntry, one_line
from accounts.models.countries import country_choices, country_name
from accounts.models.waitlist import NOTE_MOST, SORTS
from accounts.services.waitlist import CONSENT, Details, Invited


class Consent(forms.BooleanField):
    """Its label is the whole wording; the list of faults names it in short."""

    short_label = _("Consent")


class JoinForm(PlainForm):
    """Who wants a place: what the waitlist keeps, and a trap that only robots fill in."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Give your name.")},
    )
    email = AddressField(
        label=_("Work e-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The invitation goes here and works only for this address."),
        error_messages={
            "required": _("Give your work e-mail address."),
            "invalid": _("Give an e-mail address with an @ sign, like name@company.example."),
        },
    )
    organisation_name = forms.CharField(
        label=_("Organisation"),
        max_length=120,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Give the name of your organisation.")},
    )
    kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"),
        choices=[("", ""), *WaitlistEntry.Kind.choices],
        error_messages={"required": _("Choose the kind of organisation.")},
    )
    role = forms.ChoiceField(
        label=_("Your role"),
        choices=[("", ""), *WaitlistEntry.Role.choices],
        error_messages={"required": _("Choose your role.")},
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [("", ""), *country_choices()],
        widget=forms.Select(attrs={"autocomplete": "country"}),
        error_messages={"required": _("Choose the country of your site.")},
    )
    interests = forms.MultipleChoiceField(
        label=_("What is your interest?"),
        choices=WaitlistEntry.Interest,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose all that apply."),
        error_messages={"required": _("Choose at least one.")},
    )
    consent = Consent(label=CONSENT, error_messages={"required": _("Tick this, or we cannot keep an entry.")})
    # The trap: hidden from people, and of a name that no browser fills in by itself.
    reference = forms.CharField(required=False, max_length=1000)

    @property
    def is_from_a_robot(self) -> bool:
        return bool(self.cleaned_data["reference"])

    def details(self) -> Details:
        """What was typed, with the wording of the consent as the page showed it."""
        names = ("name", "email", "organisation_name", "kind", "role", "country", "interests")
        return Details(**{name: self.cleaned_data[name] for name in names}, consent=str(CONSENT))


class WaitlistFilter(PlainForm):
    """Which entries of the waitlist are shown, and in which order; empty shows all that stand."""

    q = forms.CharField(label=_("Search"), required=False, max_length=120)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All on the list")), *WaitlistEntry.State.choices]
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *WaitlistEntry.Kind.choices]
    )
    interest = forms.ChoiceField(
        label=_("Interest"),
        required=False,
        choices=[("", _("All interests")), *WaitlistEntry.Interest.choices],
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    sort = forms.ChoiceField(required=False, choices=[(name, name) for name in ("", *SORTS)])

    def __init__(self, *args: Any, countries: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        named = sorted((country_name(code), code) for code in countries if code)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [("", _("All countries")), *((code, name) for name, code in named)]


class NoteForm(PlainForm):
    """A programme admin's note about an entry."""

    note = LinesField(
        label=_("Note"),
        required=False,
        max_length=NOTE_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Programme admins alone see it. It is erased with the entry."),
    )
    base_version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": _("This page was incomplete when it was sent. Open the entry anew.")},
    )


class InvitedForm(PlainForm):
    """The organisation that an invited entry gets: a new one, whose kind the programme admin confirms."""

    organisation_name = forms.CharField(
        label=_("Name of the new organisation"), max_length=120, validators=[one_line]
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", ""), *Organisation.Kind.choices],
        error_messages={"required": _("Confirm the kind.")},
    )

    def __init__(self, values: Any, *, entry: WaitlistEntry) -> None:
        kind = entry.kind if entry.kind in Organisation.Kind else ""
        initial = {"organisation_name": entry.organisation_name, "kind": kind}
        super().__init__(values, prefix=str(entry.uuid), initial=initial)
        self.entry = entry

    def invited(self) -> Invited:
        return Invited(entry=self.entry.uuid, **self.cleaned_data)
