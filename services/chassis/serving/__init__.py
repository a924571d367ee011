"""Runs services as processes: one with reload, several under one console, workers in production."""
