"""Alembic's entry: runs the numbered migrations in one transaction on the database that `storage.database` names."""

from alembic import context
from sqlalchemy import create_engine

from storage.postgresql import WAIT_IN_LINE

engine = create_engine(context.config.attributes["url"])
with engine.begin() as connection:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # sqlite3 would otherwise commit before each CREATE TABLE
    else:
        connection.exec_driver_sql(WAIT_IN_LINE)  # nobody writes meanwhile; who comes second finds it done
    context.configure(connection=connection, transactional_ddl=True, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
