"""Addresses of an assessment's reports."""

from django.urls import path

from reports import views
from reports.models import Report

app_name = "reports"

urlpatterns = [
    # /assessments/<uuid>/reports/
    path("", views.report_list, name="list"),
    path("ask/", views.ask, {"kind": Report.Kind.FULL}, name="ask"),
    path("ask/brief/", views.ask, {"kind": Report.Kind.BRIEF}, name="ask_brief"),
    path("ask/questionnaire/", views.ask, {"kind": Report.Kind.BLANK}, name="ask_blank"),
    path("ask/workbook/", views.ask, {"kind": Report.Kind.WORKBOOK}, name="ask_workbook"),
    path("plan/", views.plan_table, name="plan_table"),
    path("figures/<slug:figure>/<slug:ending>/", views.figure_file, name="figure"),
    path(
        "revisions/<int:revision>/<slug:kind>/figures/<slug:figure>/<slug:ending>/",
        views.revision_figure_file,
        name="revision_figure",
    ),
    path("<uuid:report_uuid>/", views.report, name="report"),
    path("<uuid:report_uuid>/file/", views.file, name="file"),
]
