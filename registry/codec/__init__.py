"""Bytes to values and back: Avro's binary encoding with schema resolution."""
