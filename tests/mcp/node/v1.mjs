// The official TypeScript SDK, version 1: `node v1.mjs URL`, `… sse URL` or `… COMMAND…`.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { report } from "./steps.mjs";

const [first, ...rest] = process.argv.slice(2);
const transport = chosen();
const client = new Client({ name: "tests", version: "1" });
await client.connect(transport);
await report(client, transport.protocolVersion ?? transport._protocolVersion ?? "", (name, given, options) =>
  client.callTool({ name, arguments: given }, undefined, options),
);
await client.close();

function chosen() {
  if (first === "sse") return new SSEClientTransport(new URL(rest[0]));
  if (first.startsWith("http")) return new StreamableHTTPClientTransport(new URL(first));
  return new StdioClientTransport({ command: first, args: rest });
}
