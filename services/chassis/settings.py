"""How a service runs: what the environment says, read once at the start."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL

from services.chassis.environment import LOOPBACK, MAX_PORT, Environment
from services.chassis.errors import SettingsError

_PROJECT = Path(__file__).parents[2]


class Profile(StrEnum):
    """Where a service runs: on the machine of a developer, or where others depend on it."""

    LOCAL = "local"
    PRODUCTION = "production"


class LogFormat(StrEnum):
    """How log lines look; AUTO is CONSOLE on a terminal and JSON elsewhere."""

    AUTO = "auto"
    CONSOLE = "console"
    JSON = "json"


class Traces(StrEnum):
    """Where traces go: to a collector by OpenTelemetry's protocol, or to the standard output."""

    OTLP = "otlp"
    CONSOLE = "console"


class Broker(StrEnum):
    """What a service tells its events to, besides its feed."""

    RABBITMQ = "rabbitmq"
    KAFKA = "kafka"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthSettings:
    """Whose tokens are believed, and how this service gets its own.

    `issuer` None is the development issuer. URLs that are None are found in the issuer's metadata
    (OpenID Connect Discovery 1.0, section 4). `open_reads` lets everybody read.
    """

    issuer: str | None = None
    audience: str = "services"
    jwks_url: str | None = None
    token_url: str | None = None
    authorization_url: str | None = None
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    open_reads: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingSettings:
    """The bounds of a request, and what surrounds it. Times are in seconds.

    `trusted_proxies` are the networks of those whose X-Forwarded headers are believed.
    """

    max_body_bytes: int = 1 << 20
    request_seconds: int = 30
    shutdown_seconds: int = 10
    workers: int = 2
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsSettings:
    """How events travel between services.

    `url` is that of a RabbitMQ broker, or of a Kafka cluster, which events are only told to: they
    are heard from the feeds then, as where it is None. `keep_days` is how long what everybody has
    heard is kept. `registry_url` is that of a registry with Confluent's API, which is asked for
    schemas that this checkout does not have.
    """

    url: str | None = field(default=None, repr=False)
    keep_days: int = 7
    registry_url: str | None = field(default=None, repr=False)

    @property
    def broker(self) -> Broker | None:
        """What the URL is of."""
        if self.url is None:
            return None
        return Broker.KAFKA if urlsplit(self.url).scheme == "kafka" else Broker.RABBITMQ

    @property
    def rabbitmq_url(self) -> str | None:
        """The URL, where it is that of a RabbitMQ broker."""
        return self.url if self.broker is Broker.RABBITMQ else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one service runs.

    `port` 0 takes any free port. `urls` holds where the other services are, by name. `empty` keeps
    an empty database empty.
    """

    name: str
    port: int
    database_url: str = field(repr=False)
    profile: Profile = Profile.LOCAL
    host: str = "127.0.0.1"
    var: Path = _PROJECT / "var"
    urls: Mapping[str, str] = field(default_factory=dict)
    empty: bool = False
    auth: AuthSettings = AuthSettings()
    serving: ServingSettings = ServingSettings()
    events: EventsSettings = EventsSettings()
    log_format: LogFormat = LogFormat.AUTO
    log_level: str = "INFO"
    traces: Traces | None = None

    @classmethod
    def read(
        cls, name: str, ports: Mapping[str, int], environment: Mapping[str, str]
    ) -> "Settings":
        """Read the settings of the service `name`; `ports` are the default ports of all services.

        docs/services.md lists the variables. Raises SettingsError with a line for each value that
        cannot be used.
        """
        reader = Environment(environment)
        profile = reader.choice("PROFILE", Profile, Profile.LOCAL)
        var = reader.folder("VAR_DIR", _PROJECT / "var")
        settings = cls(
            name=name,
            profile=profile,
            host=_host(reader, profile),
            port=reader.port(f"{name}_PORT".upper(), ports[name]),
            var=var,
            database_url=_database_url(reader, name, profile, var),
            urls=_urls(reader, name, ports),
            auth=_auth(reader, name, profile),
            serving=_serving(reader),
            events=_events(reader, production=profile is Profile.PRODUCTION),
            log_format=reader.choice("LOG_FORMAT", LogFormat, LogFormat.AUTO),
            log_level=reader.one_of("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
            traces=_traces(reader),
        )
        reader.finish()
        return settings

    @property
    def is_local(self) -> bool:
        """Whether this is a developer's machine."""
        return self.profile is Profile.LOCAL

    def overridden(self, *, empty: bool, port: int | None) -> "Settings":
        """Return the settings with what the command line says. Raises SettingsError."""
        if port is not None and not 0 <= port <= MAX_PORT:
            raise SettingsError([f"--port: expected a number from 0 to {MAX_PORT}, not {port}."])
        return replace(self, empty=empty, port=self.port if port is None else port)


def _host(reader: Environment, profile: Profile) -> str:
    host = reader.text("HOST", "127.0.0.1")
    if profile is Profile.LOCAL and host not in LOOPBACK:
        reader.problem(
            f"HOST: the local profile gives a token to whoever asks, so it listens on this "
            f"machine only, not on {host!r}; PROFILE=production listens elsewhere."
        )
    return host


def _database_url(reader: Environment, name: str, profile: Profile, var: Path) -> str:
    own = f"{name}_DATABASE_URL".upper()
    key = own if reader.has(own) else "DATABASE_URL"
    default = str(URL.create("sqlite", database=f"{var / name}.sqlite"))
    if profile is Profile.PRODUCTION and not reader.has(key):
        reader.problem(
            f"DATABASE_URL: the production profile needs it, or {own}, such as "
            "postgresql://user:password@host/name."
        )
    return reader.database_url(key, default)


def _urls(reader: Environment, name: str, ports: Mapping[str, int]) -> Mapping[str, str]:
    pattern = reader.pattern("SERVICES_URL", "http://127.0.0.1:{port}", ("name", "port"))
    urls = {}
    for other, default_port in ports.items():
        if other != name:
            port = reader.port(f"{other}_PORT".upper(), default_port)
            url = pattern.replace("{name}", other).replace("{port}", str(port))
            urls[other] = reader.url(f"{other}_URL".upper(), url)
    return urls


def _auth(reader: Environment, name: str, profile: Profile) -> AuthSettings:
    production = profile is Profile.PRODUCTION
    issuer = reader.optional_url("AUTH_ISSUER", private=production)
    if production and issuer is None:
        reader.problem(
            "AUTH_ISSUER: the production profile needs the URL of who issues tokens, such as "
            "https://login.example/realms/main."
        )
    return AuthSettings(
        issuer=issuer,
        audience=reader.text("AUTH_AUDIENCE", "services"),
        jwks_url=reader.optional_url("AUTH_JWKS_URL", private=production),
        token_url=reader.optional_url("AUTH_TOKEN_URL", private=production),
        authorization_url=reader.optional_url("AUTH_AUTHORIZATION_URL", private=production),
        client_id=reader.text("AUTH_CLIENT_ID", name),
        client_secret=reader.text("AUTH_CLIENT_SECRET", ""),
        open_reads=reader.flag("OPEN_READS", default=not production),
    )


def _serving(reader: Environment) -> ServingSettings:
    return ServingSettings(
        max_body_bytes=reader.whole("MAX_BODY_BYTES", 1 << 20, 1024, 1 << 30),
        request_seconds=reader.whole("REQUEST_SECONDS", 30, 1, 3600),
        shutdown_seconds=reader.whole("SHUTDOWN_SECONDS", 10, 1, 3600),
        workers=reader.whole("WORKERS", 2, 1, 256),
        cors_origins=reader.origins("CORS_ORIGINS"),
        trusted_proxies=reader.networks("TRUSTED_PROXIES"),
    )


def _events(reader: Environment, *, production: bool) -> EventsSettings:
    events = EventsSettings(
        url=reader.broker_url("EVENTS_URL"),
        keep_days=reader.whole("EVENTS_KEEP_DAYS", 7, 1, 3650),
        registry_url=reader.optional_url("SCHEMA_REGISTRY_URL", private=production),
    )
    if events.broker is Broker.KAFKA and not _is_installed("confluent_kafka"):
        reader.problem(
            "EVENTS_URL: Kafka needs the extra `kafka`, which is not installed: "
            "pip install -r requirements/kafka.lock, or name a RabbitMQ broker."
        )
    return events


def _traces(reader: Environment) -> Traces | None:
    endpoints = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    default = "otlp" if any(map(reader.has, endpoints)) else "none"
    exporter = reader.one_of("OTEL_TRACES_EXPORTER", (*Traces, "none"), default)
    if exporter == "none" or reader.flag("OTEL_SDK_DISABLED", default=False):
        return None
    if not _is_installed("opentelemetry.instrumentation.asgi"):
        reader.problem(
            "OTEL_TRACES_EXPORTER: traces need the extra `tracing`, which is not installed: "
            "pip install -r requirements/tracing.lock, or set it to none."
        )
    return Traces(exporter)


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
