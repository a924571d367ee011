"""The AsyncAPI 3.0 document: what a service tells and hears, for teams without our code."""

from services.chassis.pages.asyncapi.document import asyncapi

__all__ = ["asyncapi"]
