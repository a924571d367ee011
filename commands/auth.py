"""The group `auth`: tokens for those who call the services by hand."""

import os

from invoke.context import Context
from invoke.tasks import task

from commands.ending import end


@task(help={"scopes": "such as rooms:write, or several in one word: 'rooms:write items:write'"})
def token(_: Context, scopes: str) -> None:
    """Print a token of the development issuer."""
    from services.chassis import minting

    end(minting.main(scopes, os.environ))
