"""Open a report in headless Chromium and see whether it behaves.

    python benchmarks/report_in_browser.py out/phnom-penh/report.html --pictures shots/

Presses every button and asks every chart for tooltips.  Prints the size of the file,
console errors, network requests (there must be none beside the file itself), charts
drawn, and whether anything sticks out sideways, on a desk and on a phone, in light and
in dark; saves a picture of each.  Exit code 1 if something is wrong.  Needs a
`chromium` on the path; talks to it over a pipe.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SIZE_MAX_BYTES = 2_000_000
WIDTHS_PX = {"desk": 1280, "phone": 390}
HEIGHT_PX = 900
READY_MAX_S = 30.0
SETTLE_S = 0.5
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)
PROBE = """(() => ({
  charts: document.querySelectorAll('.chart-canvas').length,
  drawn: [...document.querySelectorAll('.chart-canvas')]
    .filter(b => b.querySelector('svg path, canvas')).length,
  overflow: document.documentElement.scrollWidth - window.innerWidth,
  height: document.documentElement.scrollHeight,
  numbers: document.querySelectorAll('#inventory tbody tr').length,
}))()"""

EXERCISE = """(async () => {
  const pause = () => new Promise(done => setTimeout(done, 30));
  for (const choice of document.querySelectorAll('.choice input')) {
    choice.click(); await pause();
  }
  let tips = 0;
  for (const box of document.querySelectorAll('.chart-canvas')) {
    const view = echarts.getInstanceByDom(box);
    const series = view.getOption().series;
    for (let s = 0; s < series.length; s += 1) {
      for (let i = 0; i < Math.min(3, (series[s].data || []).length); i += 1) {
        view.dispatchAction({type: 'showTip', seriesIndex: s, dataIndex: i});
        await pause(); tips += 1;
      }
    }
  }
  for (const key of document.querySelectorAll('.key')) { key.click(); key.click(); }
  const search = document.querySelector('#inventory input');
  search.value = 'e'; search.dispatchEvent(new Event('input'));
  document.querySelector('#theme').click(); await pause();
  document.querySelector('#theme').click();
  window.dispatchEvent(new Event('beforeprint')); await pause();
  window.dispatchEvent(new Event('afterprint'));
  return {tips, foreign: document.querySelectorAll('img, iframe, object').length};
})()"""
"""Presses every button and asks for tooltips; names must not become elements."""


@dataclass
class Seen:
    """What happened while a page was open."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)


class Browser:
    """One tab, driven by messages over two pipes."""

    def __init__(self, reading: int, writing: int) -> None:
        self._in = os.fdopen(reading, "rb", buffering=0)
        self._out = os.fdopen(writing, "wb", buffering=0)
        self._rest = b""
        self._last = 0
        self._session = ""
        self.seen = Seen()
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask(
            "Target.attachToTarget", targetId=target, flatten=True
        )["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._out.write(json.dumps(message).encode() + b"\0")
        while self._last not in self.seen.answers:
            self._listen()
        answer = self.seen.answers.pop(self._last)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def wait(self, seconds: float) -> None:
        """Let the page work while its messages are heard."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.1)
            self.ask("Runtime.evaluate", expression="0")

    def _listen(self) -> None:
        while b"\0" not in self._rest:
            piece = self._in.read(65536)
            if not piece:
                raise RuntimeError("the browser went away")
            self._rest += piece
        text, _, self._rest = self._rest.partition(b"\0")
        self._note(json.loads(text))

    def _note(self, message: dict[str, Any]) -> None:
        parameters = message.get("params", {})
        match message.get("method"):
            case None:
                self.seen.answers[message["id"]] = message
            case "Network.requestWillBeSent":
                self.seen.requests.append(parameters["request"]["url"])
            case "Runtime.exceptionThrown":
                details = parameters["exceptionDetails"]
                thrown = details.get("exception", {}).get("description", "")
                self.seen.errors.append(thrown or details["text"])
            case "Runtime.consoleAPICalled" if parameters["type"] in (
                "error",
                "warning",
                "assert",
            ):
                said = [str(a.get("value", "")) for a in parameters["args"]]
                self.seen.errors.append(" ".join(said))
            case "Log.entryAdded" if parameters["entry"]["level"] != "verbose":
                self.seen.errors.append(parameters["entry"]["text"])


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A fresh headless browser with a profile of its own."""
    program = next((p for b in BROWSERS if (p := shutil.which(b))), None)
    if program is None:
        sys.exit(f"none of {', '.join(BROWSERS)} is on the path")
    to_browser, our_out = os.pipe()
    our_in, from_browser = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        pipes = f'exec "$@" 3<&{to_browser} 4>&{from_browser} 2>/dev/null'
        command = ["sh", "-c", pipes, "sh", program, *FLAGS]
        process = subprocess.Popen(
            [*command, f"--user-data-dir={profile}"],
            pass_fds=(to_browser, from_browser),
        )
        os.close(to_browser)
        os.close(from_browser)
        try:
            yield Browser(our_in, our_out)
        finally:
            process.terminate()
            process.wait(timeout=20)


def settled(tab: Browser) -> dict[str, Any]:
    """What the probe says once every chart is drawn, or at the latest after a while."""
    end = time.monotonic() + READY_MAX_S
    while True:
        tab.wait(SETTLE_S)
        probe = tab.ask("Runtime.evaluate", expression=PROBE, returnByValue=True)
        found = dict(probe["result"]["value"])
        is_ready = found["charts"] > 0 and found["drawn"] == found["charts"]
        if is_ready or time.monotonic() > end:
            return found


def look(page: Path, view: str, theme: str, picture: Path | None) -> dict[str, Any]:
    """Open the page once and report what was seen."""
    with browser() as tab:
        width = WIDTHS_PX[view]
        size = {"width": width, "deviceScaleFactor": 1, "mobile": view == "phone"}
        tab.ask("Emulation.setDeviceMetricsOverride", height=HEIGHT_PX, **size)
        scheme = {"name": "prefers-color-scheme", "value": theme}
        tab.ask("Emulation.setEmulatedMedia", features=[scheme])
        url = page.resolve().as_uri()
        tab.ask("Page.navigate", url=url)
        found = settled(tab)
        if picture is not None:
            whole = {"x": 0, "y": 0, "width": width, "height": found["height"]}
            shot = tab.ask(
                "Page.captureScreenshot",
                captureBeyondViewport=True,
                clip={**whole, "scale": 1},
            )
            picture.write_bytes(base64.b64decode(shot["data"]))
        used = tab.ask(
            "Runtime.evaluate",
            expression=EXERCISE,
            returnByValue=True,
            awaitPromise=True,
        )
        found |= used["result"].get("value") or {"tips": 0, "foreign": 0}
        if "exceptionDetails" in used:
            tab.seen.errors.append(str(used["exceptionDetails"]["exception"]))
        local = ("data:", "about:", "blob:")
        asked = [r for r in tab.seen.requests if r != url and not r.startswith(local)]
        return {**found, "errors": tab.seen.errors, "requests": asked}


def main() -> int:
    """Look at the page in every view; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--pictures", type=Path)
    asked = parser.parse_args()
    if asked.pictures is not None:
        asked.pictures.mkdir(parents=True, exist_ok=True)
    size = asked.page.stat().st_size
    wrong = size > SIZE_MAX_BYTES
    print(f"size             {size:>10,} bytes (at most {SIZE_MAX_BYTES:,})")
    for view, theme in (("desk", "light"), ("desk", "dark"), ("phone", "light")):
        name = f"{view}-{theme}"
        shot = asked.pictures / f"{name}.png" if asked.pictures else None
        found = look(asked.page, view, theme, shot)
        print(
            f"{name:<16} errors {len(found['errors'])}, requests "
            f"{len(found['requests'])}, charts {found['drawn']}/{found['charts']}, "
            f"sticks out {max(0, found['overflow'])} px, numbers listed "
            f"{found['numbers']}, tooltips asked {found['tips']}, foreign elements "
            f"{found['foreign']}"
        )
        for text in (*found["errors"], *found["requests"]):
            print(f"    {text[:300]}")
        wrong |= bool(found["errors"] or found["requests"] or found["overflow"] > 0)
        wrong |= found["drawn"] < found["charts"] or found["foreign"] > 0
    print("wrong" if wrong else "fine")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
