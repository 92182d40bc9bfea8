// Periods counted once more, apart from the program, from the same calendar of data/tables.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./server.mjs";

const days = new Map();
const file = join(root, "data/tables/holidays.csv");
if (existsSync(file)) {
    for (const line of readFileSync(file, "utf8").split("\n").slice(1)) {
        const [date, kind] = line.split(",");
        if (date) {
            days.set(date, kind);
        }
    }
}

const at = (date) => new Date(`${date}T00:00:00Z`);
const text = (time) => time.toISOString().slice(0, 10);

export function date_add(date, count) {
    const time = at(date);
    time.setUTCDate(time.getUTCDate() + count);
    return text(time);
}

export function is_rest(date) {
    const kind = days.get(date);
    if (kind) {
        return kind !== "workday";
    }
    return [0, 6].includes(at(date).getUTCDay());
}

/** The last day of a period of `count` days from the day after `start`, rolled by law. */
export function period_days(start, count) {
    let due = date_add(start, count);
    while (is_rest(due)) {
        due = date_add(due, 1);
    }
    return due;
}

/** The date in Beijing of an instant of the API. */
export const beijing_date = (instant) => instant.slice(0, 10);
/** The end of a day, as dues are written. */
export const day_end = (date) => `${date}T23:59:59+08:00`;
