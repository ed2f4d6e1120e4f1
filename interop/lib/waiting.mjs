// Waiting for a condition with a deadline; never for a length of time.
export const PATIENCE_MS = 30_000;
const POLL_MS = 25;

/** Answers the first value of `probe` that is neither undefined, null nor false. */
export async function eventually(what, probe, patienceMs = PATIENCE_MS) {
    const deadline = Date.now() + patienceMs;
    for (;;) {
        const found = await probe();
        if (found !== undefined && found !== null && found !== false) {
            return found;
        }
        if (Date.now() > deadline) {
            throw new Error(`expected ${what} within ${patienceMs} ms, but it did not come`);
        }
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
}

/** The promise, or an error that says what did not come. */
export function within(what, promise, patienceMs = PATIENCE_MS) {
    let timer;
    const late = new Promise((_, reject) => {
        const fail = () => reject(new Error(`expected ${what} within ${patienceMs} ms, but it did not come`));
        timer = setTimeout(fail, patienceMs);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
