// One stream a line in ({"message", "chunks"}), one answer a line out ({"message", "refused"}), keys sorted.
import { createInterface } from "node:readline";
import { canonical, reduce } from "./reducer.mjs";

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(canonical(await reduce(JSON.parse(line))) + "\n");
}
