// The demo mode: its people, its codes, its clock; and that none of it exists without --demo.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { filed, login, nobody, refused } from "../lib/client.mjs";
import { start, until } from "../lib/server.mjs";

let server;
let anyone;

before(async () => {
    server = await start();
    anyone = nobody(server);
});
after(() => server?.stop());

/** Moves the clock; answers its new now, in milliseconds. */
const advance = async (by, who = anyone) => Date.parse(await who.advance(by));

/** The number of an event in the log, once a checkpoint covers it: before that a receipt has none. */
const index_of = (who, id, n) =>
    until("a checkpoint covers the event", async () => {
        const answer = await who.get(`/matters/${id}/receipt?event=${n}`);
        assert.equal(answer.status, 200, answer.text);
        return answer.body.checkpoint && { index: answer.body.index };
    }).then(({ index }) => index);

describe("people", () => {
    test("exist on first use: citizens, lawyers, every post at any court", async () => {
        for (const name of ["citizen-1", "citizen-42", "lawyer-1", "lawyer-7"]) {
            const who = await login(server, name);
            assert.match(who.person.name, /[\u3400-\u9fff]{2,}/u);
            assert.deepEqual(who.person.posts, []);
        }
        for (const post of ["window", "reviewer", "judge", "clerk", "enforcement", "leader", "supervisor", "mediator", "administrator", "admin"]) {
            const who = await login(server, `${post}@苏0623`);
            assert.equal(who.person.kind, "staff");
            if (post !== "admin") {
                assert.deepEqual(who.person.posts[0].court, { code: "苏0623", name: "如东县人民法院" });
            }
            assert.equal(who.person.posts[0].post, post);
        }
    });

    test("are the same person at each log-in, and different ones by number", async () => {
        const [one, again, two] = [await login(server, "citizen-5"), await login(server, "citizen-5"), await login(server, "citizen-6")];
        assert.equal(one.person.id, again.person.id);
        assert.notEqual(one.person.id, two.person.id);
        assert.notEqual(one.person.name, two.person.name);
    });

    test("named in other ways do not exist", async () => {
        for (const name of ["citizen-0", "citizen--1", "citizen-1x", "citizen-", "citizen-99999999999999999999", "Citizen-1 ", "root", ""]) {
            const answer = await anyone.post("/session", { login: name, password: "tongsu-demo" });
            assert.ok([401, 422].includes(answer.status), `${name}: ${answer.text}`);
        }
    });
});

describe("the clock", () => {
    test("moves by seconds, minutes, hours and days, and says where it stands", async () => {
        const begun = await advance("1s");
        for (const [by, ms] of [["30s", 30_000], ["31m", 31 * 60_000], ["2h", 7_200_000], ["1d", 86_400_000]]) {
            const from_ms = Date.now();
            const before_ms = await advance("1s");
            const answer = await anyone.post("/demo/clock", { advance: by });
            assert.equal(answer.status, 200, answer.text);
            assert.match(answer.body.now, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+08:00$/);
            const moved = Date.parse(answer.body.now) - before_ms;
            // The machine's own clock goes on, however long an answer takes; shown are whole seconds.
            assert.ok(moved >= ms && moved <= ms + Date.now() - from_ms + 1000, `${by} moved ${moved} ms`);
        }
        assert.ok(await advance("1s") > begun);
    });

    test("only goes forward, and only by what is a duration", async () => {
        const from_ms = Date.now();
        const before_ms = await advance("1s");
        for (const by of ["-1d", "0d", "1y", "1w", "d", "", "1.5h", "1d2h", 5, null, "99999999999d", "1d "]) {
            const answer = await anyone.post("/demo/clock", { advance: by });
            assert.ok([400, 422].includes(answer.status), `${JSON.stringify(by)}: ${answer.status} ${answer.text}`);
        }
        const after_ms = await advance("1s");
        assert.ok(after_ms - before_ms <= 2000 + Date.now() - from_ms, "nothing has moved");
    });

    test("stamps what is done with the moved time", async () => {
        const who = await login(server, "citizen-1");
        const from_ms = Date.now();
        const now = await advance("10d");
        const late_ms = Date.parse((await filed(who)).updated) - now;
        assert.ok(late_ms >= 0 && late_ms <= Date.now() - from_ms + 1000, `${late_ms} ms`);
    });

    test("steps from due time to due time: all fire, in order, each at its own instant", async () => {
        const who = await login(server, "citizen-1");
        const filings = [];
        for (let n = 0; n < 3; n++) {
            filings.push(await filed(who, { court: "京0108" }));
            await advance("1d");
        }
        await advance("40d");
        const instants = [];
        for (const filing of filings) {
            const overdue = (await who.events(filing.id)).find((event) => event.act === "review-overdue");
            assert.ok(overdue, "it has fired when the answer came");
            assert.ok(Math.abs(Date.parse(overdue.at) - Date.parse(filing.clocks[0].due)) <= 1000, `${overdue.at} for ${filing.clocks[0].due}`);
            instants.push(overdue.at);
        }
        assert.deepEqual(instants, [...instants].sort());
    });

    test("fires in the log in the order of the due times, not of the filing", async () => {
        const who = await login(server, "citizen-1");
        const officer = await login(server, "reviewer@京0108");
        const slow = await filed(who, { court: "京0108" });
        await officer.taken(slow.id, "ask-correction", { correction: { days: 30 } }); // behind the other's seven days
        const quick = await filed(who, { court: "京0108" });
        await advance("60d");
        const at = async (id, act) => (await who.events(id)).find((event) => event.act === act);
        const lapsed = await at(slow.id, "correction-lapsed");
        const overdue = await at(quick.id, "review-overdue");
        assert.ok(lapsed && overdue);
        assert.ok(Date.parse(overdue.at) < Date.parse(lapsed.at), `${overdue.at} before ${lapsed.at}`);
        const [first, second] = [await index_of(who, quick.id, overdue.n), await index_of(who, slow.id, lapsed.n)];
        assert.ok(first < second, `log order is time order: ${first} before ${second}`);
    });

    test("moves for two callers at once by the sum", async () => {
        const before_ms = await advance("1s");
        const answers = await Promise.all([1, 2, 3, 4].map(() => anyone.post("/demo/clock", { advance: "1h" })));
        assert.ok(answers.every((answer) => answer.status === 200), answers.map((answer) => answer.text).join());
        const moved = await advance("1s") - before_ms;
        assert.ok(moved >= 4 * 3_600_000, `${moved} ms`);
    });

    test("survives a restart", async () => {
        const own = await start();
        const before_ms = await advance("100d", nobody(own));
        await own.stop({ keep: true });
        const again = await own.again();
        try {
            const after_ms = await advance("1s", nobody(again));
            assert.ok(after_ms > before_ms, "the offset was stored");
        } finally {
            await again.stop();
            own.remove();
        }
    });

    test("does not age sessions", async () => {
        const who = await login(server, "citizen-1");
        await advance("365d");
        assert.equal((await who.get("/matters?box=mine")).status, 200);
    });
});

describe("without --demo", () => {
    test("there is no demo clock, no demo password, no code 000000", async () => {
        const plain = await start({ demo: false });
        try {
            const who = nobody(plain);
            refused(await who.post("/demo/clock", { advance: "1d" }), 404, "not-found");
            for (const name of ["citizen-1", "lawyer-1", "reviewer@京0105", "admin@京0105"]) {
                refused(await who.post("/session", { login: name, password: "tongsu-demo" }), 401, "login-failed");
            }
            const home = await who.get("/", { accept: "text/html" });
            assert.equal(home.status, 200);
            assert.doesNotMatch(home.text, /tongsu-demo|000000/);
        } finally {
            await plain.stop();
        }
    });

    test("data of a demo is not served as if it were real", async () => {
        const own = await start();
        await login(own, "citizen-1");
        await own.stop({ keep: true });
        const plain = await own.again({ demo: false }).catch((error) => error);
        if (plain instanceof Error) {
            assert.match(`${plain}`, /demo/i, "a refusal says why");
        } else {
            try {
                refused(await nobody(plain).post("/session", { login: "citizen-1", password: "tongsu-demo" }), 401);
            } finally {
                await plain.stop();
            }
        }
        own.remove();
    });
});
