// A page that nobody looks at asks for nothing, and leaves the browser's few connections to others.

/** Do some work now and then, but only while the page is visible; returns a way to do it at once. */
export function whileVisible(work, everyMs) {
  let timer = 0;
  let working = null;
  async function turn() {
    clearTimeout(timer);
    if (document.hidden) return;
    working ??= work().finally(() => { working = null; });
    await working;
    clearTimeout(timer);
    timer = setTimeout(turn, everyMs);
  }
  document.addEventListener("visibilitychange", turn);
  turn();
  return async () => {
    await working; // what is under way may have begun before the reason to look
    await turn();
  };
}

/** Wait until the page is visible. */
export function visible() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", () => resolve(visible()), { once: true });
  });
}

/** Call back whenever the page is hidden. */
export function onHidden(call) {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) call();
  });
}
