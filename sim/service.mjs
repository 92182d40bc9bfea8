// What the simulators share: options, a JSON service on loopback, and the list of failures to come.
import { createServer } from "node:http";

export function options(names) {
    const found = {};
    const words = process.argv.slice(2);
    for (let n = 0; n < words.length; n += 2) {
        const name = words[n].replace(/^--/, "");
        if (!words[n].startsWith("--") || !names.includes(name) || words[n + 1] === undefined) {
            console.error(`options: ${names.map((one) => `--${one} VALUE`).join(" ")}`);
            process.exit(2);
        }
        found[name] = words[n + 1];
    }
    return found;
}

export function say(event) {
    process.stderr.write(`${JSON.stringify(event)}\n`);
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function body_of(request) {
    const parts = [];
    let size = 0;
    for await (const part of request) {
        size += part.length;
        if (size > 1 << 20) {
            throw new Error("too large");
        }
        parts.push(part);
    }
    return parts.length > 0 ? JSON.parse(Buffer.concat(parts).toString("utf8")) : null;
}

/**
 * routes: { "POST /v1/verify": async (body, url, order) => ({ status, body }) }. Answers what another door of
 * the same simulator needs: order() takes the next order, port is a promise. quiet: that door says when it is ready.
 */
export function serve(port, routes, { quiet = false } = {}) {
    const orders = []; // failures ordered for the requests to come
    let served = 0;
    const server = createServer(async (request, response) => {
        const url = new URL(request.url, "http://sim");
        const name = `${request.method} ${url.pathname}`;
        const reply = (status, value) => {
            const text = JSON.stringify(value);
            response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
            response.end(text);
        };
        try {
            const body = await body_of(request);
            if (name === "POST /control") {
                orders.push(...body.next);
                return reply(200, { waiting: orders.length, served });
            }
            if (name === "GET /control") {
                return reply(200, { waiting: orders.length, served });
            }
            const route = routes[name];
            if (!route) {
                return reply(404, { error: "no-such-route" });
            }
            const order = request.method === "POST" ? (orders.shift() ?? {}) : {};
            served++;
            if (order.delay_ms) {
                await wait(order.delay_ms);
            }
            if (order.drop) {
                return request.socket.destroy();
            }
            if (order.status) {
                return reply(order.status, { error: "ordered" });
            }
            const answer = await route(body, url, order);
            return reply(answer.status, answer.body);
        } catch (error) {
            return reply(400, { error: "unreadable", detail: `${error.message}` });
        }
    });
    const ready = new Promise((done) => server.listen(Number(port ?? 0), "127.0.0.1", () => done(server.address().port)));
    if (!quiet) {
        ready.then((number) => say({ event: "listening", port: number }));
    }
    process.on("SIGTERM", () => {
        server.close(() => process.exit(0));
        server.closeAllConnections();
        setTimeout(() => process.exit(0), quiet ? 100 : 5000).unref();
    });
    return {
        port: ready,
        order() {
            served++;
            return orders.shift() ?? {};
        },
    };
}
