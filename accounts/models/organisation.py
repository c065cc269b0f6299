"""The organisations that people belong to, and the sites that are assessed."""

from __future__ import annotations

import uuid
from datetime import date
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.names import one_line
from accounts.models.person import User
from records.models import OwnedManager, OwnedModel, OwnedQuerySet


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: User) -> OrganisationQuerySet:
        """The organisations that this person is a member of, with their role there as `role`."""
        return self.filter(memberships__user=user).annotate(role=F("memberships__role"))


class Organisation(models.Model):
    """A company that assesses its sites, or that reviews others."""

    class Kind(models.TextChoices):
        MANUFACTURER = "manufacturer", _("Manufacturer")
        CDMO = "cdmo", _("CDMO")
        BOTH = "both", _("Manufacturer and CDMO")
        CONSULTANCY = "consultancy", _("Consultancy")

    class Paper(models.TextChoices):
        A4 = "A4", _("A4")
        LETTER = "letter", _("US Letter")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120, validators=[one_line])
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.MANUFACTURER)
    paper = models.CharField(_("paper of reports"), max_length=10, choices=Paper, default=Paper.A4)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Site(OwnedModel):
    """A plant of an organisation; its time zone is the one that its pages and reports use."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("name"), max_length=120, validators=[one_line])
    place = models.CharField(_("place"), max_length=120, blank=True, validators=[one_line])
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Berlin")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedManager["Site"]()

    class Meta(OwnedModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "organisation", Lower("name"), name="site_name_in_organisation",
                violation_error_message=_("Your organisation already has a site of this name."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def today(self) -> date:
        """The day it is at the site now."""
        return timezone.localdate(timezone=ZoneInfo(self.time_zone))


class MembershipQuerySet(OwnedQuerySet["Membership"]):
    def held_by(self, user: User) -> MembershipQuerySet:
        return self.filter(user=user)


class MembershipManager(OwnedManager["Membership"]):
    def __init__(self) -> None:
        super().__init__(MembershipQuerySet)

    def held_by(self, user: User) -> MembershipQuerySet:
        """This person's own places: a way in, since it says whose."""
        held: MembershipQuerySet = self._everything().held_by(user)
        return held


class Membership(OwnedModel):
    """A person's place in an organisation; the role decides what they may do there."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        RESPONDENT = "respondent", _("Respondent")
        VIEWER = "viewer", _("Viewer")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipManager()

    class Meta(OwnedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_place_in_an_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}: {self.role}"
