/* render/paper.h - papers (文书): a definition in data/papers/ plus values gives a PDF.
 *
 * A definition names what it needs, and lays it out as a list of blocks. It is compiled (every
 * placeholder proved to be a declared need of the right type), filled with values (pure text, no
 * fonts) and printed (pango and cairo: only inside a helper process, see render/helper.h).
 *
 *     paper: fee-notice
 *     title: 交纳诉讼费用通知书          # of the document; no placeholders
 *     by: court                         # court | party | system
 *     size: 3                           # 号 of the body: 3 (default), 4 or 5
 *     sealed: court                     # it wants the seal of the court in its values; by: court
 *     needs:                            # as in the values; every one must be present unless
 *       - {name: issued-at, type: datetime, help: 作出时间}          # optional: true
 *       - {name: court, type: group, fields: [{name: name, type: text, help: 法院名称}]}
 *       - {name: relief, type: text, optional: true, help: …}
 *     body:
 *       - {title: "{court.name}"}
 *       - {text: "应交案件受理费{fee|money}元（大写：{fee|capitals}）。", when: fee}
 *     foot: {qr: "{check-url}", lines: ["…"]}
 *
 * Types of needs: text long-text money(fen) number date datetime yes-no choice identity address
 * image group list. A group and a list of maps carry `fields`; a list of texts carries `of: text`;
 * a choice carries `options: [{value, title}]` and prints the title; an identity is a text or
 * {type, number}; an address is a text or {detail, text}, of which text is printed where given. The
 * instant of issue, `issued-at`, is needed by every paper: it is the creation date in the PDF.
 *
 * Blocks, one key of these each, all with an optional `when`:
 *   title    22 pt bold, centred                  subtitle  body size, centred
 *   number   body size, right: 案号、编号           to        flush left: 受送达人
 *   text     paragraph, first line 2 characters in; a newline begins another paragraph
 *   item     paragraph that numbers itself: 一、二、 anew after each title or section
 *   flush    paragraph without that indent        note      small paragraph
 *   section  bold heading, enters the outline
 *   sign     list of lines (text, or {text, when}), a block at the right, kept on one page with
 *            the end of the paragraph before it
 *   image    {of: need, label: text, height: mm, align: left|right}: a PNG handed beside the values
 *   table    {columns: [{title, width, align}], rows: [{each, cells, when} …]}; a row with `head:
 * {text, when}` or `across: {text, when}` stands across all columns where that holds pairs    list
 * of {label, text, when}: a table of two columns group    list of blocks; with `each: path`, once
 * for each item that `only: condition` lets through (rows of tables likewise) space    number of
 * empty lines                page      true: a new page Conditions: "path" (there is something),
 * "not path", {field: path, in: [...]}, a list (all of them). Placeholders: {path} and
 * {path|filter}; {{ is a brace. [text {path}] is there only when all that it names is there; [[ is
 * a bracket. Inside `each`, names of the item come first, {n} is its number, {.} the item of a list
 * of texts. Filters: money capitals · date date-capitals datetime · ordinal (一) count join ·
 * yes-no · fingerprint (of a digest, 16 digits) · sentence (with a full stop at its end, once). A
 * money, date or list never appears without a filter.
 *
 * (1) No placeholder is ever left blank: a need without value fails the paper, and an optional
 *     need may only be used in [ ] or under a `when` that names it (refused by paper_compile).
 * (2) Values are text, never markup; control and direction-override characters are dropped.
 * (3) Same definition, values, images and fonts: same bytes, and those are PDF/A-1b (render/pdf.h).
 * (4) A paper by a court carries the mark PAPER_UNSEALED on each page, unless it is printed to be
 *     sealed (paper_content_seal): what is sealed is printed anew.
 */
#ifndef RENDER_PAPER_H
#define RENDER_PAPER_H

#include "base/date.h"
#include "base/fail.h"

#define PAPER_UNSEALED "本件为系统生成，尚未加盖电子印章"

enum { PAPER_PAGES_MAX = 500, PAPER_IMAGES_MAX = 32, PAPER_INPUT_BYTES_MAX = 4 << 20 };

struct paper; /* compiled definition: immutable, lives in the arena of its compilation */

/* One file of data/papers/. name is the file's name without .yaml and must equal `paper`. E_READ
 * "data-unreadable" with "name:line: why": unknown keys, a placeholder that is no declared need, an
 * optional one without its `when`, a filter that does not fit the type, a need never used. */
enum status paper_compile(struct cx *cx, const char *name, Str yaml, struct paper **out);
Str paper_title(const struct paper *paper);
/* Written by a party: may be had as DOCX. */
bool paper_is_by_party(const struct paper *paper);
/* Wants the seal of the court that its values name. */
bool paper_is_sealed(const struct paper *paper);
/* The declared needs: list of {name,type,optional?,help?,fields?,of?}, for the compiler of
 * procedures and for examples. */
const struct value *paper_needs(const struct paper *paper);

struct paper_content; /* a filled paper, before fonts */

/* E_INPUT "paper-value-missing" with one error per missing or ill-typed value (field is its path).
 */
enum status paper_fill(struct cx *cx, const struct paper *paper, const struct value *inputs,
                       struct paper_content **out);
/* What the paper says, line by line, without layout: for search and for readers without PDF. */
Str paper_text(struct arena *arena, const struct paper_content *content);

/* Prints it as it will stand under a seal: without the mark, and with the drawing of the seal of
 * `name` beside the bytes (struct paper_pdf). is_demo: the seal says 演示, so that nobody takes it
 * for a real one. Nothing happens to a paper that wants none. */
void paper_content_seal(struct paper_content *content, Str name, bool is_demo);

struct paper_image {
    Str name;  /* its path in the values, as "signature.png", "signature.others.0.png" */
    Str bytes; /* PNG of at most 2000 by 2000 pixels */
};

struct paper_pdf {
    Str bytes;
    uint32_t pages;
    uint32_t unknown_glyphs; /* characters that no installed font has: shown as a box with a code */

    /* The seal, to be put on with the signature: operators in a square box, and where that lies. */
    struct {
        Str drawing;        /* "" for none */
        uint32_t page;      /* from 0 */
        int64_t x, y, side; /* lower left corner from that of the page, hundredths of a point */
    } seal;

    /* Where a party has signed last: its drawn hand, or the lines with its name and the date. */
    struct {
        uint32_t page;
        int64_t x, y, width, height; /* as above; width 0: nowhere */
    } hand;
};

/* Prints. Only to be called in a helper process or a test: it loads fonts (about 120 MB, 100 ms at
 * first). E_INPUT "paper-image-missing", "paper-image-unreadable"; E_TOO_LARGE "paper-too-long"
 * above PAPER_PAGES_MAX; E_BUG "paper-fonts-missing". */
enum status paper_print(struct cx *cx, const struct paper_content *content,
                        const struct paper_image *images, uint32_t image_count,
                        struct paper_pdf *out);

#endif
