// What the views of a session share: they ask only when looked at, and tell when they are out of date.

import { byId, setText } from "./dom.js";
import { works } from "./format.js";

export class View {
  /** `name` begins the ids of the view's elements. */
  constructor(name) {
    this.name = name;
    this.session = null;
    this.loadedAt = null;
  }

  part(name) {
    return byId(`${this.name}-${name}`);
  }

  open(session) {
    this.session = session;
    this.loadedAt = null;
    this.turn = null;
    setText(this.part("failure"), "");
    setText(this.part("place"), "");
    this.clear();
  }

  /** Load when shown for the first time. */
  show() {
    if (this.loadedAt === null) this.load();
  }

  notice(session) {
    this.session = session;
    if (this.loadedAt !== null && this.loadedAt !== stamp(session) && !this.turn) {
      setText(this.part("place"), "The session has run code since.");
    }
  }

  /** Ask the server; answers that come too late, for another session or page, are dropped. */
  async load() {
    const turn = {};
    this.turn = turn;
    const { session } = this;
    setText(this.part("failure"), "");
    if (session.epoch === 0) {
      this.turn = null;
      setText(this.part("place"), "Its Stata has not started yet.");
      return;
    }
    this.loadedAt = stamp(session);
    setText(this.part("place"), works(session) ? "Waiting for the running command…" : "Loading…");
    try {
      const found = await this.ask(session.session_id);
      if (this.turn !== turn) return;
      setText(this.part("place"), this.draw(found) ?? "");
    } catch (error) {
      if (this.turn !== turn) return;
      setText(this.part("place"), "");
      setText(this.part("failure"), error.message);
    } finally {
      if (this.turn === turn) this.turn = null;
    }
  }
}

/** A view waits its turn, so it shows what all commands up to now have done. */
function stamp(session) {
  return `${session.epoch} ${session.commands}`;
}
