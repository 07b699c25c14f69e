"""A page on this computer that shows the report of a run and reloads it after each later run."""

from __future__ import annotations

import json
import threading
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PATIENCE = 20.0
"""Seconds that an open page waits for a new report before it asks again."""

_HOME = "127.0.0.1"

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>lodeplan --watch</title>
<style>
html, body { height: 100%; margin: 0; font: 15px/1.4 system-ui, sans-serif; }
body { display: flex; flex-direction: column; }
#news { margin: 0; padding: 0.4em 1em; background: #e8eef4; white-space: pre-wrap; max-height: 30vh; overflow: auto; }
#news.bad { background: #fdecec; color: #b00020; }
iframe { flex: 1; border: 0; width: 100%; }
</style>
<p id="news" role="status">waiting for the first plan</p>
<iframe title="report"></iframe>
<script>
const news = document.getElementById("news"), frame = document.querySelector("iframe");
let seen = -1, shown = -1;
function show(state) {
  seen = state.version;
  news.textContent = state.news;
  news.className = state.bad ? "bad" : "";
  document.title = `${state.bad ? "! " : ""}lodeplan --watch`;
  if (state.report && state.report !== shown) {
    // The address of the view stays, so that the reader stays where he was.
    if (shown < 0) frame.src = `report.html${location.hash}`;
    else frame.contentWindow.location.reload();
    shown = state.report;
  }
}
async function ask() {
  try { show(await (await fetch(`state?since=${seen}`)).json()); setTimeout(ask, 100); }
  catch { news.textContent = "lodeplan has stopped"; news.className = "bad"; setTimeout(ask, 3000); }
}
ask();
</script>
</html>
"""


class LivePage:
    """Serves the report of a folder, and notifies open pages of a new one.

    Attributes:
        address: where the page is, on this computer only.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._state: dict[str, object] = {"version": 0, "report": 0, "news": "", "bad": False}
        self._folder = Path()
        self._server = ThreadingHTTPServer((_HOME, 0), partial(_Handler, page=self))
        self._server.daemon_threads = True
        self.address = f"http://{_HOME}:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def show(self, news: str, *, bad: bool = False, folder: Path | None = None) -> None:
        """Show a line above the report; if a folder is given, show its report."""
        with self._changed:
            self._folder = folder or self._folder
            reports = int(str(self._state["report"])) + (folder is not None)
            version = int(str(self._state["version"])) + 1
            self._state = {"version": version, "report": reports, "news": news, "bad": bad}
            self._changed.notify_all()

    def state(self, since: int) -> dict[str, object]:
        """Return the state as soon as it differs from the one a page has seen, or after a while."""
        with self._changed:
            self._changed.wait_for(lambda: self._state["version"] != since, PATIENCE)
            return self._state

    def report(self) -> Path:
        """Return the file of the newest report."""
        return self._folder / "report.html"

    def close(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: object, page: LivePage) -> None:
        self._page = page
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with the page around the report, the report, or the state."""
        host = self.headers.get("Host", "").partition(":")[0]
        asked = urlsplit(self.path)
        if host not in (_HOME, "localhost"):
            self.send_error(HTTPStatus.FORBIDDEN)  # Another site must not read along through its own name.
        elif asked.path == "/":
            self._answer(_PAGE.encode(), "text/html; charset=utf-8")
        elif asked.path == "/state":
            since = parse_qs(asked.query).get("since", ["-1"])[0]
            state = self._page.state(int(since) if since.lstrip("-").isdecimal() else -1)
            self._answer(json.dumps(state).encode(), "application/json")
        elif asked.path == "/report.html" and self._page.report().exists():
            self._answer(self._page.report().read_bytes(), "text/html; charset=utf-8")
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing: the console is the planner's."""
