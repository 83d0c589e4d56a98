"""The page that older editors open in a browser: a box for code, and its output.

It takes the code or file named in its address into the box and waits for its reader: an address
must never run anything by itself.
"""

from __future__ import annotations

from flask import Flask, Response

POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self'; script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stata, interactive</title>
<link rel="icon" href="/pages/icon.svg">
<style>
body { font: 1rem system-ui, sans-serif; margin: 1rem auto; max-width: 60rem; padding: 0 1rem; }
textarea, pre { box-sizing: border-box; font: .9rem ui-monospace, monospace; width: 100%; }
pre { background: #f4f4f4; color: #111; overflow-x: auto; padding: .75rem; }
pre.failed { border-left: .3rem solid #b00020; }
img { max-width: 100%; }
</style>
</head>
<body>
<h1>Stata</h1>
<form id="form">
<label for="code">Code (runs when you say so)</label>
<textarea id="code" rows="6" spellcheck="false"></textarea>
<p><button id="run">Run</button> <button type="button" id="stop">Stop</button></p>
</form>
<div id="answers" aria-live="polite"></div>
<script src="/interactive.js"></script>
</body>
</html>
"""
SCRIPT = """"use strict";
const $ = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
if (asked.get("code")) $("code").value = asked.get("code");
else if (asked.get("file")) $("code").value = 'do "' + asked.get("file") + '"';

function show(text, failed) {
  const block = document.createElement("pre");
  block.textContent = text;
  block.className = failed ? "failed" : "";
  $("answers").prepend(block);
  return block;
}

async function run(code) {
  const answer = await fetch("/v1/tools", {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify({
      tool: "stata_run_selection", parameters: {selection: code, skip_filter: true},
    }),
  });
  const told = await answer.json();
  const block = show(told.output ?? told.message, told.status !== "success" || told.return_code);
  for (const graph of told.graphs ?? []) {
    const picture = document.createElement("img");
    picture.src = graph.browserPath;
    picture.alt = "graph " + graph.name;
    block.after(picture);
  }
}

$("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("run").disabled = true;
  try { await run($("code").value); }
  catch (error) { show(String(error), true); }
  finally { $("run").disabled = false; }
});
$("stop").addEventListener("click", () => fetch("/stop_execution", {method: "POST"}));
"""


def install(app: Flask) -> None:
    """Add the page to the application."""

    @app.get("/interactive")
    def interactive_page() -> Response:
        headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
        return Response(PAGE, mimetype="text/html", headers=headers)

    @app.get("/interactive.js")
    def interactive_script() -> Response:
        return Response(SCRIPT, mimetype="text/javascript")
