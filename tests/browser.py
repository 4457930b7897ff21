"""A headless Chromium, spoken to in the W3C WebDriver protocol with the standard library alone."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
MISSING = None if CHROMIUM and DRIVER else "chromium and chromedriver are not installed"

_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--hide-scrollbars"),
]
KEYS = {"enter": "\ue007", "tab": "\ue004", "left": "\ue012", "right": "\ue014"}
KEYS |= {"up": "\ue013", "down": "\ue015", "end": "\ue010", "home": "\ue011", "escape": "\ue00c"}


class Browser:
    """One window; use it in a ``with``."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._driver = subprocess.Popen(
            [str(DRIVER), f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._base = f"http://127.0.0.1:{port}"
        self._session = ""

    def __enter__(self) -> Browser:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        if self._session:
            self._call("DELETE", "")
        self._driver.terminate()
        self._driver.wait(10)
        self._profile.cleanup()

    def _start(self) -> None:
        until = time.monotonic() + 30
        while True:
            try:
                if self._call("GET", "/status")["ready"]:
                    break
            except URLError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        options = {
            "binary": CHROMIUM,
            "args": [*_FLAGS, f"--user-data-dir={self._profile.name}"],
        }
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        found = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/session/{found['sessionId']}"

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self._base + self._session + path, data, method=method)
        try:
            with urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except HTTPError as error:
            raise AssertionError(error.read().decode()) from None

    def open(self, page: Path, fragment: str = "") -> None:
        """Load a file and wait for it."""
        self._call("POST", "/url", {"url": "about:blank"})
        self._call("POST", "/url", {"url": page.as_uri() + fragment})

    def run(self, script: str, *arguments: object) -> Any:
        """What the body of a function, run in the page, returns."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def press(self, *keys: str) -> None:
        """Press and release keys, by name or as letters, wherever the focus is."""
        letters = [KEYS.get(key, key) for key in keys]
        actions = [{"type": kind, "value": k} for k in letters for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self._call("POST", "/actions", {"actions": [source]})

    def point(self, x: float, y: float) -> None:
        """Move the pointer to a place in the window (CSS pixels)."""
        move = {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0}
        source = {"type": "pointer", "id": "mouse", "actions": [move]}
        self._call("POST", "/actions", {"actions": [source]})

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press the left button at one place (CSS pixels), release it at another."""
        actions: list[dict[str, Any]] = []
        for kind, place in (("pointerDown", start), ("pointerUp", end)):
            x, y = map(round, place)
            actions.append({"type": "pointerMove", "x": x, "y": y, "duration": 0})
            actions.append({"type": kind, "button": 0})
        source = {"type": "pointer", "id": "mouse", "actions": actions}
        self._call("POST", "/actions", {"actions": [source]})

    def size(self, width: int, height: int) -> None:
        """Give the page this many CSS pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.protocol("Emulation.setDeviceMetricsOverride", metrics)

    def media(self, **features: str) -> None:
        """Pretend preferences such as ``prefers_color_scheme="dark"``."""
        pairs = [{"name": k.replace("_", "-"), "value": v} for k, v in features.items()]
        self.protocol("Emulation.setEmulatedMedia", {"features": pairs})

    def protocol(self, command: str, parameters: dict[str, Any]) -> Any:
        """A command of the DevTools protocol."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def complaints(self) -> list[str]:
        """What the page's console said since the last time, refused loads included."""
        return [entry["message"] for entry in self._call("POST", "/se/log", {"type": "browser"})]

    def picture(self, target: Path) -> None:
        """Save what the window shows."""
        target.write_bytes(base64.b64decode(self._call("GET", "/screenshot")))

    def paper(self, target: Path) -> None:
        """Save what a printer would get, as PDF."""
        target.write_bytes(base64.b64decode(self._call("POST", "/print", {"background": True})))
