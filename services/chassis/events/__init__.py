"""What a service tells the others, and how it hears them.

A change and its event are one transaction (outbox). The sequencer gives events a dense order, the
feed offers them, a follower reads another service's feed, and the inbox lets each event take effect
once.
"""
