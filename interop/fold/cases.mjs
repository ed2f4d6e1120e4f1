// Chunk streams by name; `message` is the assistant message that the stream goes on with, empty when not given.
const text = (id, ...deltas) => [
  { type: "text-start", id },
  ...deltas.map((delta) => ({ type: "text-delta", id, delta })),
  { type: "text-end", id },
];
const begin = { type: "start", messageId: "m" };
const inputStart = (more = {}) => ({ type: "tool-input-start", toolCallId: "c", toolName: "find", ...more });
const delta = (inputTextDelta, toolCallId = "c") => ({ type: "tool-input-delta", toolCallId, inputTextDelta });
const input = (more = {}) => ({
  type: "tool-input-available",
  toolCallId: "c",
  toolName: "find",
  input: { q: 1 },
  ...more,
});
const output = (more = {}) => ({ type: "tool-output-available", toolCallId: "c", output: [1, 2.5], ...more });
const outputError = { type: "tool-output-error", toolCallId: "c", errorText: "no" };
const inputError = (more = {}) => ({
  type: "tool-input-error",
  toolCallId: "c",
  toolName: "find",
  input: "{bad",
  errorText: "e",
  ...more,
});
const ask = (more = {}) => ({ type: "tool-approval-request", toolCallId: "c", approvalId: "ap", ...more });
const denied = { type: "tool-output-denied", toolCallId: "c" };
const step = { type: "start-step" };
const stepEnd = { type: "finish-step" };
const finish = { type: "finish" };
const of = (...chunks) => ({ chunks });
const on = (part, ...chunks) => ({ message: { id: "m", role: "assistant", parts: [part] }, chunks });
const call = { type: "tool-find", toolCallId: "c", state: "input-available", input: { q: 1 } };

const partialInputs = ['{"a":1', '{"a":"x', '{"a":1,"b', '{"a":tr', '{"a":-', '{"a":1.', '{"a":1e', '[1,{"b":"x\\u00', "[nul", '"t',
  '{"a":{"b":[', "{", "", " ", '{"a":1}x', '{"a":"\\', "12", "-", '[1,2', '["a",', "x", '{"a":"b\\"c'];

export const cases = {
  text: of(begin, ...text("t", "Hel", "lo", "", " Ω"), finish),
  "reasoning and text with the same id": of(
    { type: "reasoning-start", id: "0", providerMetadata: { p: { a: 1 } } }, { type: "text-start", id: "0" },
    { type: "reasoning-delta", id: "0", delta: "hm" }, { type: "text-delta", id: "0", delta: "so" },
    { type: "reasoning-end", id: "0", providerMetadata: { p: { a: 2 } } }, { type: "text-end", id: "0" }),
  "two texts interleaved": of(
    { type: "text-start", id: "a" }, { type: "text-start", id: "b" }, { type: "text-delta", id: "b", delta: "B" },
    { type: "text-delta", id: "a", delta: "A" }, { type: "text-end", id: "a" },
    { type: "text-delta", id: "b", delta: "b" }, { type: "text-end", id: "b" }),
  "a text id is used twice": of(
    { type: "text-start", id: "a" }, { type: "text-delta", id: "a", delta: "1" }, ...text("a", "2")),
  "an id after its step": of(
    step, { type: "text-start", id: "a" }, { type: "text-delta", id: "a", delta: "1" }, stepEnd,
    { type: "text-delta", id: "a", delta: "lost" }, step, ...text("a", "2"), stepEnd),
  "text metadata": of(
    { type: "text-start", id: "a", providerMetadata: { p: { x: 1 } } },
    { type: "text-delta", id: "a", delta: "1", providerMetadata: { p: { y: 1 } } },
    { type: "text-delta", id: "a", delta: "2" }, { type: "text-end", id: "a", providerMetadata: null }),
  "an unfinished text": of(begin, step, { type: "text-start", id: "a" }, { type: "text-delta", id: "a", delta: "1" }),
  "a delta without start": of({ type: "text-delta", id: "a", delta: "1" }, ...text("b", "2")),
  "an end without start": of({ type: "text-end", id: "a" }, { type: "reasoning-end", id: "a" }, ...text("b", "2")),
  "a reasoning delta without start": of({ type: "reasoning-delta", id: "a", delta: "1" }, ...text("b", "2")),
  "tool input streams": of(inputStart({ title: "Find", toolMetadata: { m: 1 } }), delta('{"q":'), delta('"x"'), delta("}")),
  "tool input becomes available": of(inputStart(), delta('{"q":1}'), input({ title: "Find" })),
  "text input streams as it is": of(inputStart({ inputEncoding: "text" }), delta("plain "), delta("text")),
  "text input becomes available": of(inputStart({ inputEncoding: "text" }), delta("plain"), input({ input: "plain" })),
  "an input delta without start": of(delta("{}"), ...text("b", "2")),
  "a delta comes after the input": of(inputStart(), delta('{"q":1}'), input({ toolName: "other" }), delta(" ")),
  "two inputs interleaved": of(
    inputStart(), inputStart({ toolCallId: "d", toolName: "g" }), delta("[1"), delta("[2", "d"), delta("]"), delta("]", "d")),
  "input error": of(inputStart(), delta("{bad"), inputError()),
  "input error of an unknown call": of(inputError()),
  "input error of a dynamic call": of(inputStart({ dynamic: true }), delta("{bad"), inputError()),
  "input error of an unknown dynamic call": of(inputError({ dynamic: true, providerMetadata: { p: { a: 1 } } })),
  "output available": of(input({ providerMetadata: { p: { a: 1 } } }), output({ providerMetadata: { p: { a: 2 } } })),
  "output error": of(input(), outputError),
  "output error after an input error": of(inputError(), outputError),
  "output of an unknown call": of(output(), outputError, denied, ask(), ...text("b", "2")),
  "preliminary outputs": of(input(), output({ output: 1, preliminary: true }), output({ output: 2, preliminary: true }), output({ output: 3 })),
  "an output finds its call in an earlier step": of(step, input(), stepEnd, step, output()),
  "the same call in two steps": of(step, input(), stepEnd, step, input({ input: 2 }), output()),
  "an input of an earlier step": of(step, inputStart(), delta("[1"), stepEnd, step, delta("]")),
  "approval requested": of(input(), ask()),
  "approval with all its fields": of(input(), ask({ approvalDescriptor: { d: 1 }, inputSchemaInput: null, signature: "s" })),
  "approval denied": of(input(), ask(), denied),
  "approval answered, then run": on(
    { ...call, state: "approval-responded", approval: { id: "ap", approved: true } }, begin, step, output(), stepEnd, finish),
  "a dynamic tool": of(inputStart({ dynamic: true }), delta('{"a":1}'), input({ dynamic: true }), output()),
  "a dynamic tool fails": of(input({ dynamic: true, input: null }), outputError),
  "a dynamic and a static call of one id": of(input(), input({ dynamic: true }), output()),
  "a static call turns dynamic": of(inputStart(), delta("[1"), input({ dynamic: true, input: [1] })),
  "provider executed": of(inputStart({ providerExecuted: true }), input(), output({ providerExecuted: true, toolMetadata: { t: 1 } })),
  "data parts": of(
    { type: "data-w", id: "1", data: { t: 1 } }, { type: "data-w", data: 0 }, { type: "data-v", id: "1", data: 9 },
    { type: "data-w", id: "1", data: { t: 2 } }, { type: "data-w", id: "1", data: 3, transient: true }, { type: "data-w", data: 0 }),
  "a data part keeps what it carries": of({ type: "data-w", id: "1", data: null, transient: false, more: 1 }, { type: "data-w", id: null, data: 1 }),
  files: of({ type: "file", mediaType: "a/b", url: "data:,", providerMetadata: { p: { a: 1 } } }, { type: "file", mediaType: "a/b", url: "u", providerMetadata: null }),
  sources: of(
    { type: "source-url", sourceId: "s", url: "http://x", title: "X", providerMetadata: null },
    { type: "source-document", sourceId: "d", mediaType: "a/b", title: "D", filename: "f", providerMetadata: { p: {} } }),
  metadata: of(
    { ...begin, messageMetadata: { a: { x: 1, l: [1] }, k: 1 } }, { type: "message-metadata", messageMetadata: { a: { y: 2, l: [2] }, k: null } },
    { type: "message-metadata", messageMetadata: null }, { type: "finish", messageMetadata: { k: { z: 1 }, a: { x: { deep: 1 } } } }),
  "metadata never takes a prototype": of({ ...begin, messageMetadata: { a: 1 } }, { type: "finish", messageMetadata: { constructor: 1, prototype: 2, b: 3 } }),
  steps: of(begin, step, ...text("a", "1"), stepEnd, step, stepEnd, finish),
  "an error": of(begin, ...text("a", "1"), { type: "error", errorText: "e" }, ...text("b", "2"), finish),
  "an abort": of(begin, step, { type: "text-start", id: "a" }, { type: "text-delta", id: "a", delta: "1" }, { type: "abort" }),
  "unknown chunk types": of({ type: "unheard-of", data: 1 }, { type: "tool-new", toolCallId: "c" }, { type: "database", data: 1 }, ...text("a", "1")),
  "another message starts": of(begin, ...text("a", "1"), { type: "start", messageId: "n" }, ...text("a", "2")),
  "a start without id": of({ type: "start" }, ...text("a", "1"), { type: "start", messageMetadata: { b: 1 } }, ...text("b", "2")),
  "a message goes on": on(call, begin, output(), step, ...text("a", "1"), finish),
  "a message goes on whose input streams": on({ ...call, state: "input-streaming", rawInput: "[1" }, begin, delta(",2]")),
  "a message goes on whose data part is replaced": on({ type: "data-w", id: "1", data: 1 }, begin, { type: "data-w", id: "1", data: 2 }),
  "a message goes on whose text streams": on({ type: "text", text: "1", state: "streaming" }, begin, ...text("a", "2")),
  ...Object.fromEntries(partialInputs.map((written) => [`partial input ${written}`, of(inputStart(), delta(written))])),
};
