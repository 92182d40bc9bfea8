#!/usr/bin/env node
// A simulator of a gateway for short messages (README.md). Nothing leaves this machine.
import { options, serve } from "./service.mjs";

const { port, callback } = options(["port", "callback"]);
const messages = new Map(); // by message_id, in the order of sending

async function report(message) {
    for (let tries = 0; tries < 5; tries++) {
        try {
            const answer = await fetch(callback, {
                method: "POST",
                headers: { "content-type": "application/json" },
                body: JSON.stringify({ message_id: message.message_id, state: "delivered", at: new Date().toISOString() }),
            });
            if (answer.ok) {
                return;
            }
        } catch {
            /* tried again below */
        }
        await new Promise((done) => setTimeout(done, 200 << tries));
    }
}

serve(port, {
    "POST /v1/send": async ({ message_id, to, text }) => {
        if (![message_id, to, text].every((one) => typeof one === "string" && one !== "")) {
            return { status: 400, body: { error: "unreadable" } };
        }
        const known = messages.get(message_id);
        if (known) {
            return { status: 200, body: { message_id, state: known.state } };
        }
        if (to.endsWith("0000")) {
            return { status: 422, body: { error: "unknown-number" } };
        }
        const message = { message_id, to, text, state: "accepted", at: new Date().toISOString() };
        messages.set(message_id, message);
        if (callback) {
            setTimeout(() => {
                message.state = "delivered";
                report(message);
            }, 50);
        }
        return { status: 202, body: { message_id, state: "accepted" } };
    },
    "GET /outbox": async (body, url) => {
        const to = url.searchParams.get("to");
        return { status: 200, body: { messages: [...messages.values()].filter((message) => !to || message.to === to) } };
    },
});
