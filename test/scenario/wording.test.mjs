// The words of the program: what pages, papers and messages never say. Read from their sources, so
// that no state of a matter is needed to see them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../lib/server.mjs";

const files = execFileSync("git", ["-C", root, "ls-files", "pages", "data"], { encoding: "utf8" })
    .trim()
    .split("\n")
    .filter((name) => /\.(html|ya?ml)$/.test(name));

/**
 * Of a line of an element form what is ours. What the official form says is a fact and stands as it is: its rows, what is
 * printed in them, its options, and `official`.
 */
function ours(name, line) {
    if (!name.startsWith("data/forms/")) {
        return line;
    }
    return /^\s*(- )?row:|\{[a-z-]+[:|}]/.test(line) ? "" : line.replace(/official: [^,}]*/, "").replace(/options: \{[^}]*\}/, "");
}

/** Lines of all files that match, as "file:line: text"; lines of remarks are not read. */
function lines_with(pattern, allowed = /^$/) {
    const found = [];
    for (const name of files) {
        const text = readFileSync(join(root, name), "utf8").replace(/\{\{![\s\S]*?\}\}/g, (remark) => remark.replace(/[^\n]/g, ""));
        text.split("\n").forEach((line, n) => {
            if (!/^\s*#/.test(line) && pattern.test(ours(name, line).replace(allowed, ""))) {
                found.push(`${name}:${n + 1}: ${line.trim().slice(0, 80)}`);
            }
        });
    }
    return found;
}

test("there are words to read", () => {
    assert.ok(files.length > 20, `${files.length} files`);
});

test("nothing is called a success before the court has it, or at all", () => {
    assert.deepEqual(lines_with(/提交成功|保存成功|操作成功|申请成功|缴费成功|交费成功|立案成功/), []);
});

test("money is 交, accounts are 账, decisions are 作", () => {
    // What an employer owes the insurance is called so by the law and by the official form.
    assert.deepEqual(lines_with(/缴费|缴纳|帐户|帐号|做出(裁定|判决|决定)/, /未依法缴纳社会保险费|缴纳的(税款|水电费)/g), []);
});

test("days are dates, not a number of working days", () => {
    assert.deepEqual(lines_with(/(?<!第)[0-9０-９一二三五七十两]+个工作日/), []);
});

test("nobody is blamed and nothing is invalid", () => {
    // What the law calls so of contracts, trademarks, patents and penalties, and says of no user.
    const law = /无效(宣告|行政)|(合同|确认|专利的?|商标的?|部分|被|被宣告|、)无效|没收非法财物/g;
    assert.deepEqual(lines_with(/无效|您输入有误|输入错误|格式错误|非法(?!人)|违规操作/, law), []);
});

test("a draft is never said to be submitted or complete", () => {
    const drafts = files.filter((name) => /procedures\/.*\.yaml$/.test(name));
    assert.ok(drafts.length >= 2);
    for (const name of drafts) {
        const draft = readFileSync(join(root, name), "utf8").match(/^\s+draft:\s*\{[^}]*\}/m)?.[0];
        if (draft) {
            assert.match(draft, /尚未提交|未提交/, name);
            assert.doesNotMatch(draft, /已提交|完成|成功/, name);
        }
    }
});

test("the machine does not speak through the pages", () => {
    assert.deepEqual(lines_with(/\b(error|invalid|null|undefined|exception|timeout)\b[^"'=}>]*[\u4e00-\u9fff]/i, /class="[^"]*"|\{[^}]*\}/g), []);
});
