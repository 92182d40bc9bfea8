// People sign with certificates of their own: asked for, used, ended, revoked; and what pdfsig, the
// public page and the command say of the papers.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Client, PASSWORD, errors_at, login, nobody, refused } from "../lib/client.mjs";
import { png } from "../lib/files.mjs";
import { binary, start, until } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";

let server;
let citizen;
let dir;

before(async () => {
    dir = mkdtempSync(join(tmpdir(), "tongsu-test-certificates-"));
    server = await start();
    citizen = await login(server, "citizen-1");
});
after(() => {
    rmSync(dir, { recursive: true, force: true });
    return server?.stop();
});

const file = (bytes, name = "paper.pdf") => {
    writeFileSync(join(dir, name), bytes);
    return join(dir, name);
};
const said = (program, ...words) => {
    const ran = spawnSync(program, words, { encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8", TZ: "Asia/Shanghai" } });
    return { code: ran.status, text: ran.stdout + ran.stderr };
};
const command = (...words) => said(binary, ...words, ...server.flags);
const bytes_of = async (who, url) => {
    const answer = await who.get(url, { headers: { accept: "application/pdf" } });
    assert.equal(answer.status, 200, answer.text?.slice(0, 300));
    return Buffer.from(answer.bytes ?? answer.text, "latin1");
};
const asked_for = (who, password = PASSWORD) => who.post("/me/certificate", { password });
const given_up = (who, reason) => who.post("/me/certificate/revoke", reason ? { reason } : {});
async function certified(who) {
    const answer = await asked_for(who);
    assert.equal(answer.status, 200, answer.text);
    return answer.body.current.serial;
}
const typed = (name, certificate) => ({ method: "typed", name, code: "000000", ...(certificate ? { certificate } : {}) });
async function submitted(who, signature) {
    const draft = await who.begin();
    const saved = await who.save(draft.id, { cause: "民间借贷纠纷", style: "element" });
    assert.equal(saved.status, 200, saved.text);
    return who.take(draft.id, "submit", { signature });
}
async function complaint_of(who, signature) {
    const answer = await submitted(who, signature);
    assert.equal(answer.status, 200, answer.text);
    const paper = answer.body.papers.find((one) => one.kind === "complaint");
    return { matter: answer.body, paper, pdf: await bytes_of(who, paper.url) };
}
const check = (bytes) =>
    nobody(server).api("POST", "/verify/paper", { body: bytes, headers: { "content-type": "application/pdf", "x-filename": "a.pdf" } });
async function verdict(bytes) {
    const { status, body, text } = await check(bytes);
    assert.equal(status, 200, text.slice(0, 300));
    return body;
}
const findings = (body) => [...body.findings, ...body.signatures.flatMap((one) => one.findings)];
const wrong = (body) => [...new Set(findings(body).filter((f) => !f.ok).map((f) => f.what))];

describe("a certificate of one's own", () => {
    test("is for who is verified and knows his password, one at a time", async () => {
        const stranger = await login(server, "citizen-2");
        await sql(server.database, `UPDATE person SET verified = '' WHERE id = ${stranger.person.id}`);
        refused(await asked_for(stranger), 409, "certificate-unverified");
        await sql(server.database, `UPDATE person SET verified = 'registry' WHERE id = ${stranger.person.id}`);
        const wrong_word = await asked_for(stranger, "another");
        refused(wrong_word, 422);
        assert.equal(errors_at(wrong_word, "password").length, 1);
        assert.equal((await stranger.get("/me/certificate")).body.certificates.length, 0);
        const serial = await certified(stranger);
        const { body } = await stranger.get("/me/certificate");
        assert.deepEqual(body.certificates.map((one) => [one.serial, one.holder, one.scheme, one.standing]), [[serial, `person:${stranger.person.id}`, "SM2", "good"]]);
        assert.equal(body.may_ask, false);
        refused(await asked_for(stranger), 409, "certificate-held");
        const keys = (await sql(server.database, `SELECT secret FROM certificate WHERE holder = 'person:${stranger.person.id}'`)).split("\n");
        assert.equal(keys.length, 2, "one of each scheme");
        assert.ok(keys.every((row) => row.startsWith("s1:")), "keys lie sealed");
        assert.equal((await given_up(stranger, "手机丢了")).status, 200);
        refused(await given_up(stranger), 409, "certificate-none");
    });

    test("is one, also for who asks on several devices at once", async () => {
        const hasty = await login(server, "citizen-19");
        const asked = await Promise.all([1, 2, 3, 4].map(() => asked_for(hasty)));
        assert.deepEqual(asked.map((one) => one.status).sort(), [200, 409, 409, 409]);
        asked.filter((one) => one.status === 409).forEach((one) => refused(one, 409, "certificate-held"));
        assert.match((await hasty.get("/me/certificate", { accept: "text/html" })).text, /<a class="btn plain" href="\/me">返回/);
        assert.equal((await hasty.get("/me/certificate")).body.certificates.length, 1);
    });

    test("signs what its holder files, and pdfsig finds it valid", async () => {
        const serial = await certified(citizen);
        const { matter, paper, pdf } = await complaint_of(citizen, typed(citizen.person.name, serial));
        const told = said("pdfsig", file(pdf)).text;
        assert.match(told, /Signature #2:[^]*Total document signed[^]*Signature is Valid/);
        assert.match(told, new RegExp(`Signer Certificate Common Name: ${citizen.person.name}`));
        assert.match(said("pdftotext", file(pdf), "-").text.replace(/\s/g, ""), new RegExp(serial));
        assert.equal(matter.papers.find((one) => one.kind === "complaint").certified, true);
        assert.equal(said("pdfsig", file(await bytes_of(citizen, matter.papers.find((one) => one.kind === "receipt-of-filing").url))).text.includes("does not contain any signatures"), true, "what the system writes is not his");
        const proved = async () => {
            const said_of = await verdict(pdf);
            return !wrong(said_of).includes("time") && said_of;
        };
        const body = await until("the log has its time", proved, 10_000, 500);
        assert.equal(body.verdict, "sealed");
        assert.deepEqual(wrong(body), []);
        assert.deepEqual(body.signatures.map((one) => [one.who, one.holder, one.scheme]), [
            [citizen.person.name, `person:${citizen.person.id}`, "SM2"],
            [citizen.person.name, `person:${citizen.person.id}`, "P-256"],
        ]);
        assert.ok(findings(body).some((f) => f.what === "signer" && f.ok));
        assert.equal(paper.title, "民事起诉状");
        const without = await complaint_of(citizen, typed(citizen.person.name));
        assert.equal((await verdict(without.pdf)).verdict, "unsigned");
        assert.equal(command("verify", "--no-files").code, 0, "events and log agree with the rows");
    });

    test("stands where the hand was drawn", async () => {
        const serial = (await citizen.get("/me/certificate")).body.current.serial;
        const { pdf } = await complaint_of(citizen, { method: "drawn", png: png(60, 24, 60).toString("base64"), certificate: serial });
        assert.match(said("pdfsig", file(pdf)).text, /Signature is Valid/);
        const rect = /\/Rect \[ ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) \]/.exec(pdf.toString("latin1")).slice(1).map(Number);
        assert.ok(rect[2] > rect[0] + 10 && rect[3] > rect[1] + 10, `a place of some size: ${rect}`);
        assert.ok(rect[0] > 200 && rect[2] < 540, `at the right, within the margins: ${rect}`);
        assert.ok(Math.abs(rect[3] - rect[1] - (16 * 72) / 25.4) < 0.1, "as high as the picture");
        assert.match(said("pdfimages", "-list", file(pdf)).text, /image/);
    });
});

describe("a certificate that does not sign", () => {
    async function refusal(who, name, serial) {
        const answer = await submitted(who, typed(name, serial));
        refused(answer, 422, "fields");
        const [error] = errors_at(answer, "signature.certificate");
        assert.ok(error, answer.text);
        assert.match(error.law, /electronic-signature-law/);
        return error.code;
    }
    test("of another person, or of nobody", async () => {
        const other = await login(server, "lawyer-1");
        const serial = (await citizen.get("/me/certificate")).body.current.serial;
        assert.equal(await refusal(other, other.person.name, serial), "certificate-other");
        assert.equal(await refusal(citizen, citizen.person.name, "00".repeat(16)), "certificate-other");
        const second = await sql(server.database, `SELECT serial FROM certificate WHERE scheme = 'p256' AND holder = 'person:${citizen.person.id}'`);
        assert.equal(await refusal(citizen, citizen.person.name, second), "certificate-other", "the second one is no name for both");
        for (const odd of [5, true, [serial], { serial }]) {
            const answer = await submitted(citizen, typed(citizen.person.name, odd));
            refused(answer, 422, "fields");
            assert.equal(errors_at(answer, "signature")[0].code, "type", "and nobody signs without the one he asked for");
        }
    });

    test("that has ended; who renews in time signs on", async () => {
        const serial = (await citizen.get("/me/certificate")).body.current.serial;
        await server_clock("710d");
        assert.equal((await citizen.get("/me/certificate")).body.may_ask, true, "in the last 30 days");
        const next = await certified(citizen);
        assert.notEqual(next, serial);
        const { body } = await citizen.get("/me/certificate");
        assert.deepEqual(body.certificates.map((one) => one.standing), ["good", "good"]);
        const { pdf: older } = await complaint_of(citizen, typed(citizen.person.name, serial));
        assert.deepEqual((await verdict(older)).signatures.map((one) => one.scheme), ["SM2", "P-256"]);
        assert.equal((await verdict(older)).signatures[0].serial, serial, "with the one that was chosen, not with the newer one");
        await server_clock("25d");
        assert.equal(await refusal(citizen, citizen.person.name, serial), "certificate-expired");
        const { pdf } = await complaint_of(citizen, typed(citizen.person.name, next));
        assert.equal((await verdict(pdf)).verdict, "sealed");
    });

    test("that is revoked; what was signed before stays good where the log proves it", async () => {
        const serial = (await citizen.get("/me/certificate")).body.current.serial;
        const { pdf } = await complaint_of(citizen, typed(citizen.person.name, serial));
        await until("the log has its time", async () => !wrong(await verdict(pdf)).includes("time"), 10_000, 500);
        assert.equal((await given_up(citizen, "手机丢失")).status, 200);
        assert.equal(await refusal(citizen, citizen.person.name, serial), "certificate-revoked");
        const body = await verdict(pdf);
        assert.equal(body.verdict, "sealed");
        assert.ok(findings(body).some((f) => f.what === "revoked" && f.ok && /后来被吊销/.test(f.title)));
        const next = await certified(citizen);
        assert.notEqual(next, serial, "a new one after that");
        const audit = await (await login(server, "admin")).get("/admin/audit?limit=50");
        assert.ok(audit.body.audit.some((row) => row.what === "revoke-certificate" && row.subject === `person:${citizen.person.id}`));
    });
});

describe("time", () => {
    test("is not what a signature says of itself: a paper that is not kept here and whose certificate is revoked is no sealed one", async () => {
        const serial = (await citizen.get("/me/certificate")).body.current.serial;
        const { matter, paper, pdf } = await complaint_of(citizen, typed(citizen.person.name, serial));
        const proof = await proof_of(pdf);
        await sql(server.database, `UPDATE paper SET sm3 = NULL WHERE matter = ${matter.id} AND n = ${paper.n}`); // as if made elsewhere with a stolen key
        assert.match(command("verify", "--no-files").text, /paper-leaf/, "the log still has it");
        const before = await verdict(pdf);
        assert.equal(before.verdict, "sealed", "a certificate that is good now");
        assert.deepEqual(wrong(before).sort(), ["kept", "time"]);
        await given_up(citizen);
        const now = await verdict(pdf);
        assert.equal(now.verdict, "untrusted");
        assert.ok(findings(now).some((f) => f.what === "revoked" && !f.ok && /没有凭据证明签名在吊销以前/.test(f.title)));
        await sql(server.database, "UPDATE certificate SET revoked = NULL, until = 1600000000000"); // the row's end is not what the certificate says
        assert.equal((await verdict(pdf)).verdict, "sealed");
        await server_clock("800d");
        const ended = await verdict(pdf);
        assert.equal(ended.verdict, "untrusted");
        assert.ok(findings(ended).some((f) => f.what === "revoked" && /已经到期，没有凭据/.test(f.title)));
        assert.equal(offline(pdf).verdict, "unproved");
        assert.equal(offline(pdf, file(proof, "proof.json")).verdict, "sealed", "the log proves it to who has its proof");
    });

    test("is proved offline by the log for that paper alone", async () => {
        const serial = await certified(citizen);
        const { pdf } = await complaint_of(citizen, typed(citizen.person.name, serial));
        const other = await complaint_of(citizen, typed(citizen.person.name, serial));
        const proof = await proof_of(pdf);
        assert.equal(offline(pdf).verdict, "unproved");
        const proved = offline(pdf, file(proof, "proof.json"));
        assert.equal(proved.verdict, "sealed");
        assert.ok(proved.findings.some((f) => f.what === "time" && f.ok));
        assert.equal(said(binary, "verify-paper", file(other.pdf), join(dir, "proof.json"), "--keys", server.keys).code, 2);
        for (const [name, change] of [
            ["another checkpoint", (p) => (p.checkpoint.text = p.checkpoint.text.replace(/\d\d:\d\d:\d\d/, "00:00:00"))],
            ["another path", (p) => (p.index = p.index === 0 ? 1 : p.index - 1)],
            ["another size", (p) => (p.tree_size += 1)],
            ["no checkpoint", (p) => (p.checkpoint = null)],
        ]) {
            const forged = JSON.parse(proof);
            change(forged);
            assert.equal(said(binary, "verify-paper", file(pdf), file(JSON.stringify(forged), "forged.json"), "--keys", server.keys).code, 2, name);
        }
    });

    const offline = (pdf, ...proof) => JSON.parse(said(binary, "verify-paper", file(pdf), ...proof, "--keys", server.keys).text);
    async function proof_of(pdf) {
        const { leaf } = await verdict(pdf);
        return until("a checkpoint covers the paper", async () => {
            const answer = await nobody(server).get(`/log/proof?leaf=${leaf}`);
            assert.equal(answer.status, 200, answer.text);
            return answer.body.checkpoint && answer.text;
        });
    }
});

describe("a signature that should not be there", () => {
    test("by a certificate that had ended when it signed", async () => {
        const late = await login(server, "citizen-3");
        const serial = await certified(late);
        await sql(server.database, `UPDATE certificate SET until = 9000000000000 WHERE holder = 'person:${late.person.id}'`); // as if the check before signing failed
        await server_clock("740d");
        const { pdf } = await complaint_of(late, typed(late.person.name, serial));
        const body = await verdict(pdf);
        assert.deepEqual([body.verdict, body.title], ["untrusted", "签名的证书不可信，不要相信"]);
        assert.ok(body.signatures.every((one) => one.findings.some((f) => f.what === "certificate" && !f.ok && f.title === "签名时证书已经到期")), JSON.stringify(body));
        assert.ok(body.signatures.every((one) => one.findings.find((f) => f.what === "bytes").ok), "and nothing else is said against the text");
    });

    test("by a certificate that was revoked before it signed", async () => {
        const thief = await login(server, "citizen-4");
        const serial = await certified(thief);
        const { pdf } = await complaint_of(thief, typed(thief.person.name, serial));
        await until("the log has its time", async () => !wrong(await verdict(pdf)).includes("time"), 10_000, 500);
        const signed = Date.parse((await verdict(pdf)).signatures[0].at);
        await sql(server.database, `UPDATE certificate SET revoked = ${signed - 1000}, reason = 'x' WHERE holder = 'person:${thief.person.id}'`);
        const before_it = await verdict(pdf);
        assert.equal(before_it.verdict, "untrusted");
        assert.deepEqual(wrong(before_it), ["revoked"]);
        assert.ok(findings(before_it).some((f) => f.title === "签名时证书已被吊销"));
    });

    test("by another person than who filed the paper", async () => {
        const [filer, other] = [await login(server, "citizen-5"), await login(server, "citizen-6")];
        const { matter, paper, pdf } = await complaint_of(filer, typed(filer.person.name, await certified(filer)));
        assert.ok(findings(await verdict(pdf)).some((f) => f.what === "signer" && f.ok));
        await sql(server.database, `UPDATE paper SET signer = 'person:${other.person.id}/${await certified(other)}' WHERE matter = ${matter.id} AND n = ${paper.n}`);
        const body = await verdict(pdf);
        assert.deepEqual([body.verdict, body.title], ["untrusted", "签名不是提交文书的人的，不要相信"]);
        assert.ok(wrong(body).includes("signer"));
    });
});

describe("the administrator", () => {
    test("lists certificates and revokes one, with a reason", async () => {
        const admin = await login(server, "admin");
        const lawyer = await login(server, "lawyer-2");
        const serial = await certified(lawyer);
        refused(await lawyer.get("/admin/certificates"), 404);
        refused(await lawyer.post(`/admin/certificates/${serial}/revoke`, { reason: "x" }), 404);
        const { body } = await admin.get(`/admin/certificates?holder=person:${lawyer.person.id}`);
        assert.deepEqual(body.certificates.map((one) => [one.standing, one.scheme]).sort(), [["good", "P-256"], ["good", "SM2"]]);
        const first = await admin.get(`/admin/certificates?holder=person:${lawyer.person.id}&limit=1`);
        const rest = await admin.get(first.body.next);
        assert.notEqual(first.body.certificates[0].serial, rest.body.certificates[0].serial);
        assert.equal(rest.body.next, null);
        const silent = await admin.post(`/admin/certificates/${serial}/revoke`, {});
        assert.equal(errors_at(silent, "reason").length, 1, silent.text);
        refused(await admin.post(`/admin/certificates/${"00".repeat(16)}/revoke`, { reason: "没有这个" }), 404, "not-found");
        assert.equal((await admin.post(`/admin/certificates/${serial}/revoke`, { reason: "账户被他人使用" })).status, 204);
        refused(await admin.post(`/admin/certificates/${serial}/revoke`, { reason: "再一次" }), 409, "certificate-revoked");
        const after_it = await admin.get(`/admin/certificates?holder=person:${lawyer.person.id}`);
        assert.deepEqual(after_it.body.certificates.map((one) => [one.standing, one.reason]), [["revoked", "账户被他人使用"], ["revoked", "账户被他人使用"]], "his two go together");
        assert.ok(after_it.body.recent.some((row) => row.what === "revoke-certificate"));
        const answer = await submitted(lawyer, typed(lawyer.person.name, serial));
        assert.equal(errors_at(answer, "signature.certificate")[0]?.code, "certificate-revoked");
    });

    test("does both at the command line", async () => {
        const lawyer = await login(server, "lawyer-2");
        const serial = await certified(lawyer);
        const holder = `person:${lawyer.person.id}`;
        const unrevoked = () => command("cert", "list", holder).text.trim().split("\n").map((line) => JSON.parse(line)).filter((one) => one.revoked === null);
        assert.equal(unrevoked().length, 2);
        assert.equal(command("cert", "revoke", serial).code, 2, "a reason is wanted");
        assert.equal(command("cert", "revoke", "00".repeat(16), "why").code, 1);
        const ran = command("cert", "revoke", serial, "手机丢失，本人电话核实");
        assert.equal(ran.code, 0, ran.text);
        assert.equal(JSON.parse(ran.text).revoked, 2);
        assert.equal(unrevoked().length, 0);
        assert.equal(command("cert", "revoke", serial, "again").code, 1);
        const audit = await (await login(server, "admin")).get("/admin/audit?limit=5");
        assert.equal(audit.body.audit[0].what, "revoke-certificate");
        assert.equal(audit.body.audit[0].person, "0", "nobody's account: the command line");
    });
});

/** The clock of the program, for certificates that end; sessions live on the machine's. */
const server_clock = (by) => new Client(server).advance(by);
