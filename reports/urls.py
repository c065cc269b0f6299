"""Addresses of an assessment's reports."""

from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    # /assessments/<uuid>/reports/
    path("", views.report_list, name="list"),
    path("ask/", views.ask, name="ask"),
    path("<uuid:report_uuid>/", views.report, name="report"),
    path("<uuid:report_uuid>/file/", views.file, name="file"),
]
