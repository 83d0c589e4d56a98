// Watching is the default. Only this tab remembers that its viewer took control.

import { byId, setText } from "./dom.js";

const KEY = "stata-sessions control";

export function installControl() {
  const control = byId("control");
  const apply = () => {
    document.body.dataset.control = control.checked ? "on" : "off";
    setText(byId("control-hint"), control.checked ? "on: you can run and stop code" : "off: you only watch");
    sessionStorage.setItem(KEY, control.checked ? "on" : "off");
  };
  control.checked = sessionStorage.getItem(KEY) === "on";
  control.addEventListener("change", apply);
  apply();
}
