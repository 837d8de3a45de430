"""Alembic's entry point. The caller passes a connection that is already in a transaction, so that
a migration that dies half-way leaves the old state.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
