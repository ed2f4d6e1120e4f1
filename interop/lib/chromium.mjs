// A real headless Chromium, if this machine has one.
import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
];

/** Path of the browser: BATON_CHROMIUM, else the first known name on the PATH; undefined when there is none. */
export function findChromium() {
    const folders = (process.env.PATH ?? "").split(delimiter);
    const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
    return [process.env.BATON_CHROMIUM, ...onPath].find((path) => path && isExecutable(path));
}

/** Opens a page; the answered function ends the browser, all its processes, and removes its profile. */
export function openPage(path, address) {
    const profile = mkdtempSync(join(tmpdir(), "baton-chromium-"));
    const browser = spawn(path, [...FLAGS, `--user-data-dir=${profile}`, address], { detached: true, stdio: "ignore" });
    const gone = new Promise((resolve) => browser.once("exit", resolve));
    return async () => {
        try {
            // Its own process group: the browser has children.
            process.kill(-browser.pid, "SIGKILL");
        } catch {
            // It has ended by itself.
        }
        await gone;
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    };
}

function isExecutable(path) {
    try {
        accessSync(path, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}
