"""The scoring engine: plain Python, exact, without clock, chance or log."""
