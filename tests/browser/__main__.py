"""A person at the Swagger pages, played in a real browser: `./invoke dev.browser`.

Starts the services with a database of their own, authorizes, creates a room, sees it in the list,
and keeps a picture of each step. Needs Chromium; any message of the browser's console is a failure.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx2
from playwright.sync_api import ConsoleMessage, Locator, Page, expect, sync_playwright

from tests.ports import free_port

SECONDS: Final = 60
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
# As root in a container; and nothing that asks other hosts for anything.
_FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def main(pictures: Path) -> int:
    """Play all scenes; return 1 where something was not as a person expects it."""
    program = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if program is None:
        print(f"No browser: install one of {', '.join(_BROWSERS)}.", file=sys.stderr)
        return 2
    pictures.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []
    with services() as urls, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.on("console", lambda message: _listen(message, complaints))
        page.on("request", lambda request: _stay_here(request.url, urls, complaints))
        page.set_default_timeout(SECONDS * 1000)
        create_a_room(page, urls["rooms"], pictures)
        read_about(page, urls, pictures)
        browser.close()
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(f"Pictures of each step are in {pictures}.")
    return 1 if complaints else 0


def create_a_room(page: Page, url: str, pictures: Path) -> None:
    """Authorize, create a room on the Swagger page, and see it in the list."""
    page.goto(f"{url}/v1/ui/")
    expect(page.locator(".authorization__btn.locked").first).to_be_visible()
    page.screenshot(path=pictures / "1-swagger.png")
    status, answer = _execute(page, "post", "/rooms", pictures / "2-created.png")
    _expect(status == "201", f"POST /rooms from the page answered {status}: {answer}")
    created = re.search(r'"id": ?"([0-9a-f-]{36})"', answer)
    _expect(created is not None, f"the answer has no id: {answer}")
    status, listed = _execute(page, "get", "/rooms", pictures / "3-listed.png")
    _expect(status == "200", f"GET /rooms from the page answered {status}")
    _expect(created is not None and created[1] in listed, "the new room is not in the list")


def read_about(page: Page, urls: dict[str, str], pictures: Path) -> None:
    """Follow every link of each service's /about page."""
    for name, url in urls.items():
        page.goto(f"{url}/about")
        page.screenshot(path=pictures / f"4-about-{name}.png", full_page=True)
        page.emulate_media(color_scheme="dark")
        page.screenshot(path=pictures / f"4-about-{name}-dark.png", full_page=True)
        page.emulate_media(color_scheme="light")
        links = [str(each.get_attribute("href")) for each in page.locator("a[href]").all()]
        _expect(len(links) > 3, f"/about of {name} links next to nothing: {links}")
        for link in links:
            target = str(httpx2.URL(url).join(link))
            if target.startswith(url):
                answer = httpx2.get(target, follow_redirects=True, timeout=SECONDS)
                _expect(answer.status_code == 200, f"/about links {link}: {answer.status_code}")


@contextmanager
def services() -> Iterator[dict[str, str]]:
    """Run all services on free ports, empty; yield where each is."""
    ports = {"items": free_port(), "rooms": free_port()}
    with TemporaryDirectory() as var:
        more = {f"{name.upper()}_PORT": port for name, port in ports.items()}
        process = subprocess.Popen(
            [sys.executable, "-m", "services.chassis.run", "all", "--empty"],
            env=os.environ | more | {"VAR_DIR": var},
        )
        try:
            urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
            for url in urls.values():
                _await(url)
            yield urls
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(SECONDS)


def _await(url: str) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            httpx2.get(url)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"nothing answers at {url}")


def _execute(page: Page, method: str, path: str, picture: Path) -> tuple[str, str]:
    """Try an operation out as it stands there; return the status and the body of the answer."""
    block = _operation(page, method, path)
    block.locator(".opblock-summary").click()
    if block.locator(".try-out__btn:not(.cancel)").count():
        block.locator(".try-out__btn").click()
    block.locator("button.execute").click()
    row = block.locator(".live-responses-table tr.response")
    status = row.locator(".response-col_status").inner_text().split()[0]
    body = row.locator(".highlight-code").first.inner_text()
    row.scroll_into_view_if_needed()
    page.screenshot(path=picture)
    return status, body


def _operation(page: Page, method: str, path: str) -> Locator:
    summary = page.locator(f'.opblock-summary-path[data-path="{path}"]')
    return page.locator(f".opblock-{method}").filter(has=summary).first


def _listen(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type in {"error", "warning"}:
        complaints.append(f"the browser's console says: {message.text}")


def _stay_here(asked: str, urls: dict[str, str], complaints: list[str]) -> None:
    if not asked.startswith((*urls.values(), "data:", "blob:")):
        complaints.append(f"the page asks another host: {asked}")


def _expect(held: bool, otherwise: str) -> None:  # noqa: FBT001 reads as an assertion
    if not held:
        raise SystemExit(otherwise)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if sys.argv[1:] else "var/browser")))
