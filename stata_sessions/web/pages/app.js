// Starts the page: which session the address names, and one look at the server every two seconds.

import { installActions } from "./actions.js";
import * as api from "./api.js";
import { installControl } from "./control.js";
import { byId, setText } from "./dom.js";
import { SessionList } from "./list.js";
import { askForToken } from "./notices.js";
import { whileVisible } from "./visibility.js";
import { OpenSession } from "./session.js";
import { stateWord } from "./format.js";

const LOOK_MS = 2000;
// Many short commands may end one after the other; one look is enough for all of them.
const SOON_MS = 200;
const TABS = ["console", "data", "graphs", "results", "history"];

const list = new SessionList();
const open = new OpenSession({ acted: lookSoon, live: showConnection });
let look = async () => {};
let soon = 0;
let known = [];
let hasHealth = false;

/** Read the address: `#/` is the list, `#/session/tab` a view of a session. */
function place() {
  const [id, tab] = location.hash.replace(/^#\/?/, "").split("/");
  return { id, tab: TABS.includes(tab) ? tab : "console" };
}

async function lookAtServer() {
  try {
    if (!hasHealth) await showHealth();
    const answer = await api.sessions();
    if (!answer.multi_session_enabled) answer.sessions = [await api.session("default")];
    known = answer.sessions;
    document.body.dataset.multi = answer.multi_session_enabled ? "on" : "off";
    list.update(answer, place().id);
    showConnection(true);
    await follow();
  } catch (error) {
    showConnection(false, error.message);
  }
}

function lookSoon() {
  clearTimeout(soon);
  soon = setTimeout(() => look(), SOON_MS);
}

async function showHealth() {
  const health = await api.health();
  setText(byId("version"), `stata-sessions ${health.version}`);
  byId("stand-in").hidden = health.console !== "standin";
  hasHealth = true;
}

function showConnection(isLive, why = "The stream was cut.") {
  const connection = byId("connection");
  connection.dataset.live = isLive ? "yes" : "no";
  setText(connection, isLive ? "" : `${why} Trying again…`);
}

/** Show what the address names, as far as it is there. */
async function follow() {
  const { id, tab } = place();
  list.mark(id);
  setText(byId("absent"), "");
  if (!id) {
    open.leave();
    document.title = "stata-sessions";
    return;
  }
  const session = known.find((each) => each.session_id === id);
  if (session) await showSession(session, tab);
  else await showGone(id);
}

async function showSession(session, tab) {
  document.title = `${session.session_id}: ${stateWord(session)} - stata-sessions`;
  await open.show(session, tab);
  await open.notice(session);
}

async function showGone(id) {
  document.title = `${id} - stata-sessions`;
  try {
    await open.show(await api.session(id), place().tab);
  } catch (error) {
    if (open.id === id) open.gone(error.message);
    else showAbsent(id, error.message);
  }
}

function showAbsent(id, message) {
  open.leave();
  document.body.dataset.open = "yes";
  document.title = "stata-sessions";
  setText(byId("absent"), message);
}

function go(id) {
  location.hash = `#/${id}`;
}

/** Go to a session that the viewer has just opened, to type into it. */
async function goAndType(id) {
  go(id);
  await follow();
  byId("code").focus();
}

function skip(event) {
  event.preventDefault(); // the address already says which session is open
  byId("stage").focus();
}

installControl();
installActions({
  current: () => open.id,
  acted: lookSoon,
  opened: goAndType,
  closed: () => go(""),
});
api.onTokenNeeded(askForToken);
byId("skip").addEventListener("click", skip);
// At once, as far as it is known; what is not known may be there by now.
window.addEventListener("hashchange", () => follow().catch(() => look()));
look = whileVisible(lookAtServer, LOOK_MS);
