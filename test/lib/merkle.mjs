// The Merkle log as an outsider checks it: RFC 9162 with SM3, from the receipt alone.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const sm3 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sm3")).digest();
export const leaf_hash = (data) => sm3(Buffer.from([0]), data);
export const node_hash = (left, right) => sm3(Buffer.from([1]), left, right);

/** A hash as a receipt writes it: hex or base64. */
export const hash_bytes = (text) => Buffer.from(text, /^[0-9a-f]{64}$/.test(text) ? "hex" : "base64");

/** The root that leaf, index and path lead to in a tree of `size` leaves (RFC 9162 2.1.3.2); null
 * when the path has the wrong length. */
export function root_of(leaf, index, size, path) {
    let fn = BigInt(index);
    let sn = BigInt(size) - 1n;
    let root = leaf;
    for (const hash of path) {
        if (sn === 0n) {
            return null;
        }
        if (fn % 2n === 1n || fn === sn) {
            root = node_hash(hash, root);
            while (fn % 2n === 0n && fn !== 0n) {
                fn /= 2n;
                sn /= 2n;
            }
        } else {
            root = node_hash(root, hash);
        }
        fn /= 2n;
        sn /= 2n;
    }
    return sn === 0n ? root : null;
}

/** The root named by the text of a checkpoint: the line that is a hash, in hex or base64. */
export function checkpoint_root(text) {
    for (const line of text.split("\n")) {
        if (/^[0-9a-f]{64}$/.test(line)) {
            return Buffer.from(line, "hex");
        }
        if (/^[A-Za-z0-9+/]{43}=$/.test(line)) {
            return Buffer.from(line, "base64");
        }
    }
    return null;
}

/** Whether the openssl tool takes a signature (SM2 with SM3, base64) of a text for that of a key. */
export function openssl_verifies(text, signature, pem) {
    const dir = mkdtempSync(join(tmpdir(), "tongsu-test-openssl-"));
    const file = (name, bytes) => {
        writeFileSync(join(dir, name), bytes);
        return join(dir, name);
    };
    const { status } = spawnSync("openssl", [
        "dgst", "-sm3", "-verify", file("key.pem", pem), "-sigopt", "distid:1234567812345678",
        "-signature", file("signature", Buffer.from(signature, "base64")), file("text", text),
    ]);
    rmSync(dir, { recursive: true });
    return status === 0;
}
