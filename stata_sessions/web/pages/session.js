// One open session: its head, its tabs, and which of its views is shown.

import { Composer } from "./composer.js";
import { Console } from "./console.js";
import { DataView } from "./data.js";
import { byId, setNote, setShown, setText } from "./dom.js";
import { bytes, counted, idle, placeOf, stateOf, stateWord, works } from "./format.js";
import { GraphsView } from "./graphs.js";
import { HistoryView } from "./history.js";
import { ResultsView } from "./results.js";

const ENDED = ["closed", "lost"];

export class OpenSession {
  /** `acted` is called when the session has changed, `live` with the stream's state. */
  constructor({ acted, live }) {
    this.id = "";
    this.composer = new Composer(acted);
    this.console = new Console({
      live, moved: acted, changed: (commands) => this.commandsChanged(commands),
    });
    this.views = {
      data: new DataView(),
      graphs: new GraphsView(),
      results: new ResultsView(),
      history: new HistoryView(),
    };
  }

  get tabs() {
    return document.querySelectorAll("[data-tab]");
  }

  get panels() {
    return document.querySelectorAll("[data-panel]");
  }

  /** Show a session, or go on showing it with another tab. */
  async show(session, tab) {
    // A new server may have a session of the same name, whose commands begin again.
    const identity = `${session.session_id} ${session.created_at}`;
    const isNew = identity !== this.identity;
    this.identity = identity;
    this.id = session.session_id;
    document.body.dataset.open = "yes";
    byId("welcome").hidden = true;
    byId("session").hidden = false;
    if (isNew) this.composer.open(this.id);
    if (isNew) Object.values(this.views).forEach((view) => view.open(session));
    this.update(session);
    this.showTab(tab);
    if (isNew) await this.openConsole(session);
  }

  async openConsole(session) {
    try {
      await this.console.open(session);
    } catch (error) {
      this.identity = ""; // so that the next look opens it
      throw error;
    }
  }

  showTab(tab) {
    for (const link of this.tabs) {
      link.href = `#/${this.id}/${link.dataset.tab}`;
      if (link.dataset.tab === tab) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    for (const panel of this.panels) panel.hidden = panel.dataset.panel !== tab;
    this.views[tab]?.show();
    if (tab === "console") this.console.transcript.settle();
  }

  leave() {
    if (!this.identity) return;
    this.identity = this.id = "";
    this.console.close();
    document.body.dataset.open = "no";
    byId("session").hidden = true;
    byId("welcome").hidden = false;
  }

  update(session) {
    setText(byId("session-name"), session.session_id);
    this.showState(session);
    setText(byId("session-facts"), factsOf(session));
    setShown(byId("stop"), works(session), byId("code"));
    byId("restart").hidden = false;
    byId("close").hidden = session.is_default;
    const ended = ENDED.includes(session.state);
    byId("run-form").hidden = ended;
    const reason = session.error ? `: ${session.error}` : "";
    const remedy = session.state === "lost" ? " Restart gives it a new Stata." : "";
    const over = `This session is ${stateWord(session)}${reason}.${remedy}`;
    setNote(byId("banner"), ended ? over : session.warning);
    this.composer.update(session);
    Object.values(this.views).forEach((view) => view.notice(session));
  }

  showState(session) {
    const state = byId("session-state");
    state.dataset.state = stateOf(session);
    setText(state, stateWord(session));
  }

  /** Take note of the session as the list has it. */
  async notice(session) {
    if (session.session_id !== this.id) return; // another one was opened meanwhile
    this.update(session);
    await this.console.notice(session);
  }

  /** The session is not there any more; what was shown of it stays. */
  gone(message) {
    this.console.close();
    this.showState({ state: "gone" });
    setNote(byId("banner"), message);
    for (const id of ["run-form", "input-form", "stop", "restart", "close"]) byId(id).hidden = true;
  }

  commandsChanged(commands) {
    setNote(byId("nothing"), commands.length ? "" : "Nothing has run in this session yet.");
    this.composer.showCommands(commands);
    this.views.history.commandsChanged(commands);
  }
}

function factsOf(session) {
  if (session.epoch === 0) return "Its Stata starts with the first command.";
  return [
    session.console === "standin" ? "stand-in" : session.launcher,
    placeOf(session),
    session.queued ? `${session.queued} waiting` : "",
    counted(session.commands, "command"),
    bytes(session.memory_bytes),
    session.epoch > 1 ? `epoch ${session.epoch}` : "",
    idle(session),
    session.working_dir,
  ].filter(Boolean).join(" · ");
}
