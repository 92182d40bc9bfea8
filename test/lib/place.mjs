// Where tests keep what they write.
import { chmodSync, mkdtempSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MEMORY = "/dev/shm";
const ROOM_BYTES = 4 * 2 ** 30;

function has_room(dir) {
    try {
        const { bavail, bsize } = statfsSync(dir);
        return bavail * bsize >= ROOM_BYTES;
    } catch {
        return false;
    }
}

/** A directory for all that a run writes, in memory where there is room for it. The program waits for
 * the disk at every commit, and that was half the time of a test; a disk takes nothing away from what
 * is killed, only from what loses power, which no test does. Benchmarks do not ask for it: they
 * measure the disk. */
export function place_make() {
    const base = process.env.TONGSU_TEST_DIR ?? (has_room(MEMORY) ? MEMORY : tmpdir());
    const dir = mkdtempSync(join(base, "tongsu-test-"));
    chmodSync(dir, 0o755); // PostgreSQL runs as another user
    return dir;
}

/** A fresh directory, in the one of the run; whoever asks for it removes it. */
export function scratch(name = "data") {
    return mkdtempSync(join(process.env.TONGSU_TEST_DIR ?? tmpdir(), `tongsu-test-${name}-`));
}
