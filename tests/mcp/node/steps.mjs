// The steps that every client goes through; prints what it saw as JSON.

const SESSIONS = ["default", "b", "c", "d"];

// `call(tool, arguments, options)` asks the server and returns the SDK's result.
export async function report(client, version, call) {
  const run = (code, session = "default", options = {}) =>
    call("stata_run_selection", { selection: code, session_id: session }, options);
  const told = ({ isError, content }) => [isError, content.map((each) => each.text ?? each.type)];
  const seen = {
    version,
    tools: (await client.listTools()).tools.map((each) => each.name),
    call: told(await run("display 40 + 2")),
    failed: told(await run("error 198")),
    refused: told(await call("stata_data", { session_id: "nobody" }, {})),
    progress: [],
  };
  await run("sleep 2500", "default", { onprogress: ({ progress }) => seen.progress.push(progress) });
  for (const name of SESSIONS.slice(1)) {
    await call("stata_session", { action: "create", session_id: name }, {});
  }
  const codes = Array.from({ length: 20 }, (_, number) => `sleep 100\ndisplay 1000 + ${number}`);
  const many = codes.map((code, number) => run(code, SESSIONS[number % SESSIONS.length]));
  seen.many = (await Promise.all(many)).map(told);
  seen.cancelled = await cancelled((signal) => run("sleep 40000", "default", { signal }));
  seen.after = told(await run("display 6 * 7"));
  process.stdout.write(JSON.stringify(seen));
}

async function cancelled(start) {
  const begun = performance.now();
  const giveUp = new AbortController();
  setTimeout(() => giveUp.abort("enough"), 700);
  await start(giveUp.signal).catch(() => undefined);
  return (performance.now() - begun) / 1000;
}
