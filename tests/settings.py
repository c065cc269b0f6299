"""Settings of the test suite: the project's own, with a private folder and quick passwords."""
