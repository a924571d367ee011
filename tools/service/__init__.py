"""A new service: what it is called, its files out of the template, and where it is listed."""
