// A batch of papers as a court makes one, as a whole: acts that call everybody to five hearings, the
// papers printed behind them, and the seal of the court put on each. Nothing is left out: form, guards,
// event, list, notice, helper, both signatures, leaf of the log.
//
//   --count N   papers (1000); a case has 199 defendants, so 200 summonses are one act
import assert from "node:assert/strict";
import { loadavg } from "node:os";
import { docketed } from "../lib/answer.mjs";
import { login } from "../lib/client.mjs";
import { processor_ms } from "../lib/processor.mjs";
import { sleep, start } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";

const OF_A_CASE = 200;
const AT_ONCE = 16; // flow/seal.h: SEAL_PAPERS_MAX
const PATIENCE_S = 900;

async function waits_for(server, count, condition) {
    for (let s = 0; s < PATIENCE_S * 4; s++) {
        const done = Number(await sql(server.database, `select count(*) from paper where kind = 'summons' and ${condition}`));
        if (done >= count) {
            return;
        }
        await sleep(250);
    }
    assert.fail(`${count} papers: ${condition}: not in ${PATIENCE_S} s`);
}

/** Runs a stage; answers what it took, by the clock and of the processors. */
async function took(server, stage) {
    const begun = performance.now();
    const before = processor_ms(server.pid);
    await stage();
    return { wall_s: (performance.now() - begun) / 1000, processor_s: (processor_ms(server.pid) - before) / 1000 };
}

export async function batch_papers(row, args) {
    const count = Math.max(OF_A_CASE, Number(args.count ?? 1000));
    const server = await start();
    try {
        const [plaintiff, reviewer, judge, sealer] = await Promise.all(["citizen-1", "reviewer@京0105", "judge@京0105", "sealer@京0105"].map((name) => login(server, name)));
        const names = Array.from({ length: OF_A_CASE - 1 }, (_, i) => `被告${i + 1}`);
        const cases = [];
        for (let n = 0; n < Math.ceil(count / OF_A_CASE); n++) {
            cases.push(await docketed({ plaintiff, reviewer }, { names }));
        }
        const made = cases.length * OF_A_CASE;
        await sleep(2000); // what docketing left behind is printed
        const hearing = { at: "2030-03-20T09:30:00+08:00", mode: "court", place: "第三法庭", public: false, bench: "sole", judge: "周某", clerk: "吴某" };
        const acts = await took(server, async () => {
            for (const id of cases) {
                await judge.taken(id, "fix-hearing", { hearing });
            }
        });
        const printing = await took(server, () => waits_for(server, made, "sm3 is not null"));
        const sealing = await took(server, async () => {
            for (const id of cases) {
                const papers = (await judge.matter(id)).papers.filter((paper) => paper.kind === "summons");
                for (let from = 0; from < papers.length; from += AT_ONCE) {
                    const answer = await sealer.post("/seals", { papers: papers.slice(from, from + AT_ONCE).map(({ n }) => ({ matter: id, n })) });
                    assert.equal(answer.status, 200, answer.text);
                }
            }
            await waits_for(server, made, "sealed is not null and sm3 is not null and sm3 <> plain_sm3");
        });
        const stages = { acts, printing, sealing };
        const sum = (key) => Object.values(stages).reduce((all, one) => all + one[key], 0);
        const words = Object.entries(stages).map(([name, one]) => `${name} ${one.wall_s.toFixed(1)} s, ${one.processor_s.toFixed(1)} s of a processor`).join("; ");
        row(`${made} summonses: act, print, seal`, `${sum("wall_s").toFixed(0)} s, ${sum("processor_s").toFixed(0)} s of processors`, "< 20 s", sum("wall_s") < 20, `${words}; load ${loadavg()[0].toFixed(1)} on this machine`);
    } finally {
        await server.stop();
    }
}
