"""The checks of `make docs` find what they are to find. No program is needed:  python -m unittest discover Tests/Site"""

import os
import subprocess
import sys
import tempfile
import types
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Scripts/site"))
os.environ.setdefault("NESS", "/bin/true")

import formulas
import gallery
import snippets


class Snippets(unittest.TestCase):
    def run_page(self, text):
        return snippets.Page("a page").run(text)[0]

    def test_output_stands_where_it_is_asked_for(self):
        page = self.run_page('```sh\necho one\necho two\n```\n<!-- output -->\n\n```python\nx = 2\n```\n\n```python\nprint(x + 1)\n```\n<!-- output -->\n')
        self.assertIn("```{.text .output}\none\ntwo\n```", page)
        self.assertIn("```{.text .output}\n3\n```", page)

    def test_inside_a_tab_too(self):
        page = self.run_page('=== "Shell"\n\n    ```sh\n    echo one\n    echo two\n    ```\n    <!-- output 2-2 -->\n')
        self.assertIn("    ```{.text .output}\n    two\n    ```", page)

    def test_files_are_written_for_the_blocks_below(self):
        self.assertIn("a: 1", self.run_page('```yaml title="x.yaml"\na: 1\n```\n\n```sh\ncat x.yaml\n```\n<!-- output -->\n').split("```sh")[1])

    def test_what_fails_ends_the_build(self):
        for text in ("```sh\nfalse\n```\n", "```sh\nfalse\ntrue\n```\n", "```python\n1/0\n```\n", "```python\nimport sys; sys.exit()\n```\n",
                     "```yaml\nmedum: 1\n```\n", "```sh\ntrue\n```\n<!-- output -->\n", "<!-- not run: for no reason -->\n"):
            with self.subTest(text), self.assertRaises(SystemExit):
                self.run_page(text)

    def test_what_is_marked_is_shown_only(self):
        self.assertEqual(self.run_page("<!-- not run: it fails -->\n```sh\nfalse\n```\n"), "\n```sh\nfalse\n```\n")


class Site(unittest.TestCase):
    def check(self, name, text):
        with tempfile.TemporaryDirectory() as folder:
            site = Path(folder)
            (site / "search").mkdir()
            (site / "search/search_index.js").write_text("")
            for number in range(25):
                (site / f"{number}.html").write_text('<a href="1.html#here" id="here">1</a>')
            (site / name).write_text(text)
            done = subprocess.run([sys.executable, str(ROOT / "Scripts/site/check.py"), folder], capture_output=True, text=True)
            return done.returncode, done.stderr

    def test_a_whole_site_passes(self):
        self.assertEqual(self.check("1.html", '<a href="2.html" id="here">2</a><a href="https://arxiv.org">elsewhere</a>')[0], 0)

    def test_faults_are_found(self):
        for text, word in (('<a href="none.html" id="here">', "is not there"), ('<a href="2.html#there" id="here">', "no such place"),
                           ('<p id="here"><script src="https://x.org/a.js"></script>', "fetches"), ('<p id="here"><img src="//x.org/a.png">', "fetches"),
                           ('<p id="here"><link rel="stylesheet" href="https://x.org/a.css">', "fetches"), ('<p id="here"><img src="a.png">', "is not there"),
                           ('<p id="here">The sum of\n- one, and\n- another</p>', "a paragraph: - one"),
                           ('<p id="here">| <code>a</code> | b | | c | d |</p>', "a paragraph: | a")):
            with self.subTest(text):
                status, words = self.check("1.html", text)
                self.assertEqual(status, 1)
                self.assertIn(word, words)
        self.assertEqual(self.check("a.css", "a { background: url(https://x.org/a.png) }")[0], 1)


class Numbers(unittest.TestCase):
    def test_a_claim_that_does_not_hold_ends_the_build(self):
        gallery.check(True)
        with self.assertRaises(SystemExit):
            gallery.check(False, "a claim")

    def test_numbers_are_written_with_their_errors(self):
        self.assertEqual(str(gallery.Number(0.063412, 0.00041)), "0.06341 ± 0.00041")
        self.assertEqual(str(gallery.Number(12.3456, 1.7)), "12.3 ± 1.7")
        self.assertEqual(str(gallery.Number(0.190983005, 1e-12)), "0.191")

    def test_formulas(self):
        page = types.SimpleNamespace(file=types.SimpleNamespace(src_uri="a page"))
        text = formulas.set_aside("```math\n\\frac{a}{b}\n```\nand $`x_1`$", page)
        self.assertNotIn("frac", text)
        self.assertEqual(formulas.put_back(text, page).count("<math"), 2)
        with self.assertRaises(SystemExit):
            formulas.set_aside("$`\\nosuchcommand x`$", page)


if __name__ == "__main__":
    unittest.main()
