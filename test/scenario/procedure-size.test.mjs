// The document says how many lines each cross-domain procedure took: as many as there are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { documented, sizes, table } from "../../tools/procedure_size.mjs";

test("the table of the document is what is counted now", () => {
    assert.equal(documented(), table(), "node tools/procedure_size.mjs --write");
});

test("each of the six is found whole: a definition, elements of its own", () => {
    const rows = sizes();
    assert.equal(rows.length, 7);
    for (const row of rows) {
        assert.ok(row.procedure > 10 && row.elements > 10, JSON.stringify(row));
    }
});
