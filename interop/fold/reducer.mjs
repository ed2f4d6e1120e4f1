// The oracle: what the reducer of the npm package `ai` makes of a stream of chunks.
import { readUIMessageStream } from "ai";

const END = { type: "message-metadata", messageMetadata: { endOfStream: true } };

// The reducer stops at a chunk that it refuses. We leave such a chunk out and go on, and say which ones it refused.
export async function reduce({ message, chunks }) {
  const left = chunks.map((chunk, index) => ({ chunk, index }));
  const refused = [];
  for (;;) {
    const { result, failedAt } = await reduceOnce(message, left.map(({ chunk }) => chunk));
    if (failedAt === undefined) {
      return { message: result, refused };
    }
    refused.push(left[failedAt].index);
    left.splice(failedAt, 1);
  }
}

async function reduceOnce(message, chunks) {
  let reached = -1;
  // The reducer looks at the type of each chunk when its turn comes: that tells how far it is.
  const watched = [...chunks, END].map((chunk, index) =>
    Object.defineProperty(structuredClone(chunk), "type", {
      enumerable: true,
      get() {
        reached = Math.max(reached, index);
        return chunk.type;
      },
    }),
  );
  const stream = new ReadableStream({
    start(controller) {
      watched.forEach((chunk) => controller.enqueue(chunk));
      controller.close();
    },
  });
  // A step alone makes the reducer show nothing; our end does, and only its metadata is ours.
  const shown = [structuredClone(message)];
  for await (const state of readUIMessageStream({ message: structuredClone(message), stream, onError() {} })) {
    shown.push(JSON.parse(JSON.stringify(state)));
  }
  const last = shown.at(-1);
  if (last.metadata?.endOfStream !== true) {
    return { failedAt: reached };
  }
  const { metadata, ...result } = last;
  const before = shown.at(-2).metadata;
  return { result: before === undefined ? result : { ...result, metadata: before } };
}

export function canonical(value) {
  return JSON.stringify(value, (_, node) =>
    node !== null && typeof node === "object" && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
      : node,
  );
}
