// HTTP as bytes on a socket: what no client library would send.
import { connect } from "node:net";

/** Sends bytes, reads until the other side closes or `wait_ms` pass in silence. Answers { text,
 * statuses, closed }: all status codes found at the beginnings of answers. */
export function raw_send(server, bytes, { wait_ms = 1500, end = false } = {}) {
    return new Promise((done) => {
        const socket = connect(server.port, "127.0.0.1");
        const parts = [];
        let closed = false;
        let timer = null;
        const finish = () => {
            clearTimeout(timer);
            socket.destroy();
            const text = Buffer.concat(parts).toString("latin1");
            done({ text, statuses: statuses_of(text), closed });
        };
        const wait = () => {
            clearTimeout(timer);
            timer = setTimeout(finish, wait_ms);
        };
        socket.on("data", (part) => {
            parts.push(part);
            wait();
        });
        socket.on("close", () => {
            closed = true;
            finish();
        });
        socket.on("error", () => {});
        socket.on("connect", () => {
            socket.write(bytes);
            if (end) {
                socket.end();
            }
        });
        wait();
    });
}

/** Status codes of the answers in a row, each ended by its Content-Length (or by the next head, where
 * an answer promised more than it sent). */
function statuses_of(text) {
    const statuses = [];
    for (let at = text.indexOf("HTTP/1."); at >= 0; ) {
        const end = text.indexOf("\r\n\r\n", at);
        const head = text.slice(at, end < 0 ? undefined : end);
        statuses.push(Number(head.slice(9, 12)));
        const length = Number(head.match(/^content-length: (\d+)/im)?.[1] ?? 0);
        const body = end + 4;
        const next = text.indexOf("HTTP/1.", body);
        at = end < 0 || next < 0 ? -1 : next < body + length && next !== body ? -1 : next;
    }
    return statuses;
}

/** One request with plain headers, the connection closed after it. Answers { status, headers, body }
 * with the body still as it was sent (not unpacked). */
export function raw_get(server, path, headers = {}) {
    return new Promise((done, fail) => {
        const lines = [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${server.port}`, "Connection: close"];
        for (const [name, value] of Object.entries(headers)) {
            lines.push(`${name}: ${value}`);
        }
        const socket = connect(server.port, "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\n\r\n`));
        const parts = [];
        socket.on("data", (part) => parts.push(part));
        socket.on("error", fail);
        socket.on("close", () => {
            const all = Buffer.concat(parts);
            const cut = all.indexOf("\r\n\r\n");
            const head = all.subarray(0, cut).toString("latin1").split("\r\n");
            const found = {};
            for (const line of head.slice(1)) {
                const colon = line.indexOf(":");
                found[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
            }
            done({ status: Number(head[0].split(" ")[1]), headers: found, body: all.subarray(cut + 4) });
        });
    });
}
