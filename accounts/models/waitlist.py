"""Who waits for a place: an entry of the waitlist, from joining to an account or to leaving."""

from __future__ import annotations

import uuid

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.countries import known_country
from accounts.models.invitation import Invitation
from accounts.models.names import one_line
from accounts.models.organisation import Organisation
from accounts.models.person import User

NOTE_MOST = 4000  # code points of a note
SORTS: dict[
    str, tuple[str | Combinable, ...]
] = {  # how a list may be sorted, by the word of its address: the columns
    "joined": ("-joined_at", "-pk"),
    "oldest": ("joined_at", "pk"),
    "name": (Lower("name"), "pk"),
    "organisation": (Lower("organisation_name"), "pk"),
    "state": ("state", "-joined_at"),
    "country": ("country", "-joined_at"),
}


class WaitlistEntryQuerySet(models.QuerySet["WaitlistEntry"]):
    def standing(self) -> WaitlistEntryQuerySet:
        """All but those that left: what is on the list."""
        return self.exclude(state=WaitlistEntry.State.LEFT)

    def confirmed(self) -> WaitlistEntryQuerySet:
        """What was confirmed and waits for an invitation."""
        return self.filter(state=WaitlistEntry.State.CONFIRMED)

    def invitable(self) -> WaitlistEntryQuerySet:
        """What can be invited now: confirmed, or invited before and revoked since."""
        return self.filter(state__in=INVITABLE)

    def found_by(self, words: str) -> WaitlistEntryQuerySet:
        """Those whose name, address or organisation holds these words."""
        held = Q(name__holds=words) | Q(email__holds=words) | Q(organisation_name__holds=words)
        return self.filter(held) if words else self

    def chosen(self, *, state: str, kind: str, interest: str, country: str) -> WaitlistEntryQuerySet:
        """Those of this state, kind, interest and country; of any where it is empty, but for who left."""
        rows = self.filter(state=state) if state else self.standing()
        if interest:
            rows = rows.filter(**{WaitlistEntry.Interest(interest).value: True})
        wanted = {"kind": kind, "country": country}
        return rows.filter(**{field: value for field, value in wanted.items() if value})

    def sorted_by(self, sort: str) -> WaitlistEntryQuerySet:
        return self.order_by(*SORTS.get(sort, SORTS["joined"]))

    def at_address(self, email: str) -> WaitlistEntryQuerySet:
        return self.standing().filter(email__iexact=email)


class WaitlistEntry(models.Model):
    """One person on the waitlist. Leaving erases all that tells of the person; what stays is for counting."""

    class State(models.TextChoices):
        JOINED = "joined", _("Joined")
        CONFIRMED = "confirmed", _("Confirmed")
        INVITED = "invited", _("Invited")
        REVOKED = "revoked", _("Invitation revoked")
        ACTIVE = "active", _("Active")
        LEFT = "left", _("Left")

    class Kind(models.TextChoices):
        """The four of an organisation, and who waits for other reasons."""

        MANUFACTURER = Organisation.Kind.MANUFACTURER.value, Organisation.Kind.MANUFACTURER.label
        CDMO = Organisation.Kind.CDMO.value, Organisation.Kind.CDMO.label
        BOTH = Organisation.Kind.BOTH.value, Organisation.Kind.BOTH.label
        CONSULTANCY = Organisation.Kind.CONSULTANCY.value, Organisation.Kind.CONSULTANCY.label
        VENDOR = "vendor", _("Vendor of equipment or software")
        OTHER = "other", _("Other")

    class Role(models.TextChoices):
        QUALITY = "quality", _("Quality")
        LEADERSHIP = "leadership", _("Site leadership")
        MANUFACTURING = "manufacturing", _("Manufacturing or MSAT")
        DIGITAL = "digital", _("IT, automation or data science")
        REGULATORY = "regulatory", _("Regulatory affairs")
        CONSULTING = "consulting", _("Consulting")
        OTHER = "other", _("Other")

    class Interest(models.TextChoices):
        """Each is also the name of its field."""

        EARLY_ACCESS = "early_access", _("Early access for one of our sites")
        PILOT_TALKS = "pilot_talks", _("Pilot discussions")
        UPDATES = "updates", _("Updates")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.JOINED)
    name = models.CharField(_("name"), max_length=120, blank=True, validators=[one_line])
    email = models.EmailField(_("work e-mail"), blank=True)
    organisation_name = models.CharField(_("organisation"), max_length=120, blank=True, validators=[one_line])
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    role = models.CharField(_("role"), max_length=20, choices=Role, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, validators=[known_country])
    early_access = models.BooleanField(default=False)
    pilot_talks = models.BooleanField(default=False)
    updates = models.BooleanField(default=False)
    consent = models.TextField(blank=True)  # the wording as it stood on the page
    consented_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    active_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)  # of the confirming link in the newest mail
    token_until = models.DateTimeField(null=True, blank=True)
    # Of one that left: a code of the address, for a day, so that nobody can have it mailed again at once.
    address_code = models.CharField(max_length=64, blank=True)
    invitation = models.OneToOneField(
        Invitation, on_delete=models.PROTECT, null=True, blank=True, related_name="waitlist_entry"
    )
    note = models.TextField(_("note"), blank=True, validators=[MaxLengthValidator(NOTE_MOST)])
    noted_at = models.DateTimeField(null=True, blank=True)
    note_version = models.PositiveIntegerField(default=0)  # goes up with each note that is kept
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = WaitlistEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-joined_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-joined_at"], name="waitlist_by_state"),
            models.Index(fields=["token_hash"], name="waitlist_by_link"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="one_waitlist_entry_for_an_address", condition=~Q(state="left")
            ),
            models.CheckConstraint(
                condition=~Q(state="left") | Q(name="", email="", organisation_name="", note=""),
                name="who_left_is_erased",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"waitlist entry {self.uuid}, {self.state}"

    @property
    def interests(self) -> list[WaitlistEntry.Interest]:
        """What was chosen, in the order of the form."""
        return [interest for interest in self.Interest if getattr(self, interest.value)]

    @property
    def has_left(self) -> bool:
        return self.state == self.State.LEFT

    @property
    def is_invitable(self) -> bool:
        return self.state in INVITABLE

    @property
    def awaits_confirmation(self) -> bool:
        return self.state == self.State.JOINED

    @property
    def link_has_run_out(self) -> bool:
        """Whether the confirming link came too late to be used."""
        return self.token_until is not None and self.token_until <= timezone.now()


INVITABLE = (WaitlistEntry.State.CONFIRMED, WaitlistEntry.State.REVOKED)
