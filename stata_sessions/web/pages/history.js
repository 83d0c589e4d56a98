// What ran, in order, and all of it as a do-file.

import * as api from "./api.js";
import { byId, el, setText } from "./dom.js";
import { clock, counted, duration, failed, outcome } from "./format.js";
import { attempt } from "./notices.js";

// Rows on the page; the do-file has them all.
const ROWS = 500;

export class HistoryView {
  constructor() {
    this.commands = [];
    byId("download").addEventListener("click", () => attempt(() => this.download()));
  }

  open(session) {
    this.id = session.session_id;
    this.commandsChanged([]);
  }

  notice() {}

  show() {
    this.draw();
  }

  commandsChanged(commands) {
    this.commands = commands;
    if (!byId("history-table").closest("[data-panel]").hidden) this.draw();
  }

  draw() {
    const shown = this.commands.slice(-ROWS).reverse();
    setText(byId("history-place"), this.place(shown.length));
    byId("download").disabled = !shown.length;
    const titles = ["#", "Code", "Outcome", "Started", "Took"];
    const head = el("tr", {}, ...titles.map((title) => el("th", { scope: "col" }, title)));
    const table = el("table", {}, el("thead", {}, head), el("tbody", {}, ...shown.map(row)));
    byId("history-table").replaceChildren(...(shown.length ? [table] : []));
  }

  place(shown) {
    const total = this.commands.length;
    if (!total) return "Nothing has run yet.";
    return shown < total ? `The latest ${shown} of ${counted(total, "command")}` : counted(total, "command");
  }

  async download() {
    const address = URL.createObjectURL(await api.doFile(this.id));
    el("a", { href: address, download: `${this.id}.do` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser has read it by then
  }
}

function row(command) {
  return el("tr", { className: failed(command) ? "failed" : "" },
    el("th", { scope: "row" }, String(command.command)),
    el("td", { className: "code" }, code(command)),
    el("td", {}, outcome(command)),
    el("td", {}, clock(command.started_at)),
    el("td", { className: "number" }, duration(command.elapsed_s)));
}

function code(command) {
  const text = command.code.replace(/\n+$/, "");
  const first = text.split("\n")[0];
  if (text === first) return el("code", {}, text);
  const rows = text.split("\n").length;
  return el("details", {},
    el("summary", {}, el("code", {}, first), el("small", {}, ` ${rows} lines`)),
    el("pre", {}, text));
}
