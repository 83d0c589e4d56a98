// Numbers and states as people read them.

const STATES = {
  "unstarted": "not started",
  "starting": "starting",
  "ready": "ready",
  "busy": "busy",
  "stopping": "stopping",
  "awaiting-input": "needs input",
  "closed": "closed",
  "lost": "lost",
  "gone": "gone",
};

/** Whether a session is at work; number 0 is but somebody's look at its data, graphs or results. */
export function works(session) {
  return session.is_busy && session.running !== 0;
}

/** The default session is ready long before there is a Stata behind it. */
export function stateOf(session) {
  if (session.epoch === 0 && session.state === "ready") return "unstarted";
  return session.state === "busy" && !works(session) ? "ready" : session.state;
}

export function stateWord(session) {
  return STATES[stateOf(session)];
}

/** Where a session on another machine runs, or why it has no place there yet. */
export function placeOf({ place }) {
  if (!place) return "";
  const job = place.job ? `job ${place.job}` : "";
  if (!place.queued) return [place.node, job].filter(Boolean).join(", ");
  const before = place.position ? ` (${place.position} before it)` : "";
  const start = place.expected_start ? `, expected ${moment(place.expected_start)}` : "";
  return `queued: ${place.queued}${before}${start}`;
}

function moment(time) {
  return new Date(time).toLocaleString([], { dateStyle: "short", timeStyle: "short" });
}

export function bytes(count) {
  if (count === null) return "";
  if (count < 1e6) return `${Math.max(1, Math.round(count / 1e3))} kB`;
  return count < 1e9 ? `${Math.round(count / 1e6)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}

export function duration(seconds) {
  if (seconds === null) return "";
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

/** How long nothing happened; too short to matter is not told. */
export function idle(session) {
  const isIdle = session.epoch > 0 && !session.is_busy && session.idle_s >= 10;
  return isIdle ? `idle ${duration(session.idle_s)}` : "";
}

export function clock(moment) {
  return moment ? new Date(moment).toLocaleTimeString() : "";
}

export function counted(number, one, many = `${one}s`) {
  return `${number.toLocaleString()} ${number === 1 ? one : many}`;
}

/** How a command stands, in a word or two. */
export function outcome(command) {
  if (command.state === "finished" && command.return_code) return `r(${command.return_code})`;
  if (command.state !== "broken") return command.state;
  return command.reason === "time-limit" ? "broken: time limit" : "broken: stopped";
}

export function failed(command) {
  return Boolean(command.return_code) || command.state === "broken" || command.state === "lost";
}
