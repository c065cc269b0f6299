"""The audit trail: one append-only row for each deed, chained by hash within an organisation."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from records.models.owned import OwnedManager, OwnedModel


class ChainHead(models.Model):
    """The end of one organisation's chain; the row without one is the installation's."""

    organisation = models.OneToOneField(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [
            # A unique column lets several nulls through; the installation has one chain only.
            models.UniqueConstraint(Coalesce("organisation", models.Value(0)), name="one_chain_each")
        ]

    def __str__(self) -> str:
        return f"chain {self.organisation_id or 'of the installation'} at {self.seq}"


class Event(OwnedModel):
    """Who did what to which object and when; `hash` covers every other field."""

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    seq = models.PositiveBigIntegerField()
    at_utc = models.DateTimeField()
    at_tz = models.CharField(max_length=64)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor_kind = models.CharField(max_length=20)
    on_behalf_of = models.CharField(max_length=64, blank=True)
    session_ref = models.CharField(max_length=64, blank=True)
    ip_ref = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=120)
    object_version = models.PositiveBigIntegerField(null=True)
    before_json = models.JSONField(default=dict)
    after_json = models.JSONField(default=dict)
    reason_code = models.CharField(max_length=40, blank=True)
    reason_text = models.TextField(blank=True)
    op_id = models.UUIDField(default=uuid.uuid4)
    request_id = models.CharField(max_length=64, blank=True)
    app_version = models.CharField(max_length=20)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = OwnedManager["Event"]()

    class Meta(OwnedModel.Meta):
        indexes = [models.Index(fields=["object_type", "object_id", "object_version"], name="event_object")]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "seq"], name="event_seq_in_organisation"),
            models.UniqueConstraint(
                fields=["seq"], condition=Q(organisation=None), name="event_seq_of_installation"
            ),
            models.UniqueConstraint(
                fields=["organisation", "actor", "op_id"], name="event_operation_in_organisation"
            ),
            models.UniqueConstraint(
                fields=["actor", "op_id"],
                condition=Q(organisation=None),
                name="event_operation_of_installation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"
