"""What all tables share. Times are whole milliseconds since 1970 (UTC); JSON columns hold what pydantic wrote."""

from sqlalchemy import JSON, BigInteger, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts up only in a column of the exact type INTEGER; PostgreSQL needs the wide one.
Serial = BigInteger().with_variant(Integer(), "sqlite")
Moment = BigInteger
Json = JSON(none_as_null=True)
