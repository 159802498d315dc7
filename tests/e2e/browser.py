"""Chromium without a window, driven through a pipe by its DevTools protocol: what it says on
its console, what a page measures, pictures and prints of it."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_S = 60


def program():
    """The browser's path; None if there is none."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


class Browser:
    """One page."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="daybook-e2e-browser-")
        commands, self.send = os.pipe()
        self.receive, answers = os.pipe()
        # The protocol wants them as 3 and 4, whatever they are here.
        script = f'exec "$@" 3<&{commands} 4>&{answers}'
        self.process = subprocess.Popen(
            ["sh", "-c", script, "sh", program(), "--headless=new", "--no-sandbox",
             "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
             "--no-first-run", "--disable-background-networking",
             f"--user-data-dir={self.profile}", "--remote-debugging-pipe", "about:blank"],
            pass_fds=(commands, answers), stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        os.close(commands)
        os.close(answers)
        self.last, self.buffer, self.events, self.session = 0, b"", [], None
        target = next(one for one in self.ask("Target.getTargets")["targetInfos"]
                      if one["type"] == "page")
        self.session = self.ask("Target.attachToTarget", targetId=target["targetId"],
                                flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def close(self):
        self.process.kill()
        self.process.communicate()
        os.close(self.send)
        os.close(self.receive)
        shutil.rmtree(self.profile, True)

    def _message(self, deadline):
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.receive], [], [], max(0, deadline - time.time()))
            piece = os.read(self.receive, 1 << 20) if ready else b""
            if not piece:
                self.process.kill()
                raise AssertionError(("no word from the browser", self.process.stderr.read()))
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def ask(self, method, **params):
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.send, json.dumps(message).encode() + b"\0")
        deadline = time.time() + PATIENCE_S
        while True:
            answer = self._message(deadline)
            if answer.get("id") == self.last:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self.events.append(answer)

    def open(self, path, width, height=900, phone=False):
        self.events.clear()
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=phone)
        self.ask("Page.navigate", url=f"file://{path}")
        deadline = time.time() + PATIENCE_S
        while not any(one.get("method") == "Page.loadEventFired" for one in self.events):
            self.events.append(self._message(deadline))

    def run(self, script):
        """What SCRIPT, an expression, comes to."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def complaints(self):
        """What stands on the console, and what was asked of a network."""
        out = []
        for one in self.events:
            params = one.get("params", {})
            if one.get("method") == "Log.entryAdded":
                out.append(params["entry"]["text"])
            elif one.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
                out.append(str(params))
            elif one.get("method") == "Network.requestWillBeSent" and \
                    not params["request"]["url"].startswith(("file:", "data:")):
                out.append(params["request"]["url"])
        return out

    def picture(self, path):
        """The whole page as PNG."""
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"],
                "height": min(size["height"], 16000), "scale": 1}
        data = self.ask("Page.captureScreenshot", format="png", clip=clip,
                        captureBeyondViewport=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def print(self, path):
        """On A4, as PDF."""
        data = self.ask("Page.printToPDF", paperWidth=8.27, paperHeight=11.69,
                        printBackground=False, preferCSSPageSize=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
