"""The contract of a service: its openapi.yaml made whole, and what others are shown of it."""

from services.chassis.contract.loading import Contract, base_path, feed_path, load_contract
from services.chassis.contract.published import published
from services.chassis.contract.yaml_file import Document

__all__ = ["Contract", "Document", "base_path", "feed_path", "load_contract", "published"]
