#!/usr/bin/env node
// A simulator of the register of residents (README.md). All people in it are invented.
import { options, serve } from "./service.mjs";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const answered = new Map();

function is_number(number) {
    if (!/^[1-8]\d{16}[\dX]$/.test(number)) {
        return false;
    }
    const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)].map(Number);
    const born = new Date(Date.UTC(year, month - 1, day));
    const is_day = born.getUTCFullYear() === year && born.getUTCMonth() === month - 1 && born.getUTCDate() === day;
    const sum = WEIGHTS.reduce((all, weight, n) => all + weight * Number(number[n]), 0);
    return is_day && born < new Date() && "10X98765432"[sum % 11] === number[17];
}

function look_up(name, number) {
    if (!is_number(number) || name.endsWith("查无")) {
        return "unknown";
    }
    return name.endsWith("不符") ? "mismatch" : "match";
}

serve(options(["port"]).port, {
    "POST /v1/verify": async ({ request_id, name, type, number }, url, order) => {
        if (![request_id, name, number].every((text) => typeof text === "string" && text !== "") || type !== "resident-id") {
            return { status: 400, body: { error: "unreadable" } };
        }
        if (!answered.has(request_id)) {
            const result = order.result ?? look_up(name, number);
            answered.set(request_id, { request_id, result, checked_at: new Date().toISOString() });
        }
        return { status: 200, body: answered.get(request_id) };
    },
});
