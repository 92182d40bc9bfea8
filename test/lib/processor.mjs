// What processes took of the processors: unlike the clock, it is not moved by what else runs.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

export const children_of = (pid) => {
    try {
        return execFileSync("pgrep", ["-P", `${pid}`], { encoding: "utf8" }).trim().split("\n").filter(Boolean).map(Number);
    } catch {
        return [];
    }
};

/** Processor time that a process, those under it and those of them that have ended took, in milliseconds. */
export function processor_ms(pid) {
    const file = `/proc/${pid}/stat`;
    if (!existsSync(file)) {
        return 0; // ended just now: its parent counts it
    }
    const fields = readFileSync(file, "utf8").replace(/^.*\) /, "").split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, one) => sum + Number(one), 0); // of 10 ms: user, system, and of ended children
    return children_of(pid).reduce((sum, child) => sum + processor_ms(child), ticks * 10);
}
