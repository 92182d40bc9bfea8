#include "render/template.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/date.h"
#include "base/money.h"
#include "render/template_parse.h"

enum {
    OUTPUT_MAX_BYTES = 4 << 20,
    CONTEXTS_MAX = 128,
    PARTIALS_MAX = 32,   /* nested: groups in lists in groups stay far below */
    STEPS_MAX = 2000000, /* a page of 4 MiB takes a tenth of it */
};

/* Larger files are none: shown as the number they are. */
static const int64_t SIZE_MAX_BYTES = INT64_C(1) << 50;
/* In value.room of a text, where nothing else is ever stored: made by html_mark(). */
static const uint32_t MARK = 0x4D41524BU;

struct run {
    struct cx *cx;
    const struct templates *set;
    struct buf out;
    const struct value *contexts[CONTEXTS_MAX];
    uint32_t depth;
    uint32_t partials;
    uint32_t steps;
    Instant now;
};

/* --- loading --- */

enum status templates_load(struct cx *cx, struct arena *arena,
                           const struct template_source *sources, uint32_t count,
                           struct templates **out)
{
    struct templates *set = arena_new(arena, struct templates);
    set->items = arena_array(arena, struct compiled, count);
    set->count = count;
    for (uint32_t i = 0; i < count; i++) {
        set->items[i].name = arena_copy(arena, sources[i].name, strlen(sources[i].name));
    }
    for (uint32_t i = 0; i < count; i++) {
        TRY(template_parse(cx, arena, set, i, sources[i].text));
    }
    *out = set;
    return OK;
}

static const struct compiled *template_find(const struct templates *set, const char *name)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (text_is(set->items[i].name, name)) {
            return &set->items[i];
        }
    }
    return NULL;
}

bool template_exists(const struct templates *templates, const char *name)
{
    return template_find(templates, name) != NULL;
}

/* --- escaping --- */

struct value *html_mark(struct arena *arena, Str markup)
{
    struct value *v = value_str(arena, markup);
    v->room = MARK;
    return v;
}

static const char *entity(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

/* Bytes that may have to be written as something else. */
static const unsigned char is_special[256] = {
    ['&'] = 1, ['<'] = 1, ['>'] = 1, ['"'] = 1, ['\''] = 1, ['\n'] = 1};

static void escape_to(struct buf *out, Str text, bool breaks)
{
    size_t from = 0;
    for (size_t i = str_find_marked(text, 0, is_special); i < text.n;
         i = str_find_marked(text, i + 1, is_special)) {
        const char *instead = breaks && text.p[i] == '\n' ? "<br>" : entity(text.p[i]);
        if (instead != NULL) {
            buf_add(out, text.p + from, i - from);
            buf_text(out, instead);
            from = i + 1;
        }
    }
    buf_add(out, text.p + from, text.n - from);
}

Str html_escape(struct arena *arena, Str text)
{
    struct buf out;
    buf_init(&out, arena, text.n * 6 + 1);
    escape_to(&out, text, false);
    return buf_done(&out);
}

/* Own paths, and the schemes that a page may lead to; anything else could be a program. */
static bool address_is_safe(Str text)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:", "tel:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (str_starts(text, schemes[i])) {
            return true;
        }
    }
    if (text.n >= 2 && text.p[0] == '/' && (text.p[1] == '/' || text.p[1] == '\\')) {
        return false;
    }
    for (size_t i = 0; i < text.n && strchr("/?#", text.p[i]) == NULL; i++) {
        if (text.p[i] == ':' || (unsigned char)text.p[i] <= ' ' || text.p[i] == '\\') {
            return false;
        }
    }
    return true;
}

/* --- looking up --- */

static const struct value *path_follow(const struct value *v, const struct step *step)
{
    for (uint32_t i = 1; v != NULL && i < step->name_count; i++) {
        int64_t index = 0;
        if (value_is_list(v)) {
            bool number = str_int(step->names[i], &index) && index >= 0 && index < UINT32_MAX;
            v = number ? value_item(v, (uint32_t)index) : NULL;
        } else {
            v = value_get_key(v, step->names[i]);
        }
    }
    return v;
}

static const struct value *look_up(const struct run *run, const struct step *step)
{
    if (step->name_count == 0) {
        return run->contexts[run->depth - 1];
    }
    for (uint32_t i = run->depth; i > 0; i--) {
        const struct value *v = value_get_key(run->contexts[i - 1], step->names[0]);
        if (v != NULL || step->local) {
            return path_follow(v, step);
        }
    }
    return NULL;
}

static bool is_true(const struct value *v)
{
    if (v == NULL) {
        return false;
    }
    switch (v->kind) {
    case VALUE_NULL: return false;
    case VALUE_BOOL: return v->as.truth;
    case VALUE_INT: return v->as.number != 0;
    case VALUE_REAL:
    case VALUE_WRITTEN:
    case VALUE_TEXT: return v->as.text.n > 0;
    case VALUE_LIST:
    case VALUE_MAP: return v->count > 0;
    }
    return false;
}

/* --- filters --- */

/* 3月2日, with 2025年 in front when the year is another one or always. */
static Str date_show(const struct run *run, Instant at, bool always)
{
    struct day day = date_split(instant_date(at));
    struct arena *arena = run->cx->arena;
    if (always || day.year != date_split(instant_date(run->now)).year) {
        return str_printf(arena, "%d年%d月%d日", day.year, day.month, day.day);
    }
    return str_printf(arena, "%d月%d日", day.month, day.day);
}

static bool instant_read(Str text, Instant *out)
{
    Date date = DATE_NONE;
    if (date_parse(text, &date)) {
        *out = date_start(date);
        return true;
    }
    return instant_parse(text, out);
}

static Str filter_when(const struct run *run, enum step_filter filter, Str text)
{
    Instant at = 0;
    if (!instant_read(text, &at)) {
        return text;
    }
    if (filter == FILTER_DATE) {
        return date_show(run, at, false);
    }
    if (filter == FILTER_SAID) {
        return instant_spoken(run->cx->arena, at, run->now);
    }
    int minute = instant_minute_of_day(at);
    Str day = filter == FILTER_CLOCK ? STR("") : date_show(run, at, filter == FILTER_DATETIME);
    return str_printf(run->cx->arena, "%s%02d:%02d", day.p, minute / 60, minute % 60);
}

/* 525 or 525.50: as one says it. */
static Str yuan_show(struct arena *arena, Money amount)
{
    Str text = money_format(arena, amount);
    return str_ends(text, ".00") ? str_slice(arena, text, 0, text.n - 3) : text;
}

static Str size_show(struct arena *arena, int64_t bytes)
{
    static const char *const units[] = {"KB", "MB", "GB"};
    if (bytes < 1024) {
        return str_printf(arena, "%lld 字节", (long long)bytes);
    }
    size_t unit = 0;
    int64_t tenths = bytes * 10 / 1024;
    while (tenths >= 10240 && unit < 2) {
        tenths /= 1024;
        unit++;
    }
    if (tenths >= 100) {
        return str_printf(arena, "%lld %s", (long long)(tenths / 10), units[unit]);
    }
    return str_printf(arena, "%lld.%lld %s", (long long)(tenths / 10), (long long)(tenths % 10),
                      units[unit]);
}

static Str filter_number(struct arena *arena, enum step_filter filter, int64_t number)
{
    bool amount = number >= -MONEY_MAX_FEN && number <= MONEY_MAX_FEN;
    if (filter == FILTER_MONEY && amount) {
        return money_format(arena, number);
    }
    if (filter == FILTER_YUAN && amount) {
        return yuan_show(arena, number);
    }
    if (filter == FILTER_CAPITALS && amount && number >= 0) {
        return money_capitals(arena, number);
    }
    if (filter == FILTER_SIZE && number >= 0 && number <= SIZE_MAX_BYTES) {
        return size_show(arena, number);
    }
    return str_printf(arena, "%lld", (long long)number);
}

static bool is_about_time(enum step_filter filter)
{
    return filter == FILTER_DATE || filter == FILTER_TIME || filter == FILTER_DATETIME ||
           filter == FILTER_CLOCK || filter == FILTER_SAID;
}

static Str value_show(const struct run *run, const struct step *step, const struct value *v)
{
    Str text = STR("");
    switch (v->kind) {
    case VALUE_NULL:
    case VALUE_LIST:
    case VALUE_WRITTEN:
    case VALUE_MAP: return text;
    case VALUE_BOOL: text = v->as.truth ? STR("true") : STR("false"); break;
    case VALUE_INT: text = filter_number(run->cx->arena, step->filter, v->as.number); break;
    case VALUE_REAL:
    case VALUE_TEXT: text = v->as.text; break;
    }
    if (is_about_time(step->filter)) {
        return filter_when(run, step->filter, text);
    }
    return step->filter == FILTER_URL ? text_percent_encode(run->cx->arena, text) : text;
}

/* --- steps --- */

static void write_value(struct run *run, const struct step *step)
{
    const struct value *v = look_up(run, step);
    if (v == NULL) {
        return; /* (2) */
    }
    if (step->kind == STEP_MARK && v->kind == VALUE_TEXT && v->room == MARK) {
        buf_str(&run->out, v->as.text);
        return;
    }
    Str text = value_show(run, step, v);
    if (step->escape == ESCAPE_ADDRESS && !address_is_safe(text)) {
        text = STR("#");
    }
    escape_to(&run->out, text, step->filter == FILTER_LINES);
}

/* These four call each other, at most TEMPLATE_SECTIONS_MAX times PARTIALS_MAX deep. */
static enum status run_steps(struct run *run, const struct compiled *template, uint32_t from,
                             uint32_t to);

/* NOLINTNEXTLINE(misc-no-recursion) */
static enum status run_inside(struct run *run, const struct compiled *template, uint32_t at,
                              const struct value *context)
{
    struct cx *cx = run->cx;
    if (run->depth == CONTEXTS_MAX) {
        return FAIL(cx, E_BUG, "page-endless", "%s: contexts too deep", template->name);
    }
    run->contexts[run->depth++] = context;
    TRY(run_steps(run, template, at + 1, template->steps[at].skip));
    run->depth--;
    return OK;
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static enum status run_section(struct run *run, const struct compiled *template, uint32_t at)
{
    struct cx *cx = run->cx;
    const struct step *step = &template->steps[at];
    const struct value *v = look_up(run, step);
    if (is_true(v) != (step->kind == STEP_SECTION)) {
        return OK;
    }
    if (step->kind == STEP_SECTION && value_is_list(v)) {
        for (uint32_t i = 0; i < value_count(v); i++) {
            TRY(run_inside(run, template, at, value_item(v, i)));
        }
        return OK;
    }
    if (step->kind == STEP_SECTION && value_is_map(v)) {
        return run_inside(run, template, at, v);
    }
    return run_steps(run, template, at + 1, step->skip);
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static enum status run_partial(struct run *run, uint32_t index)
{
    struct cx *cx = run->cx;
    const struct compiled *template = &run->set->items[index];
    if (run->partials == PARTIALS_MAX) {
        return FAIL(cx, E_BUG, "page-endless", "%s: a partial without end", template->name);
    }
    run->partials++;
    TRY(run_steps(run, template, 0, template->count));
    run->partials--;
    return OK;
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static enum status run_steps(struct run *run, const struct compiled *template, uint32_t from,
                             uint32_t to)
{
    struct cx *cx = run->cx;
    for (uint32_t at = from; at < to;) {
        const struct step *step = &template->steps[at];
        if (++run->steps > STEPS_MAX) {
            return FAIL(cx, E_BUG, "page-endless", "%s: too many steps", template->name);
        }
        switch (step->kind) {
        case STEP_TEXT: buf_str(&run->out, step->text); break;
        case STEP_VALUE:
        case STEP_MARK: write_value(run, step); break;
        case STEP_SECTION:
        case STEP_INVERSE: TRY(run_section(run, template, at)); break;
        case STEP_PARTIAL: TRY(run_partial(run, step->skip)); break;
        }
        bool section = step->kind == STEP_SECTION || step->kind == STEP_INVERSE;
        at = section ? step->skip : at + 1;
    }
    return OK;
}

enum status template_render(struct cx *cx, const struct templates *templates, const char *name,
                            const struct value *view, int64_t now, Str *out)
{
    const struct compiled *template = template_find(templates, name);
    if (template == NULL) {
        return FAIL(cx, E_BUG, "page-missing", "no template %s", name);
    }
    struct run *run = arena_new(cx->arena, struct run);
    run->cx = cx;
    run->set = templates;
    run->now = now;
    run->contexts[run->depth++] = view;
    buf_init(&run->out, cx->arena, OUTPUT_MAX_BYTES);
    TRY(run_steps(run, template, 0, template->count));
    if (buf_is_over(&run->out)) {
        return FAIL(cx, E_TOO_LARGE, "too-large", "%s: page over 4 MiB", name);
    }
    check(run->depth == 1 && run->partials == 0);
    *out = buf_done(&run->out);
    return OK;
}
