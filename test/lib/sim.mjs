// Starts the simulators of sim/, and the real clamd where it is installed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { eicar } from "./files.mjs";
import { root, scratch, until } from "./server.mjs";

const children = new Set();
process.on("exit", () => children.forEach((child) => child.kill("SIGKILL")));

/** Answers { port, socket, url, order, stop }. */
export function simulator(name, ...args) {
    const child = spawn(process.execPath, [join(root, "sim", `${name}.mjs`), ...args], { stdio: ["pipe", "ignore", "pipe"] });
    children.add(child);
    const ended = new Promise((done) => child.once("exit", done));
    return new Promise((done, fail) => {
        const lines = createInterface({ input: child.stderr });
        lines.on("line", (line) => {
            const said = line.startsWith("{") ? JSON.parse(line) : null;
            if (said?.event !== "listening") {
                return;
            }
            const url = said.port ? `http://127.0.0.1:${said.port}` : null;
            done({
                ...said,
                url,
                /** What the next requests shall meet. */
                async order(...next) {
                    if (name === "clamd") {
                        next.forEach((one) => child.stdin.write(`${JSON.stringify(one)}\n`));
                        await new Promise((later) => setTimeout(later, 50));
                        return;
                    }
                    await fetch(`${url}/control`, { method: "POST", body: JSON.stringify({ next }) });
                },
                async stop() {
                    child.kill("SIGTERM");
                    await ended;
                    children.delete(child);
                },
            });
        });
        child.once("exit", (code) => fail(new Error(`sim/${name} ended with ${code}`)));
    });
}

/** One exchange with clamd: a command, or a stream of bytes. Answers its text. */
export function clamd_ask(where, command, bytes = null, { piece = 64 * 1024 } = {}) {
    return new Promise((done, fail) => {
        const socket = typeof where === "number" ? connect(where, "127.0.0.1") : connect(where);
        let text = "";
        socket.on("error", fail);
        socket.on("data", (part) => (text += part.toString("latin1")));
        socket.on("close", () => done(text.replace(/\0$/, "")));
        socket.on("connect", () => {
            socket.write(`z${command}\0`);
            for (let at = 0; bytes && at < bytes.length; at += piece) {
                const part = bytes.subarray(at, at + piece);
                const head = Buffer.alloc(4);
                head.writeUInt32BE(part.length);
                socket.write(head);
                socket.write(part);
            }
            if (bytes) {
                socket.write(Buffer.alloc(4));
            }
        });
    });
}

export const clamd_installed = () => existsSync("/usr/sbin/clamd");

/** The real daemon on a socket of its own, with one signature of our making. */
export async function clamd_real() {
    const dir = scratch("clamd");
    const database = join(dir, "db");
    mkdirSync(database);
    const bytes = eicar();
    writeFileSync(join(database, "test.hdb"), `${createHash("md5").update(bytes).digest("hex")}:${bytes.length}:Test.EICAR\n`);
    const socket = join(dir, "clamd.sock");
    writeFileSync(
        join(dir, "clamd.conf"),
        `LocalSocket ${socket}\nDatabaseDirectory ${database}\nForeground yes\nStreamMaxLength 210M\nMaxScanSize 400M\nMaxFileSize 210M\nTemporaryDirectory ${dir}\n`,
    );
    const child = spawn("/usr/sbin/clamd", ["-c", join(dir, "clamd.conf")], { stdio: "ignore" });
    children.add(child);
    const ended = new Promise((done) => child.once("exit", done));
    await until("clamd answers", async () => existsSync(socket) && (await clamd_ask(socket, "PING").catch(() => "")).startsWith("PONG"), 60_000, 200);
    return {
        socket,
        async stop() {
            child.kill("SIGTERM");
            await ended;
            children.delete(child);
            rmSync(dir, { recursive: true, force: true });
        },
    };
}
