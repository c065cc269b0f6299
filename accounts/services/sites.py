"""The sites of an organisation."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

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
    """Rename a site, or set its place or time zone.

    Raises ValidationError for a name that is taken, Site.DoesNotExist where it was removed meanwhile.
    """
    standing = Site.objects.of(site.organisation).select_for_update()
    site.refresh_from_db(fields=["name", "place", "time_zone"], from_queryset=standing)
    before = _site_values(site)
    site.name, site.place, site.time_zone = name, place, time_zone
    site.full_clean()
    site.save(update_fields=["name", "place", "time_zone"])
    _record_site(actor, site, "site.changed", before)


@transaction.atomic
def remove_site(*, actor: User, site: Site) -> None:
    """Remove a site that was never assessed.

    Raises ValidationError for one that has an assessment, Site.DoesNotExist where it was removed meanwhile.
    """
    # Locked: an assessment that is started meanwhile waits, and then finds no site.
    locked: Site = Site.objects.of(site.organisation).select_for_update().get(pk=site.pk)
    before = _site_values(locked)
    try:
        locked.delete()
    except ProtectedError:
        raise ValidationError(_("A site with assessments stays.")) from None
    entry = Entry("site.removed", "site", str(site.uuid), before=dict(before), after={})
    record(actor=actor, organisation=site.organisation, entry=entry)


def _site_values(site: Site) -> dict[str, str]:
    return {"name": site.name, "place": site.place, "time_zone": site.time_zone}


def _record_site(actor: User, site: Site, action: str, before: dict[str, str]) -> None:
    record(
        actor=actor,
        organisation=site.organisation,
        entry=Entry(action, "site", str(site.uuid), before=before, after=_site_values(site)),
    )
