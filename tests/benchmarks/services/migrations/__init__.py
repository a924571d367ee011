"""The service makes its one table itself."""
