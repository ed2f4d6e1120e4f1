// Writes the golden cases of the Java fold. Run in this folder, after npm ci: node write-golden.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { cases } from "./cases.mjs";
import { canonical, reduce } from "./reducer.mjs";

const version = JSON.parse(readFileSync(new URL("node_modules/ai/package.json", import.meta.url))).version;
const target = new URL("../../wire-protocol/src/test/resources/fold/golden.json", import.meta.url);
const lines = [];
for (const [name, { message = { id: "m", role: "assistant", parts: [] }, chunks }] of Object.entries(cases)) {
  const { message: expected, refused } = await reduce({ message, chunks });
  lines.push(canonical({ name, message, chunks, expected, refused }));
}
writeFileSync(
  target,
  `{"oracle":"ai ${version}, readUIMessageStream","command":"node interop/fold/write-golden.mjs","cases":[\n${lines.join(",\n")}\n]}\n`,
);
