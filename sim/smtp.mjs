#!/usr/bin/env node
// A simulator of a mail server (README.md). Nothing leaves this machine.
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { options, say, serve } from "./service.mjs";

// tls: "implicit" or "starttls", with cert and key (PEM); login: USER:PASSWORD, without which nothing is taken.
const { port, smtp, tls, cert, key, login } = options(["port", "smtp", "tls", "cert", "key", "login"]);
const secure = tls ? createSecureContext({ cert: readFileSync(cert), key: readFileSync(key) }) : null;
const encrypted = (socket) => new TLSSocket(socket, { isServer: true, secureContext: secure });
const mails = []; // in the order of arrival, a repeated one again
const PLACES = ["connect", "mail", "rcpt", "data", "end"];

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const words = (text) =>
    text.replace(/\r\n[ \t]/g, " ").replace(/\?= =\?/g, "?==?").replace(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_, word) => `\0${word}\0`)
        .replace(/(?:\0[^\0]*\0)+/g, (run) => Buffer.concat(run.split("\0").filter(Boolean).map((word) => Buffer.from(word, "base64"))).toString("utf8"));

/** Headers by their names, and the text of the first part. */
function read(source) {
    const [head, ...rest] = source.split("\r\n\r\n");
    const headers = {};
    for (const line of head.replace(/\r\n[ \t]/g, "\n ").split("\r\n")) {
        const at = line.indexOf(":");
        headers[line.slice(0, at).toLowerCase()] = words(line.slice(at + 1).trim().replace(/\n /g, "\r\n "));
    }
    const boundary = /boundary="?([^";]+)/.exec(headers["content-type"] ?? "")?.[1];
    const body = rest.join("\r\n\r\n");
    if (!boundary) {
        return { headers, text: body.trimEnd() };
    }
    const part = body.split(`--${boundary}`)[1];
    const [part_head, ...text] = part.replace(/^\r\n/, "").split("\r\n\r\n");
    return { headers, text: /base64/i.test(part_head) ? Buffer.from(text.join(""), "base64").toString("utf8") : text.join("\r\n\r\n").trimEnd() };
}

const control = serve(port, {
    "GET /outbox": async (body, url) => {
        const to = url.searchParams.get("to");
        return { status: 200, body: { mails: mails.filter((mail) => !to || mail.to.includes(to)) } };
    },
}, { quiet: true });

/** What AUTH PLAIN says: \0USER\0PASSWORD. */
const may_enter = (word) => Buffer.from(word, "base64").toString("utf8").split("\0").slice(1).join(":") === login;

/** greeted: behind STARTTLS, where the talk begins anew without a greeting. */
async function talk(socket, greeted = false) {
    const order = control.order();
    const place = order.at ?? "rcpt";
    let said = "";
    let heard = "";
    let mail = null;
    let entered = !login;
    let asked = false; // for the word of AUTH PLAIN
    const answer = (line) => socket.write(`${line}\r\n`);
    /** Does what was ordered for this place; false when the ordinary answer shall follow. */
    const ordered = async (here) => {
        if (here !== place || !PLACES.includes(here)) {
            return false;
        }
        if (order.delay_ms) {
            await wait(order.delay_ms);
        }
        if (order.drop) {
            socket.destroy();
            return true;
        }
        if (order.status) {
            answer(`${order.status} ordered`);
            return true;
        }
        return false;
    };
    if (!greeted && !(await ordered("connect"))) {
        answer("220 simulator");
    }
    for await (const bytes of socket.iterator({ destroyOnReturn: false })) { // the line stays open for TLS
        heard += bytes.toString("latin1");
        for (;;) {
            const end = heard.indexOf(mail?.open ? "\r\n.\r\n" : "\r\n");
            if (end < 0) {
                break;
            }
            said = heard.slice(0, end);
            heard = heard.slice(end + (mail?.open ? 5 : 2));
            if (mail?.open) {
                const source = Buffer.from(said.replace(/\r\n\.\./g, "\r\n."), "latin1").toString("utf8");
                const { headers, text } = read(source);
                mails.push({ message_id: headers["message-id"], from: mail.from, to: mail.to, subject: headers.subject, text, headers, encrypted: Boolean(socket.encrypted), at: new Date().toISOString() });
                mail = null;
                if (!(await ordered("end"))) {
                    answer("250 taken");
                }
            } else if (asked || /^AUTH PLAIN /i.test(said)) {
                entered = may_enter(asked ? said : said.slice("AUTH PLAIN ".length));
                asked = false;
                answer(entered ? "235 come in" : "535 not so");
            } else if (/^AUTH PLAIN$/i.test(said)) {
                asked = true;
                answer("334 ");
            } else if (/^STARTTLS$/i.test(said) && tls === "starttls" && !socket.encrypted) {
                answer("220 go on");
                return talk(encrypted(socket), true);
            } else if (/^(EHLO|HELO) /i.test(said)) {
                const offers = [...(tls === "starttls" && !socket.encrypted ? ["STARTTLS"] : []), ...(login && (socket.encrypted || !tls) ? ["AUTH PLAIN"] : [])];
                answer(["simulator", ...offers].map((line, n, all) => `250${n < all.length - 1 ? "-" : " "}${line}`).join("\r\n"));
            } else if (/^MAIL FROM:/i.test(said) && !entered) {
                answer("530 who are you");
            } else if (/^MAIL FROM:<[^<>]*>/i.test(said)) {
                mail = { from: /<([^>]*)>/.exec(said)[1], to: [] };
                if (!(await ordered("mail"))) {
                    answer("250 ok");
                }
            } else if (/^RCPT TO:<[^<>]+>$/i.test(said) && mail) {
                const to = /<([^>]*)>/.exec(said)[1];
                if (!(await ordered("rcpt"))) {
                    if (to.startsWith("nobody@")) {
                        answer("550 no such mailbox");
                    } else {
                        mail.to.push(to);
                        answer("250 ok");
                    }
                }
            } else if (/^DATA$/i.test(said) && mail?.to.length > 0) {
                if (!(await ordered("data"))) {
                    mail.open = true;
                    answer("354 go on");
                }
            } else if (/^QUIT$/i.test(said)) {
                answer("221 bye");
                socket.end();
            } else {
                answer("503 not understood");
            }
        }
    }
}

const server = createServer((socket) => {
    talk(tls === "implicit" ? encrypted(socket) : socket).catch(() => socket.destroy());
});
server.listen(Number(smtp ?? 0), "127.0.0.1", async () => say({ event: "listening", port: await control.port, smtp: server.address().port }));
