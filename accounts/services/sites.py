"""The sites of an organisation."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Organisation, Site, User
from records.events import Entry, record


@transaction.atomic
def add_site(*, actor: User, organisation: Organisation, name: str, place: str, time_zone: str) -> Site:
    """A new site; its name is unique in the organisation. Raises ValidationError otherwise."""
    site = Site(organisation=organisation, name=name, place=place, time_zone=time_zone)
    site.full_clean()
    site.save(force_insert=True)
    _record_site(actor, site, "site.added", {})
    return site


@transaction.atomic
def change_site(*, actor: User, site: Site, name: str, place: str, time_zone: str) -> None:
    """Rename a site, or set its place or time zone. Raises ValidationError for a name that is taken."""
    before = _site_values(site)
    site.name, site.place, site.time_zone = name, place, time_zone
    site.full_clean()
    site.save(update_fields=["name", "place", "time_zone"])
    _record_site(actor, site, "site.changed", before)


def _site_values(site: Site) -> dict[str, str]:
    return {"name": site.name, "place": site.place, "time_zone": site.time_zone}


def _record_site(actor: User, site: Site, action: str, before: dict[str, str]) -> None:
    record(
        actor=actor,
        organisation=site.organisation,
        entry=Entry(action, "site", str(site.uuid), before=before, after=_site_values(site)),
    )
