"""People, the organisations they belong to, and who may look in from outside."""

from accounts.models.addresses import plain_address, shown_address
from accounts.models.engagement import Consultant, Engagement
from accounts.models.invitation import Invitation
from accounts.models.names import one_line
from accounts.models.organisation import Membership, Organisation, Site
from accounts.models.person import User
from accounts.models.waitlist import WaitlistEntry

__all__ = [
    "Consultant",
    "Engagement",
    "Invitation",
    "Membership",
    "Organisation",
    "Site",
    "User",
    "WaitlistEntry",
    "one_line",
    "plain_address",
    "shown_address",
]
