// The server's HTTP interface. Nothing else in the page knows of requests, tokens or statuses.

import { events } from "./events.js";

const TOKEN = "stata-sessions token";

/** A failure that the server told about; `kind` is its stable word, `facts` its whole answer. */
export class Refused extends Error {
  constructor(status, facts) {
    super(facts.message || facts.error || `The server answered ${status}.`);
    this.status = status;
    this.kind = facts.kind || "";
    this.facts = facts;
  }
}

/** The server could not be reached. */
export class Unreachable extends Error {
  constructor() {
    super("The server does not answer.");
  }
}

let askForToken = async () => "";
let asking = null;

/** Say who asks the viewer for a token: called with whether one was refused just now. */
export function onTokenNeeded(ask) {
  askForToken = ask;
}

function newToken(refused) {
  // Several requests may find out at once; the viewer is asked once.
  asking ??= askForToken(refused)
    .then((token) => sessionStorage.setItem(TOKEN, token))
    .finally(() => { asking = null; });
  return asking;
}

async function send(path, { method = "GET", body, headers = {}, signal } = {}) {
  const token = sessionStorage.getItem(TOKEN);
  const sent = { ...headers };
  if (token) sent.Authorization = `Bearer ${token}`;
  if (body !== undefined) sent["Content-Type"] = "application/json";
  let answer;
  try {
    // Without credentials the browser does not ask for a password by itself.
    answer = await fetch(path, {
      method, signal, headers: sent, credentials: "omit", cache: "no-store",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    throw error.name === "AbortError" ? error : new Unreachable();
  }
  if (answer.status === 401) {
    // Another request may have brought a newer token meanwhile.
    if (sessionStorage.getItem(TOKEN) === token) await newToken(Boolean(token));
    return send(path, { method, body, headers, signal });
  }
  if (answer.ok) return answer;
  throw new Refused(answer.status, await answer.json().catch(() => ({})));
}

const json = async (path, options) => (await send(path, options)).json();
const post = (path, body, options) => json(path, { method: "POST", body, ...options });
const at = (id, rest = "") => `/sessions/${encodeURIComponent(id)}${rest}`;
const query = (given) => new URLSearchParams(
  Object.entries(given).filter(([, value]) => value !== undefined && value !== ""),
);

export const health = () => json("/health");
export const sessions = () => json("/sessions");
export const session = async (id) => (await json(at(id))).session;
export const create = (given) => post("/sessions", given);
export const close = (id) => json(at(id), { method: "DELETE" });
export const restart = (id) => post(at(id, "/restart"));
export const stop = (id, order) => post(at(id, "/stop"), order);
export const input = (id, text) => post(at(id, "/input"), { text });
export const run = (id, code) => post(at(id, "/commands"), { code });
export const cancel = (id, number) => post(at(id, `/commands/${number}/cancel`));
export const commands = async (id) => (await json(at(id, "/commands"))).commands;
export const results = (id) => json(at(id, "/results"));
export const graphs = async (id) => (await json(at(id, "/graphs"))).graphs;
export const variables = (id) => json(at(id, "/variables"));
export const data = (id, given) => json(at(id, `/data?${query(given)}`));

export async function picture(id, name) {
  return (await send(at(id, `/graphs/${encodeURIComponent(name)}`))).blob();
}

export async function doFile(id) {
  return (await send(at(id, "/history?format=do"))).blob();
}

/** Read output from an offset on, or from the oldest that is still kept. */
export async function output(id, number, offset, limit, options) {
  const path = (from) => at(id, `/commands/${number}/output?${query({ offset: from, limit })}`);
  try {
    return await json(path(offset), options);
  } catch (error) {
    if (error.kind !== "output-discarded") throw error;
    return json(path(error.facts.oldest), options);
  }
}

/** Yield the live events of a command from an offset of the transcript on. */
export async function* stream(id, number, offset, signal) {
  const headers = { "Last-Event-ID": String(offset) };
  const answer = await send(at(id, `/commands/${number}/stream`), { headers, signal });
  try {
    yield* events(answer.body);
  } catch (error) {
    throw error.name === "AbortError" ? error : new Unreachable();
  }
}
