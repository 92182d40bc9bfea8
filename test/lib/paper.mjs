// Papers as readers have them: printed, and as text.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

/** The bytes of a paper, once it is printed. */
export async function printed(who, path) {
    for (let n = 0; n < 200; n++) {
        const paper = await who.get(path, { accept: "application/pdf" });
        if (paper.status === 200) {
            return paper.bytes;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return assert.fail(`${path} is not printed`);
}

/** The words of a PDF, as a reader without eyes has them. */
export function pdf_text(bytes) {
    const made = spawnSync("pdftotext", ["-", "-"], { input: bytes, encoding: "utf8" });
    assert.equal(made.status, 0, made.stderr);
    return made.stdout;
}
