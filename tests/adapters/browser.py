"""A real browser, driven through the WebDriver that comes with it: no library, a few requests to a port of this machine."""

import base64
import json
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

DRIVER: Final = shutil.which("chromedriver")
CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage", "--force-color-profile=srgb", "--hide-scrollbars",
)  # fmt: skip
_ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
SLASHES: Final = "//"
TAB: Final = "\ue004"
ENTER: Final = "\ue007"


class Browser:
    """One window."""

    def __init__(self, port: int, profile: Path) -> None:
        self._base = f"http:{SLASHES}127.0.0.1:{port}"
        options = {"binary": CHROMIUM, "args": [*_FLAGS, f"--user-data-dir={profile}"]}
        asked = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        made = self._send("POST", "/session", {"capabilities": {"alwaysMatch": asked}})
        self._base += f"/session/{made['sessionId']}"

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self._base + path, data, {"Content-Type": "application/json"}, method=method)  # noqa: S310 - this machine
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
            return json.load(answer)["value"]

    def open(self, page: Path, fragment: str = "") -> None:
        """Go to a page of the disk."""
        self._send("POST", "/url", {"url": page.absolute().as_uri() + fragment})

    @property
    def url(self) -> str:
        """Where it is."""
        return str(self._send("GET", "/url"))

    def js(self, script: str, *args: Any) -> Any:
        """What a script in the page returns."""
        return self._send("POST", "/execute/sync", {"script": script, "args": list(args)})

    def devtools(self, command: str, **params: Any) -> Any:
        """A command of the developer tools."""
        return self._send("POST", "/goog/cdp/execute", {"cmd": command, "params": params})

    def size(self, width: int, height: int = 900) -> None:
        """Give the page a width."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def media(self, media: str = "", *, dark: bool = False) -> None:
        """Show it as on paper, or in the dark."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.devtools("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def keys(self, *keys: str) -> None:
        """Type."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._send("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def click(self, selector: str) -> None:
        """Click on what a selector finds."""
        found = self._send("POST", "/element", {"using": "css selector", "value": selector})
        self._send("POST", f"/element/{found[_ELEMENT]}/click")

    def errors(self) -> list[str]:
        """What the console complained of since last asked."""
        logged = self._send("POST", "/se/log", {"type": "browser"})
        return [each["message"] for each in logged if each["level"] in {"WARNING", "SEVERE"}]

    def shot(self, file: Path) -> None:
        """A picture of the whole page."""
        height = self.js("return document.scrollingElement.scrollHeight")
        width = self.js("return innerWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        made = self.devtools("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        file.write_bytes(base64.b64decode(made["data"]))

    def pdf(self, file: Path) -> None:
        """The page on paper."""
        made = self.devtools("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        file.write_bytes(base64.b64decode(made["data"]))

    def quit(self) -> None:
        """Close it."""
        with suppress(OSError):
            self._send("DELETE", "")


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A browser with a profile of its own, and its driver; both go at the end."""
    assert DRIVER
    with subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as driver:
        try:
            assert driver.stdout
            started = next(line for line in driver.stdout if "started successfully on port" in line)
            made = Browser(int(started.rstrip(".\n").rpartition(" ")[2]), profile)
            try:
                yield made
            finally:
                made.quit()
        finally:
            driver.terminate()
