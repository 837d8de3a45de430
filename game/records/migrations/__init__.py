"""The chain of migrations: one line, from nothing to the present tables. Run by prepare.py."""
