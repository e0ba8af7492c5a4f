"""What can be set from outside, by environment variable; options of the command line go before it."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.limits import check_mail_address


class Settings(BaseSettings):
    """`database_url` and `redis_url`: one's own servers; without them the ones in `data` are used.

    `smtp_url`: where mail is handed in, see workers.post.smtp; without it mail waits. `webhook_allow`: private networks
    to which webhooks may go all the same, by commas. `metrics_port`: where the ticker tells its figures to this machine.
    `tsa_url`, `tsa_certificates`: who timestamps the trail once a day (RFC 3161), and a PEM file to check that with.
    `token`: of the machine that runs commands; never handed to child processes. `database_owner_url`: the login that may change the schema, for `donghaeng migrate`.
    """

    model_config = SettingsConfigDict(populate_by_name=True, env_ignore_empty=True)

    database_url: SecretStr | None = Field(None, alias="DATABASE_URL")
    database_owner_url: SecretStr | None = Field(None, alias="DATABASE_OWNER_URL")
    vault_database_url: SecretStr | None = Field(None, alias="VAULT_DATABASE_URL")
    vault_key: Path | None = Field(None, alias="DONGHAENG_VAULT_KEY")
    redis_url: SecretStr | None = Field(None, alias="REDIS_URL")
    token: SecretStr | None = Field(None, alias="DONGHAENG_TOKEN")
    data: Path = Field(Path("var"), alias="DONGHAENG_DATA")
    smtp_url: SecretStr | None = Field(None, alias="DONGHAENG_SMTP_URL")
    mail_from: str = Field("donghaeng@localhost", alias="DONGHAENG_MAIL_FROM")
    mail_unsubscribe: str | None = Field(
        None, alias="DONGHAENG_MAIL_UNSUBSCRIBE", pattern=r"^(mailto:|https://)[^\s<>]+$"
    )
    webhook_allow: str = Field("", alias="DONGHAENG_WEBHOOK_ALLOW")
    tsa_url: str | None = Field(None, alias="DONGHAENG_TSA_URL", pattern=r"^https?://[^\s<>]+$")
    tsa_certificates: Path | None = Field(None, alias="DONGHAENG_TSA_CERTIFICATES")
    least_free_mb: int = Field(500, alias="DONGHAENG_LEAST_FREE_MB", ge=0)
    metrics_port: int | None = Field(None, alias="DONGHAENG_METRICS_PORT", ge=1, le=65535)
    log: str = Field("console", alias="DONGHAENG_LOG", pattern="^(console|json)$")
    log_level: str = Field("info", alias="DONGHAENG_LOG_LEVEL", pattern="^(debug|info|warning|error)$")

    @field_validator("mail_from")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        return check_mail_address(value)

    @property
    def allowed_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """`webhook_allow`, read."""
        return tuple(ip_network(one.strip()) for one in self.webhook_allow.split(",") if one.strip())

    def environment(self) -> dict[str, str]:
        """The same settings for a child process; secrets go by environment, never by argument."""
        found = {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.database_owner_url,
            "VAULT_DATABASE_URL": self.vault_database_url,
            "REDIS_URL": self.redis_url,
            "DONGHAENG_SMTP_URL": self.smtp_url,
        }
        secrets = {name: value.get_secret_value() for name, value in found.items() if value is not None}
        key = {} if self.vault_key is None else {"DONGHAENG_VAULT_KEY": str(self.vault_key.absolute())}
        stamps = {
            "DONGHAENG_TSA_URL": self.tsa_url or "",
            "DONGHAENG_TSA_CERTIFICATES": ""
            if self.tsa_certificates is None
            else str(self.tsa_certificates.absolute()),
        }
        port = {} if self.metrics_port is None else {"DONGHAENG_METRICS_PORT": str(self.metrics_port)}
        return (
            secrets
            | key
            | port
            | stamps
            | {
                "DONGHAENG_DATA": str(self.data.absolute()),
                "DONGHAENG_MAIL_FROM": self.mail_from,
                "DONGHAENG_MAIL_UNSUBSCRIBE": self.mail_unsubscribe or "",
                "DONGHAENG_WEBHOOK_ALLOW": self.webhook_allow,
                "DONGHAENG_LOG": self.log,
                "DONGHAENG_LOG_LEVEL": self.log_level,
            }
        )
