// A reporter of node:test for NpmInteropTest: one JSON line per case, {name, file, ok, skipped, error}.
import { basename } from "node:path";

export default async function* caseReporter(events) {
    const path = [];
    for await (const { type, data } of events) {
        if (type === "test:start") {
            path.length = data.nesting;
            path.push(data.name);
        } else if ((type === "test:pass" || type === "test:fail") && isCase(data)) {
            const name = [...path.slice(0, data.nesting), data.name].join(": ");
            const error = data.details.error?.cause ?? data.details.error;
            yield `${JSON.stringify({
                name,
                file: basename(data.file ?? ""),
                ok: type === "test:pass",
                skipped: data.skip === undefined || data.skip === false ? undefined : String(data.skip),
                error: type === "test:fail" ? String(error?.stack ?? error) : undefined,
            })}\n`;
        }
    }
}

/** Not a group, unless it has failed by itself: then its cases have not run. */
function isCase({ details }) {
    return details.type !== "suite" || (details.error && details.error.failureType !== "subtestsFailed");
}
