// The resumable uploads of tus 1.0, step by step, so that a test can stop between any two.
import assert from "node:assert/strict";

const VERSION = { "tus-resumable": "1.0.0" };

function metadata(pairs) {
    return Object.entries(pairs)
        .map(([name, value]) => `${name} ${Buffer.from(value, "utf8").toString("base64")}`)
        .join(",");
}

/** Announces an upload; answers the raw answer, with { path, id } added when it was made. */
export async function tus_create(who, size, name = "证据.pdf", headers = {}) {
    const answer = await who.api("POST", "/uploads", {
        headers: { ...VERSION, "upload-length": `${size}`, "upload-metadata": metadata({ filename: name }), ...headers },
    });
    const location = answer.headers.get("location");
    if (location) {
        answer.path = new URL(location, who.server.url).pathname;
        answer.id = answer.path.split("/").pop();
    }
    return answer;
}

export function tus_send(who, path, offset, bytes, headers = {}) {
    return who.api("PATCH", path, {
        body: bytes,
        headers: { ...VERSION, "upload-offset": `${offset}`, "content-type": "application/offset+octet-stream", ...headers },
    });
}

export async function tus_offset(who, path) {
    const answer = await who.api("HEAD", path, { headers: VERSION });
    assert.equal(answer.status, 200, "HEAD of an upload");
    return Number(answer.headers.get("upload-offset"));
}

/** A whole upload in pieces; answers its id. */
export async function tus_upload(who, bytes, { name, piece = bytes.length } = {}) {
    const made = await tus_create(who, bytes.length, name);
    assert.equal(made.status, 201, made.text);
    for (let offset = 0; offset < bytes.length; offset += piece) {
        const sent = await tus_send(who, made.path, offset, bytes.subarray(offset, offset + piece));
        assert.equal(sent.status, 204, sent.text);
    }
    return made.id;
}
