"""What a service hears: read from where it is told, and each taking effect once."""
