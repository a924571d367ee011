"""The text of a generated module, laid out as `ruff format` would."""
