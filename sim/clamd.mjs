#!/usr/bin/env node
// A simulator of ClamAV's daemon that knows one signature (README.md).
import { existsSync, unlinkSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { options, say } from "./service.mjs";

const { socket: path, port, limit } = options(["socket", "port", "limit"]);
const limit_bytes = Number(limit ?? 200 * 1024 * 1024);
// In two halves, so that a scanner does not find this file.
const SIGNATURE = Buffer.from("X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "latin1");
const orders = [];
createInterface({ input: process.stdin }).on("line", (line) => orders.push(JSON.parse(line)));

const SIMPLE = { PING: "PONG", VERSION: "ClamAV simulator 1.0", STATS: "POOLS: 1\nSTATE: VALID PRIMARY\nEND" };

class Session {
    constructor(socket) {
        this.socket = socket;
        this.held = Buffer.alloc(0);
        this.end = null; // of commands: "\0" or "\n"; null until the first
        this.stream = null; // { size, tail, found } inside INSTREAM
        socket.on("data", (bytes) => this.take(bytes));
        socket.on("error", () => {});
    }

    answer(text) {
        this.socket.end(text + (this.end ?? "\n"));
    }

    take(bytes) {
        this.held = Buffer.concat([this.held, bytes]);
        if (!this.stream) {
            const first = String.fromCharCode(this.held[0]);
            this.end = first === "z" ? "\0" : "\n";
            const at = this.held.indexOf(this.end);
            if (at < 0) {
                return;
            }
            const words = this.held.subarray(0, at).toString("latin1").trim();
            this.held = this.held.subarray(at + 1);
            this.command(/^[zn]/.test(words) ? words.slice(1) : words);
        }
        if (this.stream) {
            this.chunks();
        }
    }

    command(name) {
        if (name === "INSTREAM") {
            this.stream = { size: 0, tail: Buffer.alloc(0), found: false };
        } else {
            this.answer(SIMPLE[name] ?? "UNKNOWN COMMAND");
        }
    }

    chunks() {
        while (this.held.length >= 4) {
            const size = this.held.readUInt32BE(0);
            if (size === 0) {
                return this.verdict();
            }
            if (this.held.length < 4 + size) {
                return;
            }
            this.look(this.held.subarray(4, 4 + size));
            this.held = this.held.subarray(4 + size);
            if (this.stream.size > limit_bytes) {
                return this.answer("INSTREAM size limit exceeded. ERROR");
            }
        }
    }

    look(bytes) {
        const { stream } = this;
        stream.size += bytes.length;
        const window = Buffer.concat([stream.tail, bytes]);
        stream.found ||= window.includes(SIGNATURE);
        stream.tail = window.subarray(Math.max(0, window.length - SIGNATURE.length + 1));
    }

    verdict() {
        const order = orders.shift() ?? {};
        if (order.drop) {
            return this.socket.destroy();
        }
        const text = this.stream.found ? "stream: Eicar-Test-Signature FOUND" : "stream: OK";
        setTimeout(() => this.answer(order.answer ?? text), order.delay_ms ?? 0);
    }
}

if (path && existsSync(path)) {
    unlinkSync(path);
}
const server = createServer((socket) => new Session(socket));
const ready = () => say(path ? { event: "listening", socket: path } : { event: "listening", port: server.address().port });
if (path) {
    server.listen(path, ready);
} else {
    server.listen(Number(port ?? 0), "127.0.0.1", ready);
}
process.on("SIGTERM", () => process.exit(0));
