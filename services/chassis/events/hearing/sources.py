"""Decides by what way a service hears the others: by RabbitMQ, where that is set, or by feeds."""

from itertools import groupby
from operator import attrgetter

from injector import Injector

from services.chassis.auth.service_token import ServiceToken
from services.chassis.events.declaration import Events
from services.chassis.events.hearing.feed_source import FeedSource
from services.chassis.events.hearing.follower import Follower
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.hearing.source import Source
from services.chassis.events.rabbit.source import RabbitSource
from services.chassis.events.rabbit.topology import queue_of
from services.chassis.settings import Settings
from services.chassis.stopping import Stopping


def followers_of(injector: Injector) -> list[Follower]:
    """Return a follower for each service that this one hears."""
    urls, stopping = injector.get(Settings).urls, injector.get(Stopping)
    token = injector.get(ServiceToken)  # type: ignore[type-abstract]  # a port
    by_source = attrgetter("source")
    followers = []
    for name, heard in groupby(sorted(injector.get(Events).hears, key=by_source), by_source):
        inbox = Inbox(injector, name, list(heard))
        feed, queue = FeedSource(urls[name], token), _queue(injector, name, inbox)
        followers.append(Follower(name, feed, inbox, stopping, queue))
    return followers


def _queue(injector: Injector, source: str, inbox: Inbox) -> Source | None:
    settings = injector.get(Settings)
    url = settings.events.rabbitmq_url
    if url is None:
        return None
    queue = queue_of(settings.name, source)
    return RabbitSource(url, queue, inbox.types, inbox.fall_behind, injector.get(Stopping))
