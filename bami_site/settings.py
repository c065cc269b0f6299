"""Settings: one file; the environment decides, BAMI_MODE sets the safe defaults (see .env.example)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import environ

from bami_site import env
from bami_site.logs import shorten

BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env", overwrite=False)

MODE = env.read_mode()
DEMO = MODE == "demo"
DATA_DIR = Path(env.read_text("DATA_DIR") or BASE_DIR / "var").resolve()
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

DEBUG = False
SECRET_KEY = env.read_secret_key(MODE, DATA_DIR)
SECRET_KEY_FALLBACKS = env.read_list("SECRET_KEY_FALLBACKS", [])
SITE_URL = (env.require("SITE_URL", env.read_text("SITE_URL"), MODE) or "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.read_list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEMO else [])
CONTACT_URL = env.read_text("CONTACT_URL", "mailto:contact@example.org")
OPERATOR = env.read_text("OPERATOR")  # who runs this site, as its privacy and terms pages name it
TLS = urlsplit(SITE_URL).scheme == "https"
REDIS_URL = env.read_text("REDIS_URL")

# --- What the project is made of -------------------------------------------------------------------

INSTALLED_APPS = [
    "bami_site",
    "reports",
    "assessments",
    "frameworks",
    "accounts",
    "records",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "heroicons",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.response_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInRequired",
    "accounts.middleware.Limited",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.wrong_method_page",
    "bami_site.middleware.writes_in_turn",  # the last: it reads the form, which may be refused
]
ROOT_URLCONF = "bami_site.urls"
WSGI_APPLICATION = "bami_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bami_site.views.site_context",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CSRF_FAILURE_VIEW = "bami_site.views.csrf_failed"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# A framework document is a database fixture: `loaddata bami-1.0.yaml`.
SERIALIZATION_MODULES = {"yaml": "frameworks.serializers"}

# --- Database: SQLite unless told otherwise ----------------------------------------------------------

SQLITE_OPTIONS = {
    # IMMEDIATE: the deferred mode answers "database is locked" to concurrent saves.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"
        "PRAGMA cache_size=-20000;PRAGMA mmap_size=134217728;PRAGMA temp_store=MEMORY;"
    ),
}
POSTGRES_LIMITS = (
    "-c statement_timeout=15000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=30000"
)


def read_database(url: str) -> dict[str, object]:
    """The database of DATABASE_URL with the options that its vendor needs."""
    database: dict[str, object] = dict(environ.Env.db_url_config(url))
    options = dict(database.get("OPTIONS") or {})  # type: ignore[call-overload]  # a mapping when given
    if "sqlite" in str(database["ENGINE"]):
        return {**database, "OPTIONS": {**SQLITE_OPTIONS, **options}, "CONN_MAX_AGE": 60}
    options = {"connect_timeout": 5, "options": POSTGRES_LIMITS, **options}
    return {**database, "OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


DATABASES = {
    "default": read_database(env.read_text("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
}
ATOMIC_REQUESTS = False
CACHES = {
    "default": {
        "BACKEND": "bami_site.cache.SteadyRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# --- People: e-mail and password, no sign-up -----------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["bami_site.hashers.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapters.InviteOnlyAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {
    "login": "accounts.forms.people.SignInForm",
    "add_email": "accounts.forms.people.AddEmailForm",
    "set_password": "accounts.forms.people.PasswordForm",
    "change_password": "accounts.forms.people.PasswordChangeForm",
    "reset_password": "accounts.forms.people.PasswordResetForm",
    "reset_password_from_key": "accounts.forms.people.PasswordFromLinkForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.read_number("TRUSTED_PROXY_COUNT", default=0)
PASSWORD_RESET_TIMEOUT = 3600
# Sign-in: allauth's own, 5 failures in 5 minutes for an account and 10 a minute for an address.
ACCOUNT_RATE_LIMITS = {"reset_password": "20/h/ip,3/h/key"}
# What one person may ask for in a minute: of all pages, and of single ones by method and name of address.
LIMITS = {
    "page": env.read_number("PAGES_A_MINUTE", default=600, least=1),
    "POST accounts:invite": 20,
    "POST editor:upload": 20,
    "GET assessments:find": 60,
    "POST assessments:unclear": 5,
    "POST editor:save": env.read_number("SAVES_A_MINUTE", default=120, least=1),
    "POST assessments:save": env.read_number("SAVES_A_MINUTE", default=120, least=1),
}
INVITATION_DAYS = env.read_number("INVITATION_DAYS", default=14, least=1)
WAITLIST_CONFIRMATION_DAYS = env.read_number("WAITLIST_CONFIRMATION_DAYS", default=7, least=1)
WAITLIST_AN_HOUR = env.read_number("WAITLIST_AN_HOUR", default=5, least=1)  # of one network address
EXPORTS_AN_HOUR = env.read_number("EXPORTS_AN_HOUR", default=10, least=1)  # of one person
FIGURES_AN_HOUR = env.read_number("FIGURES_AN_HOUR", default=60, least=1)  # the same, of charts
REPORTS_AN_HOUR = env.read_number("REPORTS_AN_HOUR", default=20, least=1)  # of one organisation

# --- Mail ------------------------------------------------------------------------------------------------

EMAIL_URL = env.read_text("EMAIL_URL", "consolemail://")
EMAIL_CONFIG = environ.Env.email_url_config(EMAIL_URL)
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
if DEMO and EMAIL_URL == "consolemail://":
    EMAIL_BACKEND = "bami_site.mail.OneLineBackend"
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.read_text("DEFAULT_FROM_EMAIL", "BAMI Self-Assessment <no-reply@example.org>")

# --- What a mode refuses to start on ----------------------------------------------------------------------

if not DEMO:
    env.check_addresses(SITE_URL, ALLOWED_HOSTS)
    env.check_contacts(DEFAULT_FROM_EMAIL, CONTACT_URL)
if MODE == "production":
    env.check_production(str(DATABASES["default"]["ENGINE"]), REDIS_URL)

# --- Browser defences --------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "manifest-src": ["'self'"],
        **({"upgrade-insecure-requests": True} if TLS else {}),
    }
}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz/live$"]
SECURE_HSTS_SECONDS = env.read_number("HSTS_SECONDS", default=63072000) if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = env.read_flag("HSTS_PRELOAD", default=False)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-sid" if TLS else "sid"
SESSION_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 43200
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
LANGUAGE_COOKIE_SECURE = TLS
LANGUAGE_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = ["bami_site.uploads.BoundedUpload"]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Words, times and files ------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
# Words stay marked for translation. A second language turns this on; with one it costs a tenth of each save.
USE_I18N = False
# The formats of British English, which Django looks up by language only with the switch above.
DATE_FORMAT, TIME_FORMAT, DATETIME_FORMAT = "j M Y", "P", "j M Y, P"
YEAR_MONTH_FORMAT, MONTH_DAY_FORMAT = "F Y", "j F"
SHORT_DATE_FORMAT, SHORT_DATETIME_FORMAT = "d/m/Y", "d/m/Y P"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"]
FIRST_DAY_OF_WEEK = 1
USE_TZ = True
TIME_ZONE = env.read_text("TIME_ZONE", "Europe/Berlin")
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "bami_site.finders.PackageFinder",
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# --- Jobs: the database row is the truth, the broker only the doorbell ------------------------------

BROKER_DIR = DATA_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"  # kombu warns where no host is named
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = (
    {
        "visibility_timeout": 300,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "retry_on_timeout": False,
        "health_check_interval": 25,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    }
    if REDIS_URL
    else {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_LOST_WAIT = 1.0  # seconds; a job's row tells how it ended, so nothing else is waited for
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
MAIL_TASKS = {  # the task that sends the mails of an app
    "accounts": "accounts.tasks.send_mail_task",
    "assessments": "assessments.tasks.send_mail_task",
    "frameworks": "frameworks.tasks.send_mail_task",
}
JOB_TASKS = {  # the task that does a job of that kind
    "report": "reports.tasks.render_report_task",
    "sample": "reports.tasks.render_sample_task",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"short": {"()": "django.utils.log.CallbackFilter", "callback": shorten}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["short"]}},
    "root": {"handlers": ["console"], "level": env.read_text("LOG_LEVEL", "INFO")},
    # A line for every step of every report tells nobody anything.
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint", "fontTools")},
}
