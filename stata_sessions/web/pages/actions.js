// What a viewer in control does with whole sessions.

import * as api from "./api.js";
import { byId, pressed, setText } from "./dom.js";
import { answered, attempt, confirmed } from "./notices.js";

// Stata answers a break at once unless it is inside something that cannot be broken.
const STOP_WAIT_S = 5;

export function installActions({ current, acted, opened, closed }) {
  const on = (id, work) => byId(id).addEventListener("click", async () => {
    await pressed(byId(id), () => attempt(work));
    acted();
  });
  on("stop", () => stop(current()));
  on("restart", () => restart(current()));
  on("close", async () => {
    if (await close(current())) closed();
  });
  on("new-session", async () => {
    const created = await create();
    if (created) await opened(created.session_id);
  });
}

async function stop(id) {
  const told = await api.stop(id, { wait_s: STOP_WAIT_S });
  if (told.status !== "stop_sent") return;
  const forced = await confirmed({
    title: "Stata has not stopped yet",
    text: `It may still do so. Ending the Stata of session ${id} stops it for certain, but its data are lost.`,
    yes: "End this Stata",
  });
  if (forced) await api.stop(id, { force: true, wait_s: STOP_WAIT_S });
}

async function restart(id) {
  const sure = await confirmed({
    title: `Restart session ${id}?`,
    text: "It gets a new Stata. The data and results in memory are lost; earlier output stays readable.",
    yes: "Restart",
  });
  if (sure) await api.restart(id);
}

async function close(id) {
  const sure = await confirmed({
    title: `Close session ${id}?`,
    text: "Its Stata ends. The data in memory, the waiting commands and the output are lost.",
    yes: "Close session",
  });
  if (sure) await api.close(id);
  return sure;
}

async function create() {
  const [name, folder, failure] = ["name", "folder", "failure"].map((part) => byId(`creation-${part}`));
  name.value = "";
  setText(failure, "");
  while (await answered(byId("creation"))) {
    const given = {};
    if (name.value) given.name = name.value;
    if (folder.value) given.working_dir = folder.value;
    try {
      return await api.create(given);
    } catch (error) {
      setText(failure, error.message); // and ask again: what was typed is still there
    }
  }
  return null;
}
