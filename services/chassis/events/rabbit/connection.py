"""How a service connects to RabbitMQ: everything that can wait is bounded."""

from typing import Final
from urllib.parse import parse_qs, urlsplit

from pika import URLParameters
from pika.exceptions import ChannelClosed, ConnectionClosed

_HEARTBEAT_SECONDS: Final = 10
# The whole of TCP, TLS and AMQP's greetings; the socket's is for each step.
_OPEN_SECONDS: Final = 10
_SOCKET_SECONDS: Final = 5


def parameters_of(url: str, name: str) -> URLParameters:
    """Return how to connect to the broker at `url`; its query wins over what is usual here.

    `name` is shown in the broker's list of connections.
    """
    found, said = URLParameters(url), parse_qs(urlsplit(url).query)
    if "heartbeat" not in said:
        found.heartbeat = _HEARTBEAT_SECONDS
    if "socket_timeout" not in said:
        found.socket_timeout = _SOCKET_SECONDS
    if "stack_timeout" not in said:
        found.stack_timeout = _OPEN_SECONDS
    found.client_properties = {"connection_name": name}
    return found


def shown(url: str) -> str:
    """Return where the broker is, without a password."""
    parameters = URLParameters(url)
    return f"{parameters.host}:{parameters.port}/{parameters.virtual_host.lstrip('/')}"


def reason_of(error: BaseException) -> str:
    """Return why a connection or channel is not there, in a line."""
    if isinstance(error, ConnectionClosed | ChannelClosed):
        return error.reply_text
    # pika wraps what the system says, several times.
    inner = [*error.args, getattr(error, "exception", None), *getattr(error, "exceptions", ())]
    causes = [each for each in inner if isinstance(each, BaseException)]
    if causes:
        return reason_of(causes[-1])
    is_text = len(error.args) == 1 and isinstance(error.args[0], str)
    text = (error.args[0] if is_text else str(error)).strip() or type(error).__name__
    return text.splitlines()[0]
