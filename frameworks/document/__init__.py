"""The framework document in plain Python: shapes, reading, checks, dump and digest."""
