"""What can be set from outside, by environment variable; options of the command line go before it."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from workers import setting_forms as form
from workers.environment import FromEnvironment, Secret, declare
from workers.setting_forms import MailFrom, parse_networks, parse_sender


class Settings(FromEnvironment):
    """What each means stands beside it; `docs/settings.md` is made from that."""

    database_url = declare(
        "DATABASE_URL",
        form.DATABASE,
        "your own PostgreSQL (15 or newer) for the application's role; without it the one that comes along is used",
        read=Secret,
    )
    database_owner_url = declare(
        "DATABASE_OWNER_URL",
        form.DATABASE,
        "the login that may change the schema, for `donghaeng migrate`; else `DATABASE_URL`",
        read=Secret,
    )
    vault_database_url = declare(
        "VAULT_DATABASE_URL",
        form.DATABASE,
        "the login for the vault's role, where it is another",
        read=Secret,
    )
    vault_key = declare(
        "DONGHAENG_VAULT_KEY",
        form.PATH,
        "the vault's key file; else `keys/vault.json` in the data folder",
        read=Path,
    )
    redis_url = declare(
        "REDIS_URL",
        form.REDIS,
        "your own Redis or Valkey (6.2 or newer); without it the one that comes along is used",
        read=Secret,
    )
    token = declare(
        "DONGHAENG_TOKEN",
        form.TOKEN,
        "the token by which a machine acts, in place of `--as`; never handed to child processes",
        read=Secret,
    )
    data = declare("DONGHAENG_DATA", form.PATH, "data folder; else `./var`", read=Path, default=Path("var"))
    smtp_url = declare(
        "DONGHAENG_SMTP_URL",
        form.SMTP,
        "where mail is handed in: `smtp://[user:password@]host[:port]` (STARTTLS is required unless it is this machine; `?starttls=no` goes without) or `smtps://…`; without it mail waits",
        read=Secret,
    )
    mail_from = declare(
        "DONGHAENG_MAIL_FROM",
        form.SENDER,
        "the sender: an address, or a name and an address",
        read=str,
        default="donghaeng@localhost",
    )
    mail_unsubscribe = declare(
        "DONGHAENG_MAIL_UNSUBSCRIBE",
        form.REFUSING,
        "a `mailto:` or `https:` address for `List-Unsubscribe`, where reminders may be refused",
        read=str,
    )
    console_url = declare(
        "DONGHAENG_CONSOLE_URL",
        form.CONSOLE,
        "where people open the console; mails then lead to a task's page there, and name commands without it",
        read=str,
    )
    webhook_allow = declare(
        "DONGHAENG_WEBHOOK_ALLOW",
        form.NETWORKS,
        "private networks to which webhooks may go all the same, e.g. `10.0.0.0/8,192.168.7.0/24`",
        read=str,
        default="",
    )
    tsa_url = declare(
        "DONGHAENG_TSA_URL", form.HTTP, "who timestamps the trail once a day (RFC 3161)", read=str
    )
    tsa_certificates = declare(
        "DONGHAENG_TSA_CERTIFICATES", form.PATH, "a PEM file to check those timestamps with", read=Path
    )
    seal_standbys = declare(
        "DONGHAENG_SEAL_STANDBYS",
        form.whole_number(0, 100),
        "on the disks of how many of PostgreSQL's standbys a fact must be before it is sealed; 0",
        read=int,
        default=0,
    )
    least_free_mb = declare(
        "DONGHAENG_LEAST_FREE_MB",
        form.whole_number(0, 2**62),
        "below so much free disk `donghaeng doctor` complains; 500",
        read=int,
        default=500,
    )
    metrics_port = declare(
        "DONGHAENG_METRICS_PORT",
        form.whole_number(1, 65535),
        "the ticker tells its figures to Prometheus at `http://127.0.0.1:PORT/metrics`",
        read=int,
    )
    log = declare(
        "DONGHAENG_LOG",
        form.LOG_FORM,
        "form of the log lines: `console` or `json`",
        read=str,
        default="console",
    )
    log_level = declare(
        "DONGHAENG_LOG_LEVEL",
        form.LOG_LEVEL,
        "`debug`, `info`, `warning` or `error`",
        read=str,
        default="info",
    )

    @property
    def allowed_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """`webhook_allow`, read."""
        return parse_networks(self.webhook_allow)

    @property
    def sender(self) -> MailFrom:
        """`mail_from`, read."""
        return parse_sender(self.mail_from)

    def environment(self) -> dict[str, str]:
        """The same settings for a child process; secrets go by environment, never by argument. Not the token."""
        token = type(self).token.variable
        return {name: value for name, value in super().environment().items() if name != token}
