"""Firefox, by its own protocol (Marionette): needs firefox or firefox-esr, and no driver."""

import os
import shutil
import tempfile

from marionette_driver.marionette import Marionette

from browser import PATIENCE

# Elements of the protocol are clicked, typed into and asked by the same names as those of selenium.


class Firefox:
    def __init__(self):
        program = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
        self.home = tempfile.mkdtemp(prefix="ness-firefox-")
        os.environ["HOME"] = self.home
        self.marionette = Marionette(bin=program, headless=True, gecko_log=os.path.join(self.home, "gecko.log"), prefs={
            "browser.download.folderList": 2, "browser.download.useDownloadDir": True, "browser.download.always_ask_before_handling_new_types": False,
        })
        self.marionette.start_session()
        self.marionette.timeout.script = 2 * PATIENCE
        self.find_element = self.marionette.find_element
        self.find_elements = self.marionette.find_elements
        self.get = self.marionette.navigate
        self.back = self.marionette.go_back
        self.refresh = self.marionette.refresh

    def execute_script(self, text, *arguments):
        return self.marionette.execute_script(text, script_args=arguments, sandbox=None)

    def execute_async_script(self, text, *arguments):
        return self.marionette.execute_async_script(text, script_args=arguments, sandbox=None)

    def inside(self, text, *arguments):
        """Runs a script in the browser itself instead of the page."""
        with self.marionette.using_context("chrome"):
            return self.marionette.execute_script(text, script_args=arguments)

    def resize(self, width, height, dark):
        self.marionette.set_pref("layout.css.prefers-color-scheme.content-override", 0 if dark else 1)
        self.marionette.set_window_rect(width=max(width, 500) + 40, height=height + 200)
        # A window has a least width; the page in it has none.
        self.inside("""const { style } = gBrowser.selectedBrowser;
            style.flex = style.alignSelf = "none";
            style.width = `${arguments[0]}px`;
            style.height = `${arguments[1]}px`;""", width, height)

    def download_to(self, folder):
        self.marionette.set_pref("browser.download.dir", folder)

    def save_screenshot(self, path):
        with open(path, "wb") as file:
            self.marionette.save_screenshot(file, full=False)

    def collect(self):
        """Addresses that were asked for, and errors of scripts and styles of pages, since the last time."""
        requests = self.execute_script("return performance.getEntriesByType('resource').map((entry) => entry.name)")
        messages = self.inside("""const all = Services.console.getMessageArray().filter((message) => message instanceof Ci.nsIScriptError);
            Services.console.reset();
            return all.filter((message) => /^http:/.test(message.sourceName)).map((message) => message.errorMessage);""")
        # So Firefox calls it when another page is opened while a script runs.
        messages = [message for message in messages if not message.startswith("Script terminated by timeout")]
        return requests, messages

    def quit(self):
        self.marionette.quit(in_app=False)
        shutil.rmtree(self.home, ignore_errors=True)
