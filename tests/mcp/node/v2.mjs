// The official TypeScript SDK, version 2: `node v2.mjs legacy|auto URL` or `… COMMAND…`.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { report } from "./steps.mjs";

const [mode, first, ...rest] = process.argv.slice(2);
const transport = first.startsWith("http")
  ? new StreamableHTTPClientTransport(new URL(first))
  : new StdioClientTransport({ command: first, args: rest });
const client = new Client({ name: "tests", version: "1" }, { versionNegotiation: { mode } });
await client.connect(transport);
const version = client.getNegotiatedProtocolVersion();
await report(client, version, (name, given, options) =>
  client.callTool({ name, arguments: given }, options),
);
await client.close();
