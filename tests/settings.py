"""Settings of the test suite: the project's own, with a private folder and quick passwords."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="bami-tests-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    # Workers of the suite share neither files nor broker.
    os.environ["DATA_DIR"] = str(Path(os.environ["DATA_DIR"]) / worker)
    Path(os.environ["DATA_DIR"]).mkdir(exist_ok=True)
os.environ["BAMI_MODE"] = "demo"

from bami_site.settings import *  # noqa: F403
from bami_site.settings import DATABASES, LIMITS, POSTGRES_LIMITS, STATIC_ROOT, STORAGES

if os.environ.get("BAMI_TEST_DB", "sqlite") == "sqlite":
    # A file: in memory, threads and other processes would not see the same tables.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(os.environ["DATA_DIR"]) / "test.sqlite3")}
else:
    # A test draws a report inside its own transaction, which on a slow machine waits long; a job never does.
    unhurried = POSTGRES_LIMITS.replace("transaction_session_timeout=30000", "transaction_session_timeout=0")
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5, "options": unhurried}
DATABASES["default"]["CONN_MAX_AGE"] = 0
LIMITS = dict.fromkeys(LIMITS, 1_000_000)  # tests of limits set their own
REPORTS_AN_HOUR = WAITLIST_AN_HOUR = EXPORTS_AN_HOUR = FIGURES_AN_HOUR = 1_000_000
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where there is none
