// The simulators speak their protocols, and fail when told to: what leans on them leans on this.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, test } from "node:test";
import { eicar, pdf } from "../lib/files.mjs";
import { clamd_ask, clamd_installed, clamd_real, simulator } from "../lib/sim.mjs";
import { scratch, until } from "../lib/server.mjs";

const post = (url, body) => fetch(url, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });

describe("identity", () => {
    test("matches invented people, refuses wrong numbers, and can be told to fail", async () => {
        const sim = await simulator("identity");
        try {
            let n = 0;
            const ask = async (name, number) =>
                (await post(`${sim.url}/v1/verify`, { request_id: `r${++n}`, name, type: "resident-id", number })).json();
            assert.equal((await ask("林晓舟", "11010519491231002X")).result, "match");
            assert.equal((await ask("林晓舟", "110105194912310021")).result, "unknown");
            assert.equal((await ask("林晓舟", "11010519900230001X")).result, "unknown");
            assert.equal((await ask("王不符", "11010519491231002X")).result, "mismatch");
            await sim.order({ status: 503 }, { result: "mismatch" }, { drop: true });
            assert.equal((await post(`${sim.url}/v1/verify`, {})).status, 503);
            assert.equal((await ask("林晓舟", "11010519491231002X")).result, "mismatch");
            await assert.rejects(ask("林晓舟", "11010519491231002X"));
            const again = { request_id: "same", name: "林晓舟", type: "resident-id", number: "11010519491231002X" };
            const first = await (await post(`${sim.url}/v1/verify`, again)).json();
            assert.deepEqual(await (await post(`${sim.url}/v1/verify`, again)).json(), first);
            assert.equal((await post(`${sim.url}/v1/verify`, { name: 1 })).status, 400);
        } finally {
            await sim.stop();
        }
    });
});

describe("sms", () => {
    test("takes a message once, reports its delivery, and repeats the report until it is heard", async () => {
        const heard = [];
        const listener = createServer((request, response) => {
            let text = "";
            request.on("data", (part) => (text += part));
            request.on("end", () => {
                heard.push(JSON.parse(text));
                response.statusCode = heard.length === 1 ? 500 : 200;
                response.end();
            });
        });
        await new Promise((done) => listener.listen(0, "127.0.0.1", done));
        const sim = await simulator("sms", "--callback", `http://127.0.0.1:${listener.address().port}/`);
        try {
            const message = { message_id: "m1", to: "13800130000", text: "您的验证码是000000" };
            assert.equal((await post(`${sim.url}/v1/send`, message)).status, 422, "numbers that end in 0000 do not exist");
            message.to = "13800138001";
            assert.equal((await post(`${sim.url}/v1/send`, message)).status, 202);
            assert.equal((await post(`${sim.url}/v1/send`, message)).status, 200);
            const { messages } = await (await fetch(`${sim.url}/outbox?to=13800138001`)).json();
            assert.equal(messages.length, 1);
            await until("the report is repeated", () => heard.length === 2, 5000);
            assert.deepEqual(heard.map((one) => one.state), ["delivered", "delivered"]);
        } finally {
            await sim.stop();
            listener.closeAllConnections();
            listener.close();
        }
    });
});

/** The same claims for the simulator and for the real daemon. */
async function scans(where) {
    assert.match(await clamd_ask(where, "PING"), /^PONG/);
    assert.match(await clamd_ask(where, "INSTREAM", pdf("清白")), /^stream: OK/);
    assert.match(await clamd_ask(where, "INSTREAM", eicar()), /^stream: \S+ FOUND/);
    assert.match(await clamd_ask(where, "INSTREAM", eicar(), { piece: 7 }), /FOUND/);
}

describe("clamd", () => {
    test("the simulator scans streams in pieces of any size, and keeps a limit", async () => {
        const socket = join(scratch("sim"), "clamd.sock");
        const sim = await simulator("clamd", "--socket", socket, "--limit", "100000");
        try {
            await scans(socket);
            assert.match(await clamd_ask(socket, "INSTREAM", Buffer.alloc(200_000)), /size limit exceeded/);
            await sim.order({ answer: "stream: Can't allocate memory ERROR" });
            assert.match(await clamd_ask(socket, "INSTREAM", pdf("x")), /ERROR/);
        } finally {
            await sim.stop();
        }
    });

    test("the real daemon does the same", { skip: !clamd_installed() && "clamav-daemon is not installed" }, async () => {
        const daemon = await clamd_real();
        try {
            await scans(daemon.socket);
        } finally {
            await daemon.stop();
        }
    });
});
