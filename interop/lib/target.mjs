// Which npm packages and which Baton this process tests. Everything comes from the environment.
import { readFileSync } from "node:fs";

export const version = required("BATON_INTEROP_SDK");
export const url = required("BATON_URL").replace(/\/$/, "");
export const secretKey = required("BATON_SECRET_KEY");

// The task of ShopAgent, which NpmInteropTest works beside its Baton.
export const javaAgent = process.env.BATON_INTEROP_JAVA_AGENT;

// 4.8.x brought closed sessions with a code, side channels, settled actions and more (contract §8).
export const isModern = version !== "4.5.0";

const folder = new URL(`../sdk-${version}/`, import.meta.url);

export const clients = () => import(new URL("clients.mjs", folder));
export const agentRuntime = () => import(new URL("agent-runtime.mjs", folder));

export function installedVersion(packageName) {
    return JSON.parse(readFileSync(new URL(`node_modules/${packageName}/package.json`, folder))).version;
}

function required(name) {
    const value = process.env[name];
    if (!value) {
        throw new Error(`expected ${name} in the environment, but it is not set; see interop/README.md`);
    }
    return value;
}
