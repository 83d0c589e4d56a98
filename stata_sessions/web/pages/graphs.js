// The graphs in memory as pictures.

import * as api from "./api.js";
import { byId, el } from "./dom.js";
import { counted } from "./format.js";
import { View } from "./view.js";

export class GraphsView extends View {
  constructor() {
    super("graphs");
    this.addresses = [];
    byId("graphs-refresh").addEventListener("click", () => this.load());
  }

  clear() {
    byId("gallery").replaceChildren();
    this.addresses.forEach((each) => URL.revokeObjectURL(each));
    this.addresses = [];
  }

  async ask(id) {
    const names = await api.graphs(id);
    const drawn = [];
    // One after the other: Stata draws them one after the other, too.
    for (const name of names) drawn.push({ name, picture: await api.picture(id, name) });
    return drawn;
  }

  draw(drawn) {
    this.clear();
    byId("gallery").append(...drawn.map((each) => this.figure(each)));
    if (!drawn.length) return "No graphs in memory.";
    return counted(drawn.length, "graph");
  }

  figure({ name, picture }) {
    const address = URL.createObjectURL(picture);
    this.addresses.push(address);
    const suffix = picture.type === "image/svg+xml" ? "svg" : "png";
    const save = el("a", { href: address, download: `${name}.${suffix}` }, "Download");
    return el("figure", {},
      el("img", { src: address, alt: `Graph ${name}` }),
      el("figcaption", {}, `${name} `, save));
  }
}
