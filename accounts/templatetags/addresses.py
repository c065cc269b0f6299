"""E-mail addresses on pages where somebody must judge them."""

from __future__ import annotations

from django import template

from accounts.models import shown_address

register = template.Library()
register.filter("shown_address", shown_address)
