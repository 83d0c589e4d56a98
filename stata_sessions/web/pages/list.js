// The list of sessions. Rows are kept and changed in place, so that focus and reading place stay.

import { byId, el, setText } from "./dom.js";
import { bytes, counted, idle, placeOf, stateOf, stateWord } from "./format.js";

export class SessionList {
  constructor() {
    this.root = byId("session-list");
    this.rows = new Map();
  }

  update({ sessions, max_sessions: most, available_slots: free }, current) {
    setText(byId("slots"), `${most - free} of ${most}`);
    const gone = new Set(this.rows.keys());
    for (const session of sessions) {
      gone.delete(session.session_id);
      this.row(session.session_id).update(session);
    }
    for (const id of gone) {
      this.rows.get(id).element.remove();
      this.rows.delete(id);
    }
    this.mark(current);
  }

  mark(current) {
    for (const [id, row] of this.rows) row.mark(id === current);
  }

  row(id) {
    if (!this.rows.has(id)) {
      const row = new Row(id);
      this.rows.set(id, row);
      this.root.append(row.element);
    }
    return this.rows.get(id);
  }
}

class Row {
  constructor(id) {
    this.state = el("span", { className: "state" });
    this.facts = el("span", { className: "hint" });
    const name = el("span", { className: "name" }, id);
    this.link = el("a", { href: `#/${id}` }, name, this.state, this.facts);
    this.element = el("li", {}, this.link);
  }

  update(session) {
    this.state.dataset.state = stateOf(session);
    setText(this.state, stateWord(session));
    setText(this.facts, factsOf(session));
  }

  mark(isCurrent) {
    if (isCurrent === this.link.hasAttribute("aria-current")) return;
    if (!isCurrent) this.link.removeAttribute("aria-current");
    else {
      this.link.setAttribute("aria-current", "true");
      this.link.scrollIntoView({ block: "nearest" });
    }
  }
}

function factsOf(session) {
  if (session.epoch === 0) return "starts with its first command";
  const running = session.running ? `running #${session.running}` : "";
  const queued = session.queued ? `${session.queued} waiting` : "";
  const waiting = session.state === "starting" ? placeOf(session) : "";
  const all = [waiting, running, queued, bytes(session.memory_bytes), idle(session)].filter(Boolean);
  return all.join(" · ") || counted(session.commands, "command");
}
