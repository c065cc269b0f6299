"""The countries that a form offers: codes of ISO 3166-1 and their English names, from django-countries."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_countries import countries


def country_choices() -> list[tuple[str, str]]:
    """(code, name) of every country, by name."""
    return [(country.code, country.name) for country in countries]


def country_name(code: str) -> str:
    """The name of a country; empty for no code and for one that is none."""
    return str(countries.name(code)) if code else ""


def known_country(code: str) -> None:
    """Refuses what is no code of a country."""
    if code not in countries:
        raise ValidationError(_("Choose a country of the list."))
