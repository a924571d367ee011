"""A service that keeps nothing."""
