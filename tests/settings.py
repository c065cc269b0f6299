"""Settings of the test suite: the project's own, with a private folder and quick passwords."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="bami-tests-"))
os.environ["BAMI_MODE"] = "demo"

from bami_site.settings import *  # noqa: E402, F403
from bami_site.settings import DATABASES, STORAGES  # noqa: E402

if os.environ.get("BAMI_TEST_DB", "sqlite") == "sqlite":
    # A file: in memory, threads and other processes would not see the same tables.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(os.environ["DATA_DIR"]) / "test.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
