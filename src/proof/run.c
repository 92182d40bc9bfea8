#include "proof/run.h"

#include "proof/scan.h"

enum { MARK_STOP = 0x3002, MARK_SEMICOLON = 0xFF1B };

/* What a character is to a run. */
enum part { PART_END, PART_SKIPPED, PART_FIGURE, PART_WORD };

/* ，。；：、（）《》“”, half-width ones too; 0 for no mark. */
static uint32_t mark_of(uint32_t code)
{
    switch (code) {
    case ',': return 0xFF0C;
    case ';': return MARK_SEMICOLON;
    case ':': return 0xFF1A;
    case '(': return 0xFF08;
    case ')': return 0xFF09;
    case 0xFF0C:
    case 0xFF1B:
    case 0xFF1A:
    case 0xFF08:
    case 0xFF09:
    case 0x3002:
    case 0x3001:
    case 0x300A:
    case 0x300B:
    case 0x201C:
    case 0x201D: return code;
    default: return 0;
    }
}

/* 壹贰叁肆伍陆柒捌玖拾佰仟 are figures of amounts. */
static bool is_capital(uint32_t code)
{
    switch (code) {
    case 0x58F9:
    case 0x8D30:
    case 0x53C1:
    case 0x8086:
    case 0x4F0D:
    case 0x9646:
    case 0x67D2:
    case 0x634C:
    case 0x7396:
    case 0x62FE:
    case 0x4F70:
    case 0x4EDF: return true;
    default: return false;
    }
}

static enum part part_of(uint32_t code)
{
    if (code < 0x80) {
        bool figure = (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') ||
                      (code >= 'a' && code <= 'z') || code == '%';
        bool skipped = code == '.' || code == ' ' || code == '-';
        return figure              ? PART_FIGURE
               : mark_of(code) > 0 ? PART_WORD
               : skipped           ? PART_SKIPPED
                                   : PART_END;
    }
    if (is_capital(code) || (code >= 0xFF10 && code <= 0xFF19)) {
        return PART_FIGURE;
    }
    return scan_is_han(code) || mark_of(code) > 0 ? PART_WORD : PART_END;
}

/* Figures that follow each other are one. */
static int figure_add(struct token *tokens, int count, struct span at)
{
    if (count > 0 && tokens[count - 1].code == '#') {
        tokens[count - 1].at.to = at.to;
        return count;
    }
    tokens[count] = (struct token){'#', at};
    return count + 1;
}

/* The name that covers a position; NULL. */
static const struct span *name_at(struct run_reader *r)
{
    while (r->name < r->name_count && r->names[r->name].to <= r->at) {
        r->name++;
    }
    return r->name < r->name_count && r->names[r->name].from <= r->at ? &r->names[r->name] : NULL;
}

int run_next(struct run_reader *r, struct token tokens[RUN_MAX])
{
    int count = 0;
    bool ended = false;
    r->at = r->at < r->in.from ? r->in.from : r->at;
    while (r->at < r->in.to && count < RUN_MAX && !(ended && count > 0)) {
        const struct span *name = r->name_count == 0 ? NULL : name_at(r);
        if (name != NULL) {
            count = figure_add(tokens, count, (struct span){r->at, name->to});
            r->at = name->to;
            continue;
        }
        uint32_t code = 0;
        size_t n = scan_char(r->text, r->at, &code);
        struct span at = {r->at, r->at + (n == 0 ? 1 : n)};
        enum part part = n == 0 ? PART_END : part_of(code);
        uint32_t mark = part == PART_WORD ? mark_of(code) : 0;
        if (part == PART_FIGURE) {
            count = figure_add(tokens, count, at);
        } else if (part == PART_WORD) {
            tokens[count++] = (struct token){mark != 0 ? mark : code, at};
        }
        ended = part == PART_END || mark == MARK_STOP || mark == MARK_SEMICOLON;
        r->at = at.to;
    }
    return count;
}
