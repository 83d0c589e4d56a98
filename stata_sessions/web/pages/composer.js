// Running code, answering Stata, and the commands that wait.

import * as api from "./api.js";
import { byId, el, pressed, setNote, setShown } from "./dom.js";
import { attempt } from "./notices.js";

// Waiting commands that are listed one by one.
const WAITING = 20;
const DRAFT = "stata-sessions draft ";

export class Composer {
  /** `acted` is called after anything that changes the session. */
  constructor(acted) {
    this.acted = acted;
    this.code = byId("code");
    this.id = "";
    this.codes = [];
    byId("run-form").addEventListener("submit", (event) => this.run(event));
    byId("input-form").addEventListener("submit", (event) => this.answer(event));
    this.code.addEventListener("keydown", (event) => this.key(event));
    this.code.addEventListener("input", () => this.keepDraft());
  }

  open(id) {
    this.id = id;
    this.codes = [];
    this.place = null;
    this.code.value = sessionStorage.getItem(DRAFT + id) ?? "";
    this.update({ state: "ready", hint: "" });
    this.showQueue([]);
  }

  /** Show the question of a session that waits for input. */
  update(session) {
    const waits = session.state === "awaiting-input";
    const text = `Input needed: ${session.hint}`;
    setNote(byId("input-hint"), waits ? text : "");
    setNote(byId("watching-input"), waits ? text : "");
    const isNews = waits && byId("input-form").hidden;
    setShown(byId("input-form"), waits, this.code);
    // Who has just run code and typed no more goes on with the answer.
    if (isNews && document.activeElement === this.code && !this.code.value) byId("input-text").focus();
  }

  showCommands(commands) {
    this.codes = commands.map((each) => each.code);
    this.showQueue(commands.filter((each) => each.state === "queued"));
  }

  showQueue(queued) {
    const shown = queued.slice(0, WAITING).map((each) => this.waiting(each));
    const rest = queued.length - shown.length;
    byId("queue").replaceChildren(...shown, ...(rest ? [el("li", {}, `and ${rest} more`)] : []));
  }

  waiting(command) {
    const cancel = el("button", {
      type: "button", className: "needs-control push", "aria-label": `Cancel #${command.command}`,
    }, "Cancel");
    cancel.addEventListener("click", async () => {
      await attempt(() => api.cancel(this.id, command.command));
      this.acted();
    });
    const code = el("code", {}, command.code.trim().split("\n")[0]);
    return el("li", {}, `#${command.command} waits `, code, cancel);
  }

  async run(event) {
    event.preventDefault();
    const [id, code] = [this.id, this.code.value];
    // The keys that run the code do not ask whether the button can be pressed.
    if (!code.trim() || byId("run").disabled) return;
    const command = await pressed(byId("run"), () => attempt(() => api.run(id, code)));
    if (!command || id !== this.id) return;
    this.code.value = "";
    this.place = null;
    this.keepDraft();
    this.code.focus();
    this.acted();
  }

  async answer(event) {
    event.preventDefault();
    const [field, button] = [byId("input-text"), byId("send")];
    if (button.disabled) return; // a second Enter must not answer the next question
    const sent = await pressed(button, () => attempt(() => api.input(this.id, field.value)));
    if (!sent) return;
    field.value = "";
    this.acted();
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      byId("run-form").requestSubmit();
    } else if (event.key === "ArrowUp" && this.recall(-1)) {
      event.preventDefault();
    } else if (event.key === "ArrowDown" && this.recall(+1)) {
      event.preventDefault();
    }
  }

  /** Bring back earlier code, as long as the box holds nothing of the viewer's own. */
  recall(step) {
    const untouched = this.place !== null && this.code.value === this.codes[this.place];
    if (this.code.value && !untouched) return false;
    const place = (untouched ? this.place : this.codes.length) + step;
    if (place < 0 || place > this.codes.length) return false;
    this.place = place;
    this.code.value = this.codes[place] ?? "";
    this.keepDraft();
    return true;
  }

  keepDraft() {
    if (this.code.value) sessionStorage.setItem(DRAFT + this.id, this.code.value);
    else sessionStorage.removeItem(DRAFT + this.id);
  }
}
