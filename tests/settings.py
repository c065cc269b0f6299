"""Settings of the test suite: the project's own, with a private folder and quick passwords."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="bami-tests-"))
os.environ["BAMI_MODE"] = "demo"

from bami_site.settings import *
