// The data in memory as a table: a page of rows, perhaps only those that fulfil a condition.

import * as api from "./api.js";
import { byId, el } from "./dom.js";
import { View } from "./view.js";

const ROWS = 50;
// There may be thousands of variables; the page stays quick with these.
const COLUMNS = 200;
const LONGEST_TEXT = 300;

export class DataView extends View {
  constructor() {
    super("data");
    this.offset = 0;
    byId("data-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.go(0);
    });
    byId("data-previous").addEventListener("click", () => this.go(this.offset - ROWS));
    byId("data-next").addEventListener("click", () => this.go(this.offset + ROWS));
  }

  clear() {
    this.offset = 0;
    byId("condition").value = "";
    this.table();
  }

  go(offset) {
    this.offset = Math.max(0, offset);
    this.load();
  }

  async ask(id) {
    const condition = byId("condition").value.trim();
    const asked = { offset: this.offset, limit: ROWS, condition };
    const [rows, about] = await Promise.all([api.data(id, asked), api.variables(id)]);
    return { rows, about, condition };
  }

  draw({ rows, about, condition }) {
    const total = rows.total_rows;
    this.table(rows, about.variables.slice(0, COLUMNS));
    byId("data-previous").disabled = this.offset === 0;
    byId("data-next").disabled = this.offset + rows.rows.length >= total;
    if (!rows.columns.length) return "No data in memory.";
    if (!total) return condition ? "No row fulfils the condition." : "The data have no rows.";
    const all = condition ? `${total.toLocaleString()} matching` : total.toLocaleString();
    const last = this.offset + rows.rows.length;
    const columns = rows.columns.length > COLUMNS ? `, the first ${COLUMNS} of ${rows.columns.length} variables` : "";
    return `Rows ${(this.offset + 1).toLocaleString()} to ${last.toLocaleString()} of ${all}${columns}`;
  }

  table(rows = null, variables = []) {
    byId("data-previous").disabled = byId("data-next").disabled = true;
    const place = byId("data-table");
    place.replaceChildren();
    if (!rows?.columns.length) return;
    const head = el("tr", {}, el("th", { scope: "col" }, "#"), ...variables.map(heading));
    const body = rows.rows.map((row, index) => el(
      "tr", {},
      el("th", { scope: "row" }, String(rows.index[index])),
      ...variables.map((variable, column) => cell(row[column], variable, rows.labels)),
    ));
    place.append(el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)));
    place.scrollTo(0, 0);
  }
}

function heading(variable) {
  const isNumber = !variable.type.startsWith("str") && !variable.value_label;
  const given = { scope: "col", title: variable.label, className: isNumber ? "number" : "" };
  return el("th", given, variable.name, el("small", {}, variable.type));
}

function cell(value, variable, labels) {
  if (value === null) return el("td", { className: "missing" }, variable.type.startsWith("str") ? "" : ".");
  const label = labels[variable.name]?.[value];
  if (label !== undefined) return el("td", { title: `${variable.name} = ${value}` }, label);
  if (typeof value === "number") return el("td", { className: "number" }, number(value, variable.type));
  return el("td", {}, value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value);
}

function number(value, type) {
  // A float holds seven digits; what a double shows beyond them is noise.
  return String(type === "float" ? Number(value.toPrecision(7)) : value);
}
