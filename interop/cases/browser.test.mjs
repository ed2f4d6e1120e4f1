import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { describe, test } from "node:test";

import { accessToken, newChatId, sessions, startChat } from "../lib/chats.mjs";
import { findChromium, openPage } from "../lib/chromium.mjs";
import { inRecords } from "../lib/records.mjs";
import { url } from "../lib/target.mjs";
import { within } from "../lib/waiting.mjs";

const TASK = `interop-unserved-${randomUUID()}`;
const BROWSER_PATIENCE_MS = 60_000;
const chromium = findChromium();
const required = process.env.BATON_INTEROP_REQUIRED === "true";
const skip = !chromium && !required && "no Chromium on the PATH and none named by BATON_CHROMIUM";
if (skip) {
    console.log(`SKIPPED: ${skip}, so the browser cases did not run`);
}

describe("a page of another origin in Chromium", { skip }, () => {
    test("reads .out with a token, without a session row (EB1)", async (t) => {
        const chatId = newChatId("/eb1");
        await sessions.open(chatId).out.append({ type: "text-delta", delta: "hello browser" });

        const seen = await inBrowser(t, readStream, { chatId, token: await accessToken(chatId) });

        assert.equal(seen.status, 200, JSON.stringify(seen));
        assert.equal(seen.version, "v2");
        assert.match(seen.text, /"records"/);
        assert.match(seen.text, /hello browser/);
    });

    test("sees a settled stream end and its header", async (t) => {
        const { chatId } = await startChat(t, TASK);
        await sessions.open(chatId).out.writeControl("turn-complete");

        const headers = { "X-Peek-Settled": "1", "Timeout-Seconds": "30", "Last-Event-ID": "0" };
        const seen = await inBrowser(t, readStream, { chatId, token: await accessToken(chatId), headers, toEnd: true });

        assert.equal(seen.status, 200, JSON.stringify(seen));
        assert.equal(seen.settled, "true");
    });

    test("sends to .in, and sees the status of every refusal", async (t) => {
        const { chatId } = await startChat(t, TASK);
        const { chatId: shut } = await startChat(t, TASK);
        await sessions.close(shut, { reason: "enough" });
        const [good, forShut] = [await accessToken(chatId), await accessToken(shut)];
        const tokens = { good, shut: forShut, bad: "tr_pub_invalid_not_a_real_token" };

        const seen = await inBrowser(t, sendAll, { chatId, shut, unknown: newChatId(), tokens });

        assert.deepEqual(seen.good, { status: 200, body: { ok: true, seq: 0 } });
        assert.equal(seen.bad.status, 401);
        assert.equal(seen.other.status, 403);
        assert.equal(seen.big.status, 413);
        assert.equal(seen.shut.status, 409);
        assert.equal(seen.shut.body.code, "session_closed");
        assert.equal((await inRecords(chatId))[0].data, "from a browser");
    });
});

/** Runs a function in a page of its own origin with `{url, …input}`; answers what it returns. */
async function inBrowser(t, script, input) {
    const parameters = JSON.stringify({ url, ...input }).replaceAll("<", "\\u003c");
    const page = `<!doctype html><meta charset="utf-8"><title>interop</title><script type="module">
        const report = (body) => fetch("/report", { method: "POST", body: JSON.stringify(body) });
        (${script})(${parameters}).then(report, (error) => report({ error: String(error) }));
    </script>`;
    const { promise, listener } = reported(page);
    const server = createServer(listener);
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    // "localhost" is another site than 127.0.0.1, not only another port.
    const close = openPage(chromium, `http://localhost:${server.address().port}/`);
    t.after(async () => {
        await close();
        server.closeAllConnections();
        server.close();
    });
    return within("the report of the page", promise, BROWSER_PATIENCE_MS);
}

function reported(page) {
    let resolve;
    const promise = new Promise((done) => (resolve = done));
    const listener = async (request, response) => {
        if (request.method === "POST") {
            let body = "";
            for await (const part of request) {
                body += part;
            }
            resolve(JSON.parse(body));
            response.end();
        } else {
            response.setHeader("Content-Type", "text/html");
            response.end(page);
        }
    };
    return { promise, listener };
}

// The functions below run in the page: they see their argument and nothing of this file.

async function readStream({ url, chatId, token, headers, toEnd }) {
    const response = await fetch(`${url}/realtime/v1/sessions/${encodeURIComponent(chatId)}/out`, {
        headers: {
            Authorization: `Bearer ${token}`,
            Accept: "text/event-stream",
            "x-trigger-source": "sdk",
            ...headers,
        },
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (toEnd || !text.includes('"records"')) {
        const { done, value } = await reader.read();
        if (done) {
            break;
        }
        text += value;
    }
    return {
        status: response.status,
        version: response.headers.get("X-Stream-Version"),
        settled: response.headers.get("X-Session-Settled"),
        text,
    };
}

async function sendAll({ url, chatId, shut, unknown, tokens }) {
    async function send(session, token, body) {
        const response = await fetch(`${url}/realtime/v1/sessions/${encodeURIComponent(session)}/in/append`, {
            method: "POST",
            headers: {
                Authorization: `Bearer ${token}`,
                "Content-Type": "application/json",
                "x-trigger-source": "sdk",
                "X-Part-Id": crypto.randomUUID(),
            },
            body,
        });
        return { status: response.status, body: await response.json() };
    }
    return {
        good: await send(chatId, tokens.good, "from a browser"),
        bad: await send(chatId, tokens.bad, "x"),
        other: await send(unknown, tokens.good, "x"),
        big: await send(chatId, tokens.good, "x".repeat(2 * 1024 * 1024)),
        shut: await send(shut, tokens.shut, "x"),
    };
}
