"""Addresses of organisations and sites."""

from django.urls import path

from accounts.views import sites

app_name = "accounts"

urlpatterns = [
    # /organisations/<uuid>/sites/
    path("<uuid:uuid>/sites/", sites.sites, name="sites"),
    path("<uuid:uuid>/sites/add/", sites.add, name="site_add"),
    path("<uuid:uuid>/sites/<uuid:site_uuid>/", sites.change, name="site_change"),
]
