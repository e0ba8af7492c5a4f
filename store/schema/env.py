"""Alembic's entry: runs the versions on the connection that store.migrate holds."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="schema_version",
    version_table_schema="donghaeng",
)
with context.begin_transaction():
    context.run_migrations()
