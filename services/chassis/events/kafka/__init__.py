"""What a service tells by Kafka; it hears by the feeds. Imported only where the settings say so."""
