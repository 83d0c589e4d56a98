// Follows one session: its commands in order, each live from where the page already is.

import * as api from "./api.js";
import { byId, pressed } from "./dom.js";
import { attempt } from "./notices.js";
import { Transcript, sizeOf } from "./transcript.js";
import { onHidden, visible } from "./visibility.js";

// What one turn back brings: bytes, and commands, of which each is a request.
const PAGE_BYTES = 64 * 1024;
const PAGE_COMMANDS = 20;
const SOON_MS = 300;
const RETRY_MS = [500, 1000, 2000, 5000];

export class Console {
  /**
   * Tells `changed` the commands when they changed, `live` the stream's state, and `moved` that the session
   * has another state: a command ended, or waits for input.
   */
  constructor({ changed, moved, live }) {
    this.transcript = new Transcript();
    this.changed = changed;
    this.moved = moved;
    this.live = live;
    this.leave = new AbortController();
    this.hiding = new AbortController();
    onHidden(() => {
      this.hiding.abort();
      this.hiding = new AbortController();
    });
    this.earlierButton = byId("earlier");
    this.earlierButton.addEventListener("click", () => this.showEarlier());
  }

  /** Show a session's latest output and follow it until another one is opened. */
  async open(session) {
    this.close();
    this.leave = new AbortController();
    const { signal } = this.leave;
    this.id = session.session_id;
    this.seen = stamp(session);
    this.commands = new Map();
    this.reached = 0;
    this.exhausted = false;
    this.transcript.clear();
    await this.refresh(signal);
    if (signal.aborted) return;
    this.next = this.list.find((each) => each.end === null)?.command ?? this.list.length + 1;
    await this.earlier(signal);
    if (signal.aborted) return;
    this.transcript.toEnd();
    this.follow(signal);
  }

  close() {
    this.leave.abort();
    this.wake?.();
    this.commands = new Map();
  }

  get list() {
    return [...this.commands.values()];
  }

  /** Take note of a session as it is now: perhaps there are new commands. */
  async notice(session) {
    const seen = stamp(session);
    if (seen === this.seen) return;
    await this.refresh(this.leave.signal);
    this.seen = seen;
  }

  /** One after the other: an older list that comes late must not replace a newer one. */
  refresh(signal) {
    const before = this.refreshing ?? Promise.resolve();
    this.refreshing = before.catch(() => {}).then(() => this.readCommands(signal));
    return this.refreshing;
  }

  async readCommands(signal) {
    if (signal.aborted) return;
    const found = await api.commands(this.id);
    if (signal.aborted) return;
    this.commands = new Map(found.map((each) => [each.command, each]));
    const running = found.findLast((each) => each.started_at);
    if (running) this.transcript.describe(running);
    this.changed(found);
    this.wake?.();
  }

  /** Once for many commands that end one right after the other: the list of all is long. */
  refreshSoon(signal) {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.refresh(signal).catch(() => {}), SOON_MS);
  }

  async follow(signal) {
    let failures = 0;
    while (!signal.aborted) {
      await visible();
      const command = this.commands.get(this.next);
      const { signal: hidden } = this.hiding;
      try {
        if (command) await this.stream(command, AbortSignal.any([signal, hidden]));
        else await new Promise((resolve) => { this.wake = resolve; });
        failures = 0;
      } catch (error) {
        if (signal.aborted || [404, 410].includes(error.status)) return;
        if (hidden.aborted) continue;
        this.live(false);
        await pause(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
      }
    }
  }

  async stream(command, signal) {
    for await (const event of api.stream(this.id, command.command, this.reached, signal)) {
      if (signal.aborted) return;
      this.live(true);
      const told = JSON.parse(event.data);
      if (event.name === "end") {
        this.ended(told, signal);
        return;
      }
      if (event.name === "state") this.moved();
      if (event.name !== "output") continue;
      const isFirst = this.transcript.blocks.at(-1)?.number !== command.command;
      const before = Number(event.id) - sizeOf(told.text);
      this.transcript.append(this.commands.get(command.command), told.text, before);
      this.reached = Number(event.id);
      if (this.earlierButton.hidden) this.earlierButton.hidden = !this.hasEarlier();
      // It may have been waiting when it was last looked at.
      if (isFirst && command.state === "queued") this.refreshSoon(signal);
    }
    throw new api.Unreachable();
  }

  ended(command, signal) {
    this.commands.set(command.command, command);
    this.transcript.describe(command);
    this.reached = command.end;
    this.next = command.command + 1;
    this.changed(this.list);
    this.moved();
    if (this.commands.has(this.next)) this.refreshSoon(signal);
  }

  async showEarlier() {
    await pressed(this.earlierButton, () => attempt(() => this.earlier(this.leave.signal)));
  }

  /** Show one page of output before what is shown. */
  async earlier(signal) {
    const pieces = this.piecesBefore(this.transcript.top ?? { number: this.next, offset: 0 });
    const read = await Promise.all(pieces.map((piece) => this.read(piece, signal)));
    if (signal.aborted) return;
    read.forEach((text, index) => {
      const { command, end } = pieces[index];
      if (text) this.transcript.prepend(command, text, end);
    });
    this.earlierButton.hidden = !this.hasEarlier();
  }

  hasEarlier() {
    const { top } = this.transcript;
    return !this.exhausted && top !== null && this.piecesBefore(top).length > 0;
  }

  /** List what lies before a place, newest first, up to a page. */
  piecesBefore({ number, offset }) {
    const pieces = [];
    let [left, end] = [PAGE_BYTES, offset];
    for (let each = number; each > 0 && left > 0 && pieces.length < PAGE_COMMANDS; each--) {
      const command = this.commands.get(each);
      if (each !== number) end = command?.end ?? 0;
      if (!command?.started_at || end <= command.start) continue;
      const start = Math.max(command.start, end - left);
      pieces.push({ command, start, end });
      left -= end - start;
    }
    return pieces;
  }

  async read({ command, start, end }, signal) {
    const size = Math.max(end - start, 4);
    const page = await api.output(this.id, command.command, start, size, { signal });
    if (page.offset > start) this.exhausted = true; // older output is no longer kept
    if (page.offset >= end) return "";
    // A piece from the middle may begin inside a row, or even a character.
    return start > command.start ? page.output.slice(page.output.indexOf("\n") + 1) : page.output;
  }
}

function stamp({ commands, running, queued, epoch, state }) {
  return JSON.stringify([commands, running, queued, epoch, state]);
}

function pause(ms) {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}
