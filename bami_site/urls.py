"""Every address of the site, by the prefix it hangs from."""

from django.conf import settings
from django.urls import include, path

from accounts.views import consulting
from accounts.views.invitations import accept, invitation
from accounts.views.mail import sent_mail
from accounts.views.profile import profile
from accounts.views.rights import rights
from accounts.views.session import session
from assessments.views.clients import clients
from assessments.views.preview import question_preview
from bami_site import views
from bami_site.home import home
from frameworks.views.versions import version

urlpatterns = [
    path("", include("bami_site.urls_public")),
    path("home/", home, name="home"),
    path("programme/", include("bami_site.urls_programme")),
    path("healthz/live", views.live, name="live"),
    path("accounts/", include("bami_site.urls_account")),
    path("invitations/accept/", accept, name="accept_invitation"),
    path("invitations/<str:token>/", invitation, name="invitation"),
    path("engagements/accept/", consulting.accept, name="accept_engagement"),
    path("engagements/<str:token>/", consulting.engagement, name="engagement"),
    path("profile/", profile, name="profile"),
    path("rights/", rights, name="rights"),
    path("session/", session, name="session"),
    path("organisations/", include("accounts.urls")),
    path("assessments/", include("assessments.urls")),
    path("clients/", clients, name="clients"),
    path("editor/", include("frameworks.urls")),
    path(
        "editor/drafts/<uuid:uuid>/questions/<str:code>/preview/", question_preview, name="question_preview"
    ),
    path("versions/<str:framework>/<str:version>/", version, name="version"),
    path("assessments/<uuid:uuid>/reports/", include("reports.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("mail/", sent_mail, name="sent_mail"))

handler400 = "bami_site.views.bad_request"
handler403 = "bami_site.views.forbidden"
handler404 = "bami_site.views.not_found"
handler429 = "bami_site.views.too_many_tries"  # allauth's name for it
handler500 = "bami_site.views.server_error"
