"""Addresses of organisations: their sites, members and engagements."""

from django.urls import path

from accounts.views import engagements, members, organisation, sites

app_name = "accounts"

urlpatterns = [
    # /organisations/<uuid>/
    path("<uuid:uuid>/", organisation.organisation, name="organisation"),
    # /organisations/<uuid>/sites/
    path("<uuid:uuid>/sites/", sites.sites, name="sites"),
    path("<uuid:uuid>/sites/add/", sites.add, name="site_add"),
    path("<uuid:uuid>/sites/<uuid:site_uuid>/", sites.change, name="site_change"),
    path("<uuid:uuid>/sites/<uuid:site_uuid>/remove/", sites.remove, name="site_remove"),
    # /organisations/<uuid>/members/
    path("<uuid:uuid>/members/", members.members, name="members"),
    path("<uuid:uuid>/members/leave/", members.leave, name="leave"),
    path("<uuid:uuid>/members/<uuid:user_uuid>/", members.change_member, name="member"),
    path("<uuid:uuid>/members/<uuid:user_uuid>/remove/", members.remove, name="member_remove"),
    path("<uuid:uuid>/invitations/", members.invite_member, name="invite"),
    path("<uuid:uuid>/invitations/<uuid:invitation_uuid>/resend/", members.resend, name="invitation_resend"),
    path("<uuid:uuid>/invitations/<uuid:invitation_uuid>/revoke/", members.revoke, name="invitation_revoke"),
    # /organisations/<uuid>/engagements/
    path("<uuid:uuid>/engagements/", engagements.engagements, name="engagements"),
    path("<uuid:uuid>/engagements/begin/", engagements.begin, name="engage"),
    path("<uuid:uuid>/engagements/<uuid:engagement_uuid>/", engagements.change, name="engagement_change"),
    path("<uuid:uuid>/engagements/<uuid:engagement_uuid>/end/", engagements.end, name="engagement_end"),
    path(
        "<uuid:uuid>/engagements/<uuid:engagement_uuid>/consultants/",
        engagements.name,
        name="consultant_name",
    ),
    path(
        "<uuid:uuid>/engagements/<uuid:engagement_uuid>/consultants/<uuid:consultant_uuid>/strike/",
        engagements.strike,
        name="consultant_strike",
    ),
]
