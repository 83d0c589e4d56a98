// Server-sent events, read from the body of a response: EventSource could not send a token.

/** Yield `{id, name, data}` for each event of a byte stream; comments are left out. */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop();
      for (const part of parts) {
        const event = parsed(part);
        if (event.data) yield event;
      }
    }
  } finally {
    // Whoever stops listening lets go of the connection, too.
    reader.cancel().catch(() => {});
  }
}

function parsed(text) {
  const event = { id: "", name: "message", data: "" };
  const rows = [];
  for (const line of text.split("\n")) {
    const [, field, value] = /^(\w*): ?(.*)$/s.exec(line) || [];
    if (field === "data") rows.push(value);
    else if (field === "id") event.id = value;
    else if (field === "event") event.name = value;
  }
  event.data = rows.join("\n");
  return event;
}
