"""Addresses of the content editor: one path for each deed, POST for every change."""

from django.urls import path

from frameworks.views import drafts, fields, files, notes, publication, questions

app_name = "editor"

urlpatterns = [
    # /editor/
    path("", drafts.versions, name="versions"),
    path("upload/", files.upload, name="upload"),
    path("notes/", notes.notes, name="notes"),
    # /editor/versions/<framework>/<version>/
    path("versions/<str:framework>/<str:version>/start/", drafts.start, name="start"),
    path("versions/<str:framework>/<str:version>/file/", files.version_file, name="version_file"),
    # /editor/drafts/<uuid>/ : the work list, and deeds on the whole
    path("drafts/<uuid:uuid>/", drafts.draft, name="draft"),
    path("drafts/<uuid:uuid>/copy/", drafts.copy, name="copy"),
    path("drafts/<uuid:uuid>/discard/", drafts.discard, name="discard"),
    path("drafts/<uuid:uuid>/changes/", drafts.changes, name="changes"),
    path("drafts/<uuid:uuid>/save/", fields.save, name="save"),
    # /editor/drafts/<uuid>/ : its parts
    path("drafts/<uuid:uuid>/questions/", fields.questions, name="questions"),
    path("drafts/<uuid:uuid>/questions/<str:code>/", fields.question, name="question"),
    path("drafts/<uuid:uuid>/questions/<str:code>/move/", questions.move, name="move"),
    path("drafts/<uuid:uuid>/questions/<str:code>/remove/", questions.remove, name="remove"),
    path("drafts/<uuid:uuid>/notes/<uuid:note>/settle/", questions.settle, name="settle_note"),
    path("drafts/<uuid:uuid>/dimensions/<str:code>/", fields.dimension, name="dimension"),
    path("drafts/<uuid:uuid>/dimensions/<str:code>/add/", questions.add, name="add"),
    path("drafts/<uuid:uuid>/levels/", fields.levels, name="levels"),
    path("drafts/<uuid:uuid>/crosswalk/", fields.crosswalk, name="crosswalk"),
    path("drafts/<uuid:uuid>/use-cases/", fields.use_cases, name="use_cases"),
    path("drafts/<uuid:uuid>/use-cases/<str:code>/", fields.use_case, name="use_case"),
    # /editor/drafts/<uuid>/ : as a file
    path("drafts/<uuid:uuid>/yaml/", files.yaml, name="yaml"),
    path("drafts/<uuid:uuid>/yaml/replace/", files.replace, name="replace"),
    path("drafts/<uuid:uuid>/yaml/file/", files.draft_file, name="draft_file"),
    # /editor/drafts/<uuid>/publication/
    path("drafts/<uuid:uuid>/publication/", publication.publication, name="publication"),
    path("drafts/<uuid:uuid>/publication/ask/", publication.ask, name="ask"),
    path("drafts/<uuid:uuid>/publication/take-back/", publication.take_back, name="take_back"),
    path("drafts/<uuid:uuid>/publication/publish/", publication.publish, name="publish"),
]
