// Failures that belong to no place of their own, and questions that need an answer first.

import { byId, setNote, setText } from "./dom.js";

const SHOWN_MS = 8000;
let hiding = 0;

/** Tell the viewer what went wrong; it goes by itself. */
export function tell(message) {
  setNote(byId("notice"), message);
  clearTimeout(hiding);
  hiding = setTimeout(() => setNote(byId("notice"), ""), SHOWN_MS);
}

byId("notice").addEventListener("click", () => tell(""));

/** Do something on the viewer's behalf; a failure is told, and undefined returned. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    tell(error.message);
    return undefined;
  }
}

// Cancel is no submit button: Enter in a field would press the first of these.
document.addEventListener("click", ({ target }) => {
  if (target.matches("dialog button[type=button]")) target.closest("dialog").close("");
});

/** Open a dialog; resolves to whether it was answered with yes. */
export function answered(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

export function confirmed({ title, text, yes }) {
  setText(byId("confirm-title"), title);
  setText(byId("confirm-text"), text);
  setText(byId("confirm-yes"), yes);
  return answered(byId("confirm"));
}

/** Ask for the server's token until one is given. */
export async function askForToken(refused) {
  const field = byId("token");
  setText(byId("entrance-failure"), refused ? "The server did not accept that token." : "");
  field.value = "";
  while (!(await answered(byId("entrance"))) || !field.value);
  const token = field.value.trim();
  field.value = "";
  return token;
}
