// r(), e() and s(): scalars and macros as lists, matrices as tables.

import * as api from "./api.js";
import { byId, el } from "./dom.js";
import { View } from "./view.js";

export class ResultsView extends View {
  constructor() {
    super("results");
    byId("results-refresh").addEventListener("click", () => this.load());
  }

  clear() {
    byId("results").replaceChildren();
  }

  ask(id) {
    return api.results(id);
  }

  draw(found) {
    const kinds = ["r", "e", "s"].map((kind) => group(kind, found[kind])).filter(Boolean);
    byId("results").replaceChildren(...kinds);
    return kinds.length ? "" : "Nothing in r(), e() and s().";
  }
}

function group(kind, { scalars, macros, matrices }) {
  const named = (name) => `${kind}(${name})`;
  const rows = (values, draw) => Object.entries(values).map(([name, value]) => draw(named(name), value));
  const lists = [
    rows(scalars, (name, value) => row(name, number(value), "number")),
    rows(macros, (name, value) => row(name, value, "")),
  ].filter((each) => each.length).map((each) => el("table", {}, el("tbody", {}, ...each)));
  const tables = rows(matrices, matrix);
  if (!lists.length && !tables.length) return null;
  return el("section", {},
    el("h3", {}, `${kind}()`), el("div", { className: "lists" }, ...lists), ...tables);
}

function row(name, value, className) {
  return el("tr", {}, el("th", { scope: "row" }, name), el("td", { className }, value));
}

function matrix(name, { rows, columns, values, size }) {
  const head = columns.map((each) => el("th", { scope: "col" }, each));
  const body = values.map((each, index) => el(
    "tr", {},
    el("th", { scope: "row" }, rows[index] ?? ""),
    ...each.map((value) => el("td", { className: "number" }, number(value))),
  ));
  const table = el("table", {},
    el("caption", {}, `${name}, ${size[0]} × ${size[1]}`),
    el("thead", {}, el("tr", {}, el("td"), ...head)),
    el("tbody", {}, ...body));
  return el("div", { className: "table", tabIndex: 0, role: "region", "aria-label": name }, table);
}

function number(value) {
  if (value === null) return ".";
  return typeof value === "number" ? String(Number(value.toPrecision(9))) : value;
}
