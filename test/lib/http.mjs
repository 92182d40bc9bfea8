// One request over a connection that is kept: what fetch() answers, for a third of its work. Half of
// what the tests did was fetch(). Redirects are not followed; bodies come whole.
import { Agent, request as http_request } from "node:http";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

// An idle connection goes before the program closes it, which it does after 60 s.
const agent = new Agent({ keepAlive: true, timeout: 20_000 });
const UNPACK = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync };

/** The headers of an answer; names in any case. */
class Headers {
    #all = new Map(); // lower case: its values

    constructor(raw) {
        for (let i = 0; i < raw.length; i += 2) {
            const name = raw[i].toLowerCase();
            this.#all.set(name, [...(this.#all.get(name) ?? []), raw[i + 1]]);
        }
    }

    get(name) {
        return this.#all.get(name.toLowerCase())?.join(", ") ?? null;
    }

    getSetCookie() {
        return this.#all.get("set-cookie") ?? [];
    }

    *[Symbol.iterator]() {
        for (const [name, values] of this.#all) {
            yield [name, values.join(", ")];
        }
    }
}

/** The bytes of a body and the type that goes with its kind. */
async function body_bytes(body) {
    if (body instanceof Uint8Array) {
        return { bytes: body, type: null };
    }
    if (body instanceof URLSearchParams) {
        return { bytes: Buffer.from(`${body}`), type: "application/x-www-form-urlencoded;charset=UTF-8" };
    }
    if (typeof body === "string") {
        return { bytes: Buffer.from(body), type: "text/plain;charset=UTF-8" };
    }
    const made = new Response(body); // a form with files
    return { bytes: Buffer.from(await made.arrayBuffer()), type: made.headers.get("content-type") };
}

/** body: bytes, text, URLSearchParams or FormData. Answers { status, headers, bytes, text }. */
export async function ask(url, { method = "GET", headers = {}, body, signal } = {}) {
    const { bytes, type } = body === undefined || body === null ? { bytes: null, type: null } : await body_bytes(body);
    const sent = { "accept-encoding": "gzip, deflate", "user-agent": "node" };
    for (const [name, value] of Object.entries(headers)) {
        sent[name.toLowerCase()] = value;
    }
    if (bytes) {
        sent["content-type"] ??= type ?? "application/octet-stream";
    }
    if (bytes || !["GET", "HEAD"].includes(method)) {
        sent["content-length"] = bytes?.length ?? 0;
    }
    return new Promise((done, fail) => {
        const request = http_request(url, { method, headers: sent, agent, signal }, (answer) => {
            const parts = [];
            answer.on("data", (part) => parts.push(part));
            answer.on("error", fail);
            answer.on("end", () => {
                const found = new Headers(answer.rawHeaders);
                const whole = Buffer.concat(parts);
                const unpack = whole.length > 0 && UNPACK[found.get("content-encoding")];
                const plain = unpack ? unpack(whole) : whole;
                done({ status: answer.statusCode, headers: found, bytes: plain, text: plain.toString("utf8") });
            });
        });
        request.on("error", fail);
        request.end(bytes ?? undefined);
    });
}
