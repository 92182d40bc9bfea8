// What a phone's program does with a secret (RFC 6238).
import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function base32(text) {
    let bits = "";
    for (const letter of text) {
        bits += ALPHABET.indexOf(letter).toString(2).padStart(5, "0");
    }
    return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

export const totp_step = () => Math.floor(Date.now() / 30_000);

export function totp(secret, step = totp_step()) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac("sha1", base32(secret)).update(counter).digest();
    const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, "0");
}
