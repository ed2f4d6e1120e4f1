// What is stored on a channel, read with the secret key and no client library.
import { secretKey, url } from "./target.mjs";

/** `control` is the subtype of a control record, `headers` an object. */
export async function outRecords(session, afterEventId) {
    return records(session, "out", afterEventId);
}

export async function inRecords(session, afterEventId) {
    return records(session, "in", afterEventId);
}

async function records(session, io, afterEventId) {
    const cursor = afterEventId === undefined ? "" : `?afterEventId=${afterEventId}`;
    const path = `/realtime/v1/sessions/${encodeURIComponent(session)}/${io}/records${cursor}`;
    const { records } = await call("GET", path);
    return records.map((record) => {
        const headers = Object.fromEntries(record.headers ?? []);
        return { ...record, headers, control: headers["trigger-control"] };
    });
}

/** A plain request with the secret key; throws on anything but 2xx. */
export async function call(method, path, body) {
    const response = await fetch(url + path, {
        method,
        headers: { Authorization: `Bearer ${secretKey}`, "Content-Type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
        throw new Error(`expected 2xx of ${method} ${path}, but was ${response.status} ${text}`);
    }
    return text === "" ? undefined : JSON.parse(text);
}

/** The text of an answer, put together from its chunks. */
export function textOf(chunks) {
    return chunks.filter((chunk) => chunk?.type === "text-delta").map((chunk) => chunk.delta).join("");
}
