"""Addresses that anybody may open: what BAMI is, the sample report, the waitlist, the small print."""

from django.urls import include, path

from accounts.views import waitlist
from assessments.views.method import public_scoring
from bami_site import views
from frameworks.views import public
from reports.views import ask_for_sample, sample, sample_figure_file, sample_file

framework = [
    path("", public.levels, name="levels"),
    path("dimensions/<str:code>/", public.dimension, name="dimension"),
    path("crosswalk/", public.crosswalk, name="crosswalk"),
    path("use-cases/", public.use_cases, name="use_cases"),
    path("scoring/", public_scoring, name="scoring"),
    path("references/", public.references, name="references"),
    path("glossary/", public.glossary, name="glossary"),
]

urlpatterns = [
    path("", views.front, name="front"),
    path("framework/", include((framework, "framework"))),
    # /sample-report/
    path("sample-report/", sample, name="sample_report"),
    path("sample-report/ask/", ask_for_sample, name="sample_report_ask"),
    path("sample-report/file/", sample_file, name="sample_report_file"),
    path(
        "sample-report/figures/<slug:figure>/<slug:ending>/", sample_figure_file, name="sample_report_figure"
    ),
    # /waitlist/
    path("waitlist/", waitlist.waitlist, name="waitlist"),
    path("waitlist/sent/", waitlist.sent, name="waitlist_sent"),
    path("waitlist/confirm/", waitlist.confirm, name="waitlist_confirm"),
    path("waitlist/confirm/<str:token>/", waitlist.confirm_link, name="waitlist_confirm_link"),
    path("waitlist/leave/", waitlist.leave, name="waitlist_leave"),
    path("waitlist/leave/<str:token>/", waitlist.leave_link, name="waitlist_leave_link"),
    # what is true of this site
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("terms/", views.terms, name="terms"),
]
