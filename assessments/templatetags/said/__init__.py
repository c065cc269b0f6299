"""The words of each rule: what was found, and what follows from it."""
