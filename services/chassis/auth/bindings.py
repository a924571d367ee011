"""What is injected for tokens, by who issues them."""

from injector import Binder, Injector, Module, provider, singleton

from services.chassis.auth.caller import Caller, current_caller
from services.chassis.auth.development import ISSUER, DevelopmentIssuer
from services.chassis.auth.issuer import Issuer
from services.chassis.auth.keys import IssuerKeys
from services.chassis.auth.service_token import (
    ClientCredentialsToken,
    DevelopmentToken,
    NoToken,
    ServiceToken,
)
from services.chassis.auth.verification import TokenVerifier
from services.chassis.settings import Settings
from services.chassis.wiring import per_request


class AuthModule(Module):
    """Binds who calls, whose tokens are believed, and the tokens of this service itself."""

    def configure(self, binder: Binder) -> None:
        """Bind what is made for each request."""
        binder.bind(Caller, to=current_caller, scope=per_request)

    @singleton
    @provider
    def development_issuer(self, settings: Settings) -> DevelopmentIssuer:
        """Open the key that the services of this machine share."""
        return DevelopmentIssuer.open(settings.var)

    @singleton
    @provider
    def issuer(self, settings: Settings) -> Issuer:
        """Name the issuer of the settings."""
        return Issuer(settings.auth, local=settings.is_local)

    @singleton
    @provider
    def verifier(self, settings: Settings, injector: Injector) -> TokenVerifier:
        """Believe the issuer of the settings, or the development issuer."""
        auth = settings.auth
        if auth.issuer is None:
            keys = injector.get(DevelopmentIssuer)
            return TokenVerifier(keys, ISSUER, auth.audience)
        issuer = injector.get(Issuer)
        return TokenVerifier(IssuerKeys(issuer.key_set), auth.issuer, auth.audience)

    @singleton
    @provider
    def service_token(self, settings: Settings, injector: Injector) -> ServiceToken:
        """Get tokens where the other services believe them."""
        auth = settings.auth
        if auth.issuer is None:
            issuer = injector.get(DevelopmentIssuer)
            return DevelopmentToken(issuer, settings.name, auth.audience)
        return ClientCredentialsToken(injector.get(Issuer)) if auth.client_secret else NoToken()
