// The official TypeScript SDK, version 1: `node v1.mjs URL` or `node v1.mjs COMMAND…`.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { report } from "./steps.mjs";

const [first, ...rest] = process.argv.slice(2);
const transport = first.startsWith("http")
  ? new StreamableHTTPClientTransport(new URL(first))
  : new StdioClientTransport({ command: first, args: rest });
const client = new Client({ name: "tests", version: "1" });
await client.connect(transport);
await report(client, transport.protocolVersion ?? "", (name, given, options) =>
  client.callTool({ name, arguments: given }, undefined, options),
);
await client.close();
