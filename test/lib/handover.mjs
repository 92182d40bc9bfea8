// Rows of `handover` without the matters' own history, put straight into the database: many requests,
// at instants a test chooses, for figures that are queries over these rows.
import { sql } from "./sql.mjs";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const BEIJING = 8 * HOUR;

/** 00:00 of the day in Beijing that the instant falls on. */
export const day_start = (at) => Math.floor((at + BEIJING) / DAY) * DAY - BEIJING;
export const day_text = (at) => new Date(at + BEIJING).toISOString().slice(0, 10);
/** 1 Monday to 7 Sunday, in Beijing. */
export const weekday = (at) => new Date(at + BEIJING).getUTCDay() || 7;

let made = 0;

/** Fills what a request leaves out. */
export function request(given) {
    made += 1;
    const one = {
        matter: 900_000_000_000_000_000n + BigInt(made),
        procedure: "cross-domain-filing",
        kind: "civil",
        collaborator: "沪0115",
        court: "京0105",
        drill: 0,
        submitted: null,
        relayed: null,
        received: null,
        opened: null,
        responded: null,
        decided: null,
        delivered: null,
        response_ms: null,
        outcome: "",
        corrections: 0,
        late_response: null,
        late_province: null,
        late_feedback: null,
        late_decision: null,
        late_review: null,
        rating: null,
        ...given,
    };
    const of = (code) => (code === "最高法" ? "" : [...code][0]);
    return { ...one, collaborator_province: of(one.collaborator), province: of(one.court) };
}

const literal = (v) => (v === null ? "NULL" : typeof v === "string" ? `'${v}'` : `${v}`);

/** Writes them, in one transaction. */
export async function requests_write(database, requests) {
    const zero = database.startsWith("sqlite:") ? `X'${"00".repeat(32)}'` : `'\\x${"00".repeat(32)}'`;
    const late = 8_000_000_000_000; // these matters look like drafts: they must not lapse
    for (let from = 0; from < requests.length; from += 150) {
        const part = requests.slice(from, from + 150);
        const matters = part.map(
            (r) =>
                `(${r.matter}, '${r.procedure}', 1, 'sent', '${r.court}', '跨域请求', NULL, 0, 1, 0, ${zero}, '{}', '{}', '', '', 0, ${late}, 0)`,
        );
        const columns = Object.keys(part[0]);
        const rows = part.map((r) => `(${columns.map((name) => literal(r[name])).join(", ")})`);
        await sql(
            database,
            `BEGIN; INSERT INTO matter (id, procedure, version, state, court, title, case_number, owner, revision, events, head, field_values, groups, wrapped_key, follow_code, created, updated, arrived) VALUES ${matters.join(", ")};` +
                ` INSERT INTO handover (${columns.join(", ")}) VALUES ${rows.join(", ")}; COMMIT;`,
        );
    }
}

/** Complaints about courts, as rows alone: [{ court, arrived, about }], about: the matter's id, or none.
 * Answers them with their ids. */
export async function complaints_write(database, complaints) {
    const zero = database.startsWith("sqlite:") ? `X'${"00".repeat(32)}'` : `'\\x${"00".repeat(32)}'`;
    const rows = complaints.map((given) => ({ ...given, id: 910_000_000_000_000_000n + BigInt(++made) }));
    const values = rows.map(
        (c) => `(${c.id}, 'filing-complaint', 1, 'submitted', '${c.court}', '立案投诉：张某拖延', NULL, 0, 1, 1, ${zero}, '{}', '{}', '', '', ${c.arrived}, ${c.arrived}, ${c.arrived})`,
    );
    await sql(
        database,
        `INSERT INTO matter (id, procedure, version, state, court, title, case_number, owner, revision, events, head, field_values, groups, wrapped_key, follow_code, created, updated, arrived) VALUES ${values.join(", ")}`,
    );
    const links = rows.filter((c) => c.about).map((c) => `(${c.id}, ${c.about}, 'about')`);
    if (links.length > 0) {
        await sql(database, `INSERT INTO link (matter, other, rel) VALUES ${links.join(", ")}`);
    }
    return rows;
}
