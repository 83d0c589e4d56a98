// What the console printed, as the page shows it: a block for each command, bounded in size.

import { byId, el, setText } from "./dom.js";
import { clock, duration, failed, outcome } from "./format.js";

// Characters and commands on the page. While the viewer reads further up, more may gather before the
// oldest go.
const KEPT = 500_000;
const KEPT_BLOCKS = 1000;
const WHILE_READING = 4;
// Small pieces are joined up to this length, so that there are few of them.
const PIECE = 4096;
const AT_THE_END_PX = 48;
// A scroll so soon after a key, a wheel or a finger is the viewer's.
const TOUCH_MS = 1000;

const encoder = new TextEncoder();
export const sizeOf = (text) => encoder.encode(text).length;

class Block {
  constructor(command, offset) {
    this.number = command.command;
    this.offset = offset; // in the session's transcript, of the first text shown
    this.restarted = el("p", { className: "restarted", hidden: true });
    this.meta = el("span", { className: "meta" });
    this.text = el("pre");
    this.note = el("p", { className: "note", hidden: true });
    this.element = el("div", { className: "block" }, this.restarted, this.meta, this.text, this.note);
    this.describe(command);
  }

  describe(command) {
    this.epoch = command.epoch;
    setText(this.meta, metaOf(command));
    this.meta.title = command.started_at ? `started ${clock(command.started_at)}` : "";
    this.element.dataset.state = failed(command) ? "failed" : command.state;
    const lost = command.data_kept ? "" : "The data of this session are lost.";
    setText(this.note, [command.note, lost].filter(Boolean).join(" · "));
    this.note.hidden = !this.note.textContent;
  }

  append(text) {
    const last = this.text.lastChild;
    if (last && last.length < PIECE) last.appendData(text);
    else this.text.append(text);
  }

  prepend(text) {
    this.text.prepend(text);
    this.offset -= sizeOf(text);
  }

  /** Drop the oldest piece; return its length. */
  shorten() {
    const oldest = this.text.firstChild;
    oldest.remove();
    this.offset += sizeOf(oldest.data);
    return oldest.length;
  }
}

function metaOf(command) {
  const isFine = command.state === "finished" && !command.return_code;
  const took = command.state === "running" ? "" : duration(command.elapsed_s);
  return [`#${command.command}`, isFine ? "" : outcome(command), took].filter(Boolean).join(" · ");
}

export class Transcript {
  constructor() {
    this.root = byId("transcript");
    this.scroll = byId("scroll");
    this.newest = byId("newest");
    this.touchedAt = -Infinity;
    for (const touch of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      this.scroll.addEventListener(touch, () => { this.touchedAt = performance.now(); }, { passive: true });
    }
    this.scroll.addEventListener("scroll", () => this.look());
    new ResizeObserver(() => this.settle()).observe(this.scroll);
    this.newest.addEventListener("click", () => { this.toEnd(); this.scroll.focus(); });
    this.clear();
  }

  clear() {
    this.root.replaceChildren();
    this.blocks = [];
    this.length = 0;
    this.atEnd = true;
    this.newest.hidden = true;
  }

  /** Where the shown text begins: a command and an offset; null when nothing is shown. */
  get top() {
    return this.blocks[0] ?? null;
  }

  append(command, text, offset) {
    let block = this.blocks.at(-1);
    if (block?.number !== command.command) {
      block = new Block(command, offset);
      this.blocks.push(block);
      this.root.append(block.element);
      this.mark(this.blocks.length - 1);
    }
    block.append(text);
    this.length += text.length;
    this.shorten();
    this.settle();
  }

  /** Put earlier text before all that is shown; `end` is the offset behind it. */
  prepend(command, text, end) {
    const height = this.scroll.scrollHeight;
    if (this.blocks[0]?.number !== command.command) {
      this.blocks.unshift(new Block(command, end));
      this.root.prepend(this.blocks[0].element);
    }
    this.blocks[0].prepend(text);
    this.length += text.length;
    this.mark(1);
    // What the viewer reads stays where it is.
    this.scroll.scrollTop += this.scroll.scrollHeight - height;
  }

  describe(command) {
    const place = this.blocks.findLastIndex((each) => each.number === command.command);
    if (place < 0) return;
    this.blocks[place].describe(command);
    this.mark(place);
    this.settle();
  }

  /** Draw a line where another Stata took over. */
  mark(place) {
    const [before, block] = [this.blocks[place - 1], this.blocks[place]];
    if (!before || !block) return;
    const changed = Boolean(block.epoch) && block.epoch !== before.epoch;
    setText(block.restarted, changed ? "A new Stata from here on; earlier data are gone" : "");
    block.restarted.hidden = !changed;
  }

  shorten() {
    const share = this.atEnd ? 1 : WHILE_READING;
    const isTooMuch = () => this.length > share * KEPT || this.blocks.length > share * KEPT_BLOCKS;
    while (isTooMuch() && (this.blocks.length > 1 || this.top.text.childNodes.length > 1)) {
      this.length -= this.top.shorten();
      if (!this.top.text.firstChild) this.blocks.shift().element.remove();
    }
  }

  /** Only the viewer leaves the end: while much is printed, it runs away from us by itself. */
  look() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    if (scrollHeight - scrollTop - clientHeight < AT_THE_END_PX) this.atEnd = true;
    else if (performance.now() - this.touchedAt < TOUCH_MS) this.atEnd = false;
    this.newest.hidden = this.atEnd;
  }

  /** Follow the end once per frame, however often text comes. */
  settle() {
    if (!this.atEnd || this.settling) return;
    this.settling = requestAnimationFrame(() => {
      this.settling = 0;
      if (this.atEnd) this.toEnd();
    });
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.atEnd = true;
    this.newest.hidden = true;
  }
}
