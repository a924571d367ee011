"""RabbitMQ as the way between services: where messages go, what they say, how they are read."""
