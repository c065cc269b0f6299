"""Addresses of a programme admin: the waitlist, and mails that were not sent."""

from django.urls import path

from accounts.views import programme, unsent

app_name = "programme"

urlpatterns = [
    # /programme/
    path("", programme.front, name="front"),
    # /programme/waitlist/
    path("waitlist/", programme.waitlist, name="waitlist"),
    path("waitlist/invite/", programme.invite, name="invite"),
    path("waitlist/counts/", programme.counts, name="counts"),
    path("waitlist/export/<str:ending>/", programme.export, name="export"),
    path("waitlist/<uuid:uuid>/", programme.entry, name="entry"),
    path("waitlist/<uuid:uuid>/note/", programme.note, name="note"),
    path("waitlist/<uuid:uuid>/invite-again/", programme.again, name="invite_again"),
    path("waitlist/<uuid:uuid>/revoke/", programme.revoke, name="revoke"),
    path("waitlist/<uuid:uuid>/erase/", programme.erase, name="erase"),
    # /programme/mails/
    path("mails/", unsent.unsent, name="unsent"),
    path("mails/<uuid:uuid>/send-again/", unsent.again, name="send_again"),
]
