"""Who people are and where they belong."""
