"""Commands that run what this repository holds."""

from invoke.context import Context
from invoke.tasks import task

from commands.ending import end, number


@task(
    help={
        "service": "a folder of services/, such as items, or all",
        "empty": "leave an empty database empty: no sample rows",
        "port": "listen on this port (default: the service's own)",
        "production": "the production profile: workers, no samples, an issuer and a database named",
        "reload": "start anew after an edit; never in production",
    },
)
def run(
    _: Context,
    service: str,
    empty: bool = False,
    port: str | None = None,
    production: bool = False,
    reload: bool = True,
) -> None:
    """Run a service, or all of them, until Ctrl-C."""
    listen = number(port, "run", "--port", "A port is 0 to 65535, such as 9090.") if port else None
    from services.chassis import run as chassis

    end(chassis.main(service, empty=empty, port=listen, production=production, reload=reload))
