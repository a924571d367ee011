"""What a service tells the others, and how it hears them.

A change and its event are one transaction (outbox); the sequencer gives events a dense order.
From there they go two ways: the feed offers them over HTTP, a relay puts them to RabbitMQ. Whoever
hears follows one source of both kinds, and the inbox lets each event take effect once.
"""
