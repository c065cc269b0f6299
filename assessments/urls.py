"""Addresses of assessments: one path for each deed, POST for every change."""

from django.urls import path

from assessments.views import (
    answer_history,
    answers,
    carrying,
    comparing,
    finding,
    foundation,
    leaving_out,
    lifecycle,
    listing,
    method,
    overview,
    plan,
    results,
    review,
    review_answers,
    review_closing,
    revisions,
    saving,
    targets,
    unclear,
)

app_name = "assessments"

urlpatterns = [
    # /assessments/
    path("", listing.assessment_list, name="list"),
    path("new/", listing.start, name="start"),
    path("sites/<uuid:uuid>/", comparing.sites, name="sites"),
    # /assessments/<uuid>/ : the work list, and deeds on the whole
    path("<uuid:uuid>/", overview.overview, name="overview"),
    path("<uuid:uuid>/rename/", lifecycle.rename, name="rename"),
    path("<uuid:uuid>/archive/", lifecycle.archive, name="archive"),
    path("<uuid:uuid>/restore/", lifecycle.restore, name="restore"),
    path("<uuid:uuid>/delete/", lifecycle.delete, name="delete"),
    path("<uuid:uuid>/submit/", lifecycle.submit, name="submit"),
    path("<uuid:uuid>/submit/mark-unknown/", lifecycle.mark_unknown, name="mark_unknown"),
    path("<uuid:uuid>/reopen/", lifecycle.reopen, name="reopen"),
    path("<uuid:uuid>/history/", lifecycle.history, name="history"),
    # /assessments/<uuid>/answers/
    path("<uuid:uuid>/answers/", answers.go_on, name="answers"),
    path("<uuid:uuid>/answers/rules/", method.rules, name="rules"),
    path("<uuid:uuid>/answers/find/", finding.find, name="find"),
    path("<uuid:uuid>/answers/preferences/", answers.prefer, name="answering"),
    path("<uuid:uuid>/answers/part/", answers.show_part, name="show_part"),
    path("<uuid:uuid>/answers/<str:dimension>/", answers.dimension, name="dimension"),
    path("<uuid:uuid>/answers/<str:dimension>/<str:question>/", answers.question, name="question"),
    path("<uuid:uuid>/answers/<str:dimension>/<str:question>/save/", saving.save, name="save"),
    path(
        "<uuid:uuid>/answers/<str:dimension>/<str:question>/history/",
        answer_history.answer_history,
        name="answer_history",
    ),
    path(
        "<uuid:uuid>/answers/<str:dimension>/<str:question>/take-back/",
        answer_history.take_back_change,
        name="take_back",
    ),
    path(
        "<uuid:uuid>/answers/<str:dimension>/<str:question>/unclear/",
        unclear.call_unclear,
        name="unclear",
    ),
    path("<uuid:uuid>/carried/", carrying.carry, name="carry"),
    path("<uuid:uuid>/carried/confirm/", carrying.confirm, name="confirm_carried"),
    path("<uuid:uuid>/not-applicable/<str:dimension>/", leaving_out.leave_out, name="leave_out"),
    # /assessments/<uuid>/ : the digital plant, uses and targets
    path("<uuid:uuid>/foundation/", foundation.foundation, name="foundation"),
    path("<uuid:uuid>/targets/", targets.targets, name="targets"),
    # /assessments/<uuid>/ : what follows from it
    path("<uuid:uuid>/results/", results.results, name="results"),
    path("<uuid:uuid>/results/compare/", comparing.comparison, name="compare"),
    path("<uuid:uuid>/gaps/", plan.gaps, name="gaps"),
    path("<uuid:uuid>/use-cases/", results.use_cases, name="use_cases"),
    path("<uuid:uuid>/roadmap/", plan.roadmap, name="roadmap"),
    path("<uuid:uuid>/method/", method.scoring, name="method"),
    # /assessments/<uuid>/review/ : by the reviewers
    path("<uuid:uuid>/review/", review.review, name="review"),
    path("<uuid:uuid>/review/accept-rest/", review_closing.accept_others, name="accept_rest"),
    path("<uuid:uuid>/review/finish/", review_closing.finish, name="finish_review"),
    path("<uuid:uuid>/review/answers/<str:question>/", review.review_question, name="review_question"),
    path("<uuid:uuid>/review/answers/<str:question>/decide/", review.decide, name="decide"),
    # /assessments/<uuid>/review/ : by the client's owner
    path("<uuid:uuid>/review/inquiries/<uuid:inquiry>/reply/", review_answers.reply, name="answer_inquiry"),
    path("<uuid:uuid>/review/changes/<str:question>/answer/", review_answers.answer, name="answer_change"),
    # /assessments/<uuid>/revisions/ : what was submitted and reviewed, for ever
    path("<uuid:uuid>/revisions/<int:revision>/<str:kind>/", revisions.revision, name="revision"),
]
