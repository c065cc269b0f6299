"""People, the organisations they belong to, and who may look in from outside."""

from accounts.models.engagement import Consultant, Engagement
from accounts.models.invitation import Invitation
from accounts.models.names import one_line
from accounts.models.organisation import Membership, Organisation, Site
from accounts.models.person import User

__all__ = [
    "Consultant",
    "Engagement",
    "Invitation",
    "Membership",
    "Organisation",
    "Site",
    "User",
    "one_line",
]
