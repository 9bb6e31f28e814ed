"""The checks behind ./dev check: each is a module with a function `check` that yields problems."""
