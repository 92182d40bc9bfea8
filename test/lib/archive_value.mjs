// Values of a PDF, as its text spells them.

const WHITE = "\0\t\n\f\r ";
const DELIMITERS = "()<>[]{}/%";

export class Name {
    constructor(text) {
        this.text = text;
    }
}

export class Reference {
    constructor(number) {
        this.number = number;
    }
}

export class Operator {
    constructor(text) {
        this.text = text;
    }
}

/** Values one after the other; bytes are read as latin1, so that offsets stay. */
export class Reader {
    constructor(text, at = 0) {
        this.text = text;
        this.at = at;
    }

    space() {
        for (; WHITE.includes(this.text[this.at] ?? "x") || this.text[this.at] === "%"; this.at++) {
            if (this.text[this.at] === "%") {
                this.at += this.text.slice(this.at).search(/[\r\n]|$/);
            }
        }
    }

    word() {
        const from = this.at;
        while (this.at < this.text.length && !WHITE.includes(this.text[this.at]) && !DELIMITERS.includes(this.text[this.at])) {
            this.at++;
        }
        return this.text.slice(from, this.at);
    }

    string() {
        const from = this.at++;
        for (let depth = 1; depth > 0; this.at++) {
            const c = this.text[this.at];
            if (c === undefined) {
                throw new Error(`6.1.6: a string without end at ${from}`);
            }
            this.at += c === "\\" ? 1 : 0;
            depth += c === "(" ? 1 : c === ")" ? -1 : 0;
        }
        return this.text.slice(from + 1, this.at - 1).replace(/\\([0-7]{1,3}|\r\n|[^])/g, (_, c) => (/^[0-7]/.test(c) ? String.fromCharCode(parseInt(c, 8)) : ({ n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", "\n": "", "\r": "", "\r\n": "" }[c] ?? c)));
    }

    hex() {
        const end = this.text.indexOf(">", this.at);
        const digits = this.text.slice(this.at + 1, end).replace(/[\0\t\n\f\r ]/g, "");
        this.at = end + 1;
        if (end < 0 || !/^([0-9a-fA-F]{2})*$/.test(digits)) {
            throw new Error(`6.1.6: a string of odd or other digits at ${end}`);
        }
        return Buffer.from(digits, "hex").toString("latin1");
    }

    /** undefined at the end of a text or of what is open. */
    value() {
        this.space();
        const c = this.text[this.at];
        const two = this.text.slice(this.at, this.at + 2);
        if (c === undefined || c === "]" || two === ">>") {
            return undefined;
        }
        if (two === "<<") {
            return this.dictionary();
        }
        if (c === "[") {
            return this.array();
        }
        if (c === "(") {
            return this.string();
        }
        if (c === "<") {
            return this.hex();
        }
        if (c === "/") {
            this.at++;
            return new Name(this.word().replace(/#([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))));
        }
        return this.plain();
    }

    plain() {
        const reference = /^(\d+) (\d+) R(?![^\s()<>[\]{}/%])/.exec(this.text.slice(this.at, this.at + 24));
        if (reference) {
            this.at += reference[0].length;
            return new Reference(Number(reference[1]));
        }
        const word = this.word();
        if (word === "") {
            throw new Error(`6.1: an odd ${this.text[this.at]} at ${this.at}`);
        }
        if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) {
            return Number(word);
        }
        return { true: true, false: false, null: null }[word] ?? (word === "null" ? null : new Operator(word));
    }

    array() {
        const out = [];
        this.at++;
        for (let item = this.value(); item !== undefined; item = this.value()) {
            out.push(item);
        }
        this.at++;
        return out;
    }

    dictionary() {
        const out = new Map();
        this.at += 2;
        for (let key = this.value(); key !== undefined; key = this.value()) {
            out.set(key.text, this.value());
        }
        this.at += 2;
        return out;
    }
}

export const is_name = (value, text) => value instanceof Name && value.text === text;
