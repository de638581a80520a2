"""A server with a store of its own, and a browser that looks at its page."""

import shutil
import subprocess
import tempfile
import time

from selenium.webdriver.common.keys import Keys

CURVE = "path.curve-line.exact"
# How long something that must come may take [s]: a machine may be busy with a compiler.
PATIENCE = 180
SIZES = {"wide": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}


class Server:
    """`ness serve` on a free port with a store of its own."""

    def __init__(self, ness):
        self.store = tempfile.mkdtemp(prefix="ness-browser-")
        self.ness = ness
        self.start("0")

    def start(self, port, user=None):
        self.process = subprocess.Popen(
            [self.ness, "serve", "--port", port, "--store", self.store],
            stdout=subprocess.PIPE, text=True, user=user)
        self.address = self.process.stdout.readline().strip()
        if not self.address.startswith("http://") or "token=" not in self.address:
            raise RuntimeError(f"ness serve printed {self.address!r} instead of its address")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def close(self):
        self.stop()
        shutil.rmtree(self.store, ignore_errors=True)


class Page:
    """The page in a browser, and what checks ask of it. `driver` is the browser: `Chromium` or `Firefox`."""

    def __init__(self, server, driver):
        self.server = server
        self.driver = driver
        self.requests = []
        self.messages = []
        self.resize(*SIZES["wide"])

    def resize(self, width, height, dark=False):
        self.driver.resize(width, height, dark)

    def open(self, fragment=""):
        self.driver.get("about:blank")
        self.driver.get(f"{self.server.address}{fragment}")
        self.wait(self.headline, "the first answer")
        time.sleep(0.4)

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def one(self, selector):
        return self.driver.find_element("css selector", selector)

    def text(self, selector):
        return self.script("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def curve(self):
        return self.script("return document.querySelector(arguments[0])?.getAttribute('d') ?? ''", CURVE)

    def value(self, path):
        """What stands in the field of a parameter."""
        return self.script("""return document.querySelector(`input[type="number"][data-path="${arguments[0]}"]`).value""", path)

    def headline(self):
        return self.text("#headline")

    def fragment(self):
        return self.script("return location.hash")

    def slide(self, path, place):
        """Puts a slider (0 to 1000) to a place, as a drag does."""
        self.script("""const slider = document.querySelector(`input[type="range"][data-path="${arguments[0]}"]`);
            slider.value = arguments[1];
            slider.dispatchEvent(new Event('input', { bubbles: true }));
            slider.dispatchEvent(new Event('change', { bubbles: true }));""", path, place)

    def type(self, path, text):
        field = self.one(f'input[type="number"][data-path="{path}"]')
        field.click()
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text, Keys.TAB)

    def wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            result = condition()
            if result:
                return result
            time.sleep(0.05)
        raise AssertionError(f"waited {PATIENCE} s in vain for {what}")

    def settle(self):
        """Waits until the curve has stopped changing and no answer is missing."""
        last = [self.curve(), time.monotonic()]

        def calm():
            now = self.curve()
            if now != last[0] or self.script("return document.querySelector('#chart').classList.contains('busy')"):
                last[:] = [now, time.monotonic()]
            return time.monotonic() - last[1] > 0.8
        self.wait(calm, "the curve to come to rest")

    def collect(self):
        """Takes over what the browser logged: requests and messages."""
        requests, messages = self.driver.collect()
        self.requests += requests
        self.messages += messages

    def close(self):
        self.driver.quit()
