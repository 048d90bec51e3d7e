"""Alembic's entry: the caller hands over an open connection inside a transaction."""

from alembic import context

from ranvier.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
