// A program that knows nothing of a procedure and walks it all the same: it begins what may be
// begun, sees which acts are offered to which role, and takes each of them once from each state, with
// the examples of the form and the materials that the act asks for.
//
// A matter that another one opens (a case from its filing) is walked with its parent: a recipe is
// the list of steps from nothing to a matter in a state, and is played again whenever a fresh matter
// in that state is needed.
import assert from "node:assert/strict";
import { form_fill } from "./form.mjs";

/** What was chosen when the draft was begun, and stays so whatever the examples say. */
function chosen(matter, act) {
    const kept = act.form.filter((field) => matter.state === "draft" && field.type === "choice" && matter.values[field.name] !== undefined);
    return Object.fromEntries(kept.map((field) => [field.name, matter.values[field.name]]));
}

export class Walk {
    /** people: clients by role name, in the order in which they are asked. */
    constructor(people, court) {
        this.people = people;
        this.court = court;
        this.states = new Map(); // procedure: states reached
        this.taken = new Map(); // "procedure state act": who took it
        this.offers = new Map(); // "procedure state act": recipe to it and role
        this.faults = [];
        this.opened = new Map(); // procedure: recipe that opened one
    }

    /** Plays a recipe from nothing; answers the matter it leads to, or null when it no longer does. */
    async play(recipe) {
        let matter = null;
        for (const step of recipe) {
            const who = this.people[step.role];
            if (step.begin) {
                matter = await who.begin(step.begin, step.court ?? this.court, step.values);
            } else if (step.act) {
                const offered = await who.offered(matter.id, step.act);
                const answer = await who.take(matter.id, step.act, chosen(offered.matter, offered.act));
                if (answer.status !== 200) {
                    return null;
                }
                matter = answer.body;
            } else if (step.follow) {
                const { links } = await who.matter(matter.id); // each is shown what he may open
                const link = links.find((one) => one.procedure === step.follow);
                if (!link) {
                    return null;
                }
                matter = { id: link.id };
            }
        }
        return matter;
    }

    /** Who is offered what on a matter now; its links, each with one who may open it. */
    async look(id) {
        let seen = null;
        const offers = [];
        const links = new Map();
        for (const [role, who] of Object.entries(this.people)) {
            const answer = await who.get(`/matters/${id}`);
            if (answer.status === 200) {
                seen = answer.body;
                for (const act of answer.body.acts) {
                    offers.push({ role, act: act.name });
                }
                for (const link of answer.body.links) {
                    links.set(link.id, links.get(link.id) ?? { ...link, role });
                }
            } else {
                assert.equal(answer.status, 404, answer.text);
            }
        }
        return { matter: seen && { ...seen, links: [...links.values()] }, offers };
    }

    /** What is walked: a procedure, or one of its kinds: "cross-domain-filing/enforcement". */
    walked(recipe, procedure) {
        const values = recipe[0].begin === procedure ? Object.values(recipe[0].values ?? {}) : [];
        return [procedure, ...values].join("/");
    }

    /** Kinds of a procedure: choices at the top of its first form that decide what else it asks for. */
    async kinds({ begin, role, court }) {
        const who = this.people[role];
        const found = [];
        const shape = (matter) => JSON.stringify(matter.acts[0] && [matter.acts[0].form.map((field) => field.name), matter.acts[0].materials]);
        const draft = await who.begin(begin, court);
        for (const field of draft.acts[0].form.filter((one) => one.type === "choice" && one.required)) {
            for (const { value } of field.options) {
                const values = { [field.name]: value };
                const saved = await who.save(draft.id, values);
                if (value !== field.example && shape(saved.body) !== shape(draft)) {
                    found.push([{ begin, role, court, values }]);
                }
            }
        }
        return found;
    }

    note(matter, offers, recipe) {
        const { procedure, state } = matter;
        if (!this.states.has(procedure)) {
            this.states.set(procedure, new Set());
        }
        this.states.get(procedure).add(state);
        for (const { role, act } of offers) {
            const key = `${this.walked(recipe, procedure)} ${state} ${act}`;
            if (!this.offers.has(key)) {
                this.offers.set(key, { recipe, role, act });
            }
        }
        for (const link of matter.links) {
            if (!this.opened.has(link.procedure)) {
                this.opened.set(link.procedure, [...recipe, { follow: link.procedure, role: link.role }]);
            }
        }
    }

    /** Takes an act by its recipe's role; notes what fails. Answers the matter after it, or null. */
    async step(id, offer) {
        const who = this.people[offer.role];
        const { matter, act } = await who.offered(id, offer.act);
        await who.upload_required(matter, act);
        const answer = await who.act(id, offer.act, form_fill(act.form, chosen(matter, act)), { accept_warnings: true, revision: matter.revision });
        if (answer.status !== 200) {
            this.faults.push(`${matter.procedure}: ${offer.act} by ${offer.role} in ${matter.state}: ${answer.status} ${answer.text.slice(0, 400)}`);
            return null;
        }
        await this.same(who, answer.body, offer);
        return answer.body;
    }

    /** What an act answers is what the matter shows when it is asked for: but for papers that were drawn meanwhile. */
    async same(who, answered, offer) {
        const shown = await who.get(`/matters/${answered.id}`);
        if (shown.status !== 200 || shown.body.revision !== answered.revision) {
            return; // no longer his to see, or the program has gone on with it
        }
        const told = (matter) => ({
            ...matter,
            papers: matter.papers.map(({ title, kind }) => ({ title, kind })),
            errors: null, // of the next form: said to whom asks for the matter
        });
        try {
            assert.deepEqual(told(answered), told(shown.body));
        } catch (error) {
            this.faults.push(`${answered.procedure}: the answer of ${offer.act} by ${offer.role} is not what the matter then shows: ${error.message}`);
        }
    }

    /** Takes every act that was ever offered, once per state, until nothing new is seen. */
    async explore(recipe, limit = 400) {
        const start = await this.play(recipe);
        if (!start) {
            this.faults.push(`a recipe does not lead to its matter: ${JSON.stringify(recipe)}`);
            return;
        }
        const { matter, offers } = await this.look(start.id);
        if (!matter) {
            return;
        }
        const only = this.walked(recipe, matter.procedure);
        this.note(matter, offers, recipe);
        let at = { id: matter.id, matter, offers, recipe };
        for (let steps = 0; steps < limit; steps++) {
            const fresh = at?.offers.find((offer) => !this.taken.has(`${only} ${at.matter.state} ${offer.act}`));
            if (fresh) {
                this.taken.set(`${only} ${at.matter.state} ${fresh.act}`, fresh.role);
                const after = await this.step(at.id, fresh);
                if (after) {
                    const way = [...at.recipe, { role: fresh.role, act: fresh.act }];
                    const seen = await this.look(at.id);
                    if (seen.matter) {
                        this.note(seen.matter, seen.offers, way);
                    }
                    at = seen.matter ? { id: at.id, ...seen, recipe: way } : null;
                }
                continue;
            }
            const [key, open] = [...this.offers].find(([name]) => name.startsWith(`${only} `) && !this.taken.has(name)) ?? [];
            if (!open) {
                return;
            }
            const again = await this.play(open.recipe);
            const seen = again && (await this.look(again.id));
            if (!seen?.matter || !seen.offers.some((offer) => offer.act === open.act)) {
                this.taken.set(key, "lost");
                this.faults.push(`${key}: offered once, and no more when the same way is gone again`);
                at = null;
                continue;
            }
            this.note(seen.matter, seen.offers, open.recipe);
            at = { id: again.id, ...seen, recipe: open.recipe };
        }
        this.faults.push(`${only}: not at its end after ${limit} acts`);
    }
}
