// As much of HTML as the tests of pages need: tags with attributes, text, forms. It reads what the
// program writes (quoted attributes, closed elements) and throws on what a page should not hold.

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const VOID = new Set("area base br col embed hr img input link meta source track wbr".split(" "));

export function unescape(text) {
    return text.replace(/&(#x[0-9a-f]+|#\d+|[a-z]+);/gi, (all, name) => {
        if (name[0] === "#") {
            return String.fromCodePoint(name[1] === "x" || name[1] === "X" ? parseInt(name.slice(2), 16) : Number(name.slice(1)));
        }
        return ENTITIES[name] ?? all;
    });
}

/** Tokens in order: { tag, attributes, close, text }. Comments and the doctype are left out. */
export function html_tokens(html) {
    const tokens = [];
    const pattern = /<!--[\s\S]*?-->|<!doctype[^>]*>|<(\/?)([a-zA-Z][\w-]*)((?:\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*)\s*(\/?)>|[^<]+|</gi;
    for (const found of html.matchAll(pattern)) {
        const [all, slash, tag, attributes, empty] = found;
        if (tag) {
            tokens.push({ tag: tag.toLowerCase(), close: slash === "/", empty: empty === "/", attributes: attributes_of(attributes), at: found.index });
        } else if (!all.startsWith("<!")) {
            tokens.push({ text: unescape(all), at: found.index });
        }
    }
    return tokens;
}

function attributes_of(text) {
    const out = {};
    for (const found of text.matchAll(/([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g)) {
        out[found[1].toLowerCase()] = unescape(found[2] ?? found[3] ?? found[4] ?? "");
    }
    return out;
}

export function html_text(html) {
    const tokens = html_tokens(html);
    let hidden = 0;
    let out = "";
    for (const token of tokens) {
        if (token.tag === "script" || token.tag === "style" || token.tag === "template") {
            hidden += token.close ? -1 : 1;
        } else if (token.text && hidden === 0) {
            out += token.text;
        } else if (token.tag && !["b", "i", "em", "strong", "span", "a", "small", "abbr"].includes(token.tag)) {
            out += "\n";
        }
    }
    return out.replace(/[ \t]*\n\s*/g, "\n").trim();
}

/** What breaks the policy "no inline script or style, no handlers, no javascript: links". */
export function html_inline(html) {
    const faults = [];
    const tokens = html_tokens(html);
    tokens.forEach((token, n) => {
        if (!token.tag || token.close) {
            return;
        }
        if (token.tag === "style") {
            faults.push("<style>");
        }
        if (token.tag === "script" && !("src" in token.attributes)) {
            const type = token.attributes.type ?? "";
            if (!/json/.test(type) || tokens[n + 1]?.text === undefined) {
                faults.push("<script> without src");
            }
        }
        for (const [name, value] of Object.entries(token.attributes)) {
            if (name === "style" || /^on[a-z]+$/.test(name)) {
                faults.push(`<${token.tag} ${name}>`);
            }
            if (/^(href|src|action|formaction)$/.test(name) && /^\s*(javascript|data|vbscript):/i.test(value) && token.tag !== "img") {
                faults.push(`<${token.tag} ${name}="${value.slice(0, 30)}">`);
            }
        }
    });
    return faults;
}

/** Unbalanced elements, as texts; optional end tags are not used by these pages. */
export function html_unbalanced(html) {
    const open = [];
    const faults = [];
    for (const token of html_tokens(html)) {
        if (!token.tag || token.empty || VOID.has(token.tag)) {
            continue;
        }
        if (!token.close) {
            open.push(token.tag);
        } else if (open.at(-1) === token.tag) {
            open.pop();
        } else {
            faults.push(`</${token.tag}> where <${open.at(-1)}> is open`);
            const back = open.lastIndexOf(token.tag);
            if (back >= 0) {
                open.length = back;
            }
        }
    }
    return faults.concat(open.map((tag) => `<${tag}> is not closed`));
}

/** Forms of a page: { action, method, enctype, fields: [{ name, type, value, checked, options }],
 * buttons }. */
export function html_forms(html) {
    const forms = [];
    let form = null;
    let select = null;
    let option = null;
    let area = null;
    let button = null;
    for (const token of html_tokens(html)) {
        const { tag, attributes: has, close } = token;
        if (token.text !== undefined) {
            if (area) {
                area.value += token.text;
            }
            if (option) {
                option.title += token.text;
            }
            if (button) {
                button.title += token.text;
            }
        } else if (tag === "form") {
            form = close ? null : { action: has.action ?? "", method: (has.method ?? "get").toLowerCase(), enctype: has.enctype ?? "", fields: [], buttons: [] };
            if (form) {
                forms.push(form);
            }
        } else if (form && tag === "input" && has.name) {
            form.fields.push({ name: has.name, type: has.type ?? "text", value: has.value ?? "", checked: "checked" in has, required: "required" in has, attributes: has });
        } else if (form && tag === "textarea") {
            area = close ? null : { name: has.name, type: "textarea", value: "", attributes: has };
            if (area) {
                form.fields.push(area);
            }
        } else if (form && tag === "select") {
            select = close ? null : { name: has.name, type: "select", value: "", options: [], attributes: has };
            if (select) {
                form.fields.push(select);
            }
        } else if (select && tag === "option") {
            option = close ? null : { value: has.value ?? "", title: "", selected: "selected" in has };
            if (option) {
                select.options.push(option);
                if (option.selected || select.options.length === 1) {
                    select.value = option.value;
                }
            }
        } else if (form && tag === "button") {
            button = close ? null : { name: has.name, value: has.value ?? "", type: has.type ?? "submit", formaction: has.formaction, title: "" };
            if (button) {
                form.buttons.push(button);
            }
        }
    }
    return forms;
}

/** The pairs that a browser would send for a form, with `values` (by name) over what it holds. */
export function form_pairs(form, values = {}) {
    const pairs = [];
    const used = new Set();
    for (const field of form.fields) {
        if (/^(submit|button|file|image)$/.test(field.type)) {
            continue;
        }
        if (/^(checkbox|radio)$/.test(field.type)) {
            const wanted = field.name in values ? [].concat(values[field.name]).includes(field.value) : field.checked;
            used.add(field.name);
            if (wanted) {
                pairs.push([field.name, field.value]);
            }
        } else if (!(used.has(field.name) && field.name in values)) {
            used.add(field.name);
            pairs.push([field.name, field.name in values ? `${values[field.name]}` : field.value]);
        }
    }
    return pairs;
}
