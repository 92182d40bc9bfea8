// Mail over TLS with a log-in, to a server whose certificate an authority of this test has signed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { login } from "../lib/client.mjs";
import { scratch, start, until } from "../lib/server.mjs";
import { simulator } from "../lib/sim.mjs";

const ENTRY = "court:秘密 with: colon";

let dir;
const file = (name) => join(dir, name);
const openssl = (...words) => execFileSync("openssl", words, { cwd: dir, stdio: "pipe" });

/** An authority, and a certificate that it gave to this machine's own address. */
function authority(name) {
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.pem`);
}

before(() => {
    dir = scratch("mail-tls");
    authority("ca");
    authority("stranger");
    writeFileSync(file("names.txt"), "subjectAltName=IP:127.0.0.1");
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=mail", "-keyout", "mail.key", "-out", "mail.csr");
    openssl("x509", "-req", "-in", "mail.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names.txt", "-out", "mail.pem");
    writeFileSync(file("login.txt"), `${ENTRY}\n`);
    writeFileSync(file("wrong.txt"), "court:guess\n");
});

const mails = async (mail_server) => (await (await fetch(`${mail_server.url}/outbox`)).json()).mails;
const refused_at = (server) => until("the log tells that it was not let in", async () => server.log.some((line) => /mail server: /.test(line)) || null, 30_000, 100);

/** A program that sends to a server of this kind, and somebody who wants his address confirmed. */
async function world(kind, { ca = "ca.pem", entry = "login.txt", args = [] } = {}) {
    const tls = kind === "plain" ? [] : ["--tls", kind, "--cert", file("mail.pem"), "--key", file("mail.key")];
    const mail_server = await simulator("smtp", ...tls, "--login", ENTRY);
    const scheme = kind === "implicit" ? "smtps" : "smtp";
    const server = await start({ args: ["--mail", `${scheme}://127.0.0.1:${mail_server.smtp}`, "--mail-from", "court@example.cn", "--mail-login", file(entry), "--mail-ca", file(ca), ...args] });
    const who = await login(server, "citizen-70");
    assert.equal((await who.post("/me", { email: "lin70@example.com" })).status, 200);
    return { mail_server, server, async stop() { await server.stop(); await mail_server.stop(); } };
}

describe("mail over TLS", { timeout: 180_000 }, () => {
    for (const kind of ["starttls", "implicit"]) {
        test(`is sent by ${kind}, once let in`, async () => {
            const w = await world(kind);
            try {
                const [mail] = await until("a mail", async () => { const got = await mails(w.mail_server); return got.length > 0 ? got : null; }, 30_000, 100);
                assert.equal(mail.encrypted, true);
                assert.match(mail.subject, /核对电子邮箱/);
                assert.ok(!w.server.log.some((line) => line.includes("秘密")), "the password is in no log");
            } finally {
                await w.stop();
            }
        });

        test(`is not sent by ${kind} to whom nobody vouches for`, async () => {
            const w = await world(kind, { ca: "stranger.pem" });
            try {
                await refused_at(w.server);
                assert.deepEqual(await mails(w.mail_server), []);
            } finally {
                await w.stop();
            }
        });
    }

    test("a password goes over no open line", async () => {
        const w = await world("plain");
        try {
            await refused_at(w.server);
            assert.deepEqual(await mails(w.mail_server), []);
        } finally {
            await w.stop();
        }
    });

    test("who is not let in keeps the mail: it is nobody's fault that it is for", async () => {
        const w = await world("starttls", { entry: "wrong.txt" });
        try {
            await refused_at(w.server);
            const admin = await login(w.server, "admin");
            assert.deepEqual((await admin.get("/admin/dead-letters")).body.messages, []);
        } finally {
            await w.stop();
        }
    });
});
