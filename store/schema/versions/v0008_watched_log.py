"""The log of readings and refusals: positions without a hole, and what is sealed of each."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0006"


def upgrade() -> None:
    sql = Path(__file__).with_name("0008_watched_log.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(sql.replace("%", "%%"))


def downgrade() -> None:
    raise NotImplementedError("the log is never taken back")
