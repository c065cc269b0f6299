"""Places in an organisation that are held for an address."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Membership, Organisation
from accounts.models.person import User
from records.models import OwnedManager, OwnedModel, OwnedQuerySet


class InvitationQuerySet(OwnedQuerySet["Invitation"]):
    def standing(self) -> InvitationQuerySet:
        """Neither accepted nor revoked; its time may have run out."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self) -> InvitationQuerySet:
        """What can be accepted now."""
        return self.standing().filter(expires_at__gt=timezone.now())


class Invitation(OwnedModel):
    """A place in an organisation, held for an address until its owner takes it or the time runs out."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=20, choices=Membership.Role)
    token_hash = models.CharField(max_length=64, blank=True)  # of the link in the newest mail
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedManager["Invitation"](InvitationQuerySet)

    class Meta(OwnedModel.Meta):
        ordering = ["email"]
        indexes = [models.Index(fields=["token_hash"], name="invitation_by_link")]
        constraints = [
            models.UniqueConstraint(
                "organisation", Lower("email"), name="one_standing_invitation_for_an_address",
                condition=models.Q(accepted_at=None, revoked_at=None),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}: {self.role}"

    @property
    def has_run_out(self) -> bool:
        return self.expires_at <= timezone.now()
