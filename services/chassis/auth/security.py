"""Where Connexion asks whether a request may pass: before its parameters and body are read."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from connexion.lifecycle import ConnexionRequest
from connexion.security import SECURITY_HANDLERS, OAuthSecurityHandler
from injector import Injector

from services.chassis.auth.caller import ANONYMOUS, token_info
from services.chassis.auth.errors import InsufficientScope, TokenMissing
from services.chassis.auth.verification import TokenVerifier, bearer_token
from services.chassis.settings import Settings

_READS = frozenset({"GET", "HEAD"})


def security_map(injector: Injector) -> dict[str, Any]:
    """Return Connexion's handlers of security schemes, with ours for bearer tokens."""

    def handler() -> BearerSecurity:
        return BearerSecurity(injector)

    return {**SECURITY_HANDLERS, "oauth2": handler, "openIdConnect": handler}


class BearerSecurity(OAuthSecurityHandler):
    """Lets a request pass whose token has the scopes of its operation.

    A read may pass without one where reads are open; a token that is wrong never does.
    """

    def __init__(self, injector: Injector) -> None:
        self._injector = injector

    def get_fn(
        self,
        security_scheme: Mapping[str, Any],  # noqa: ARG002 they all say the same
        required_scopes: list[str],
    ) -> Callable[[ConnexionRequest], Awaitable[dict[str, object]]]:
        """Return what decides on the requests of an operation, as Connexion calls it."""
        required = frozenset(required_scopes)

        async def authorize(request: ConnexionRequest) -> dict[str, object]:
            settings = self._injector.get(Settings).auth
            is_open = settings.open_reads and request.method.upper() in _READS
            token = bearer_token(request.headers.getlist("authorization"))
            if token is None and not is_open:
                raise TokenMissing(required)
            if token is None:
                return token_info(ANONYMOUS)
            caller = await self._injector.get(TokenVerifier).verify(token)
            if not (is_open or required <= caller.scopes):
                raise InsufficientScope(required)
            return token_info(caller)

        return authorize
