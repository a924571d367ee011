"""What a service shows of itself: its document, its Swagger page, and the page about it."""

from services.chassis.pages.serving import serve_pages
from services.chassis.pages.swagger_page import swagger_page

__all__ = ["serve_pages", "swagger_page"]
