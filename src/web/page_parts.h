/* web/page_parts.h - parts that several pages about matters are made of.
 *
 * A page's view is the API's value with keys laid on it; what the value does not hold is read anew.
 */
#ifndef WEB_PAGE_PARTS_H
#define WEB_PAGE_PARTS_H

#include "flow/form.h"
#include "flow/view.h"
#include "web/app.h"
#include "web/guidance.h"

/* The matter in the path, as the caller sees it: what the handler has read, else read now.
 * E_NOT_FOUND for a stranger. */
enum status page_seen(struct call *call, const struct seen **out);
/* A map on top of value, with "page" {title, form}: what every builder begins with. */
struct value *page_begin(struct call *call, const struct value *value, Str title, bool form);
const struct law_tables *page_tables(const struct call *call);

/* An act with the form that it has for the values saved so far. */
struct act_form {
    const struct seen *seen;
    const struct act *act;
    struct ask ask;
    struct form form;
    struct value *values; /* what stands and what was typed towards it, in the clear */
};

/* Whether this act is open to the caller now; name "" asks for the first open one that has a form.
 */
bool act_form_open(struct call *call, const struct seen *seen, Str name, struct act_form *out);
/* Lays `said` (values as act_form.values) on what stands; the form may be another then. */
void act_form_say(struct call *call, struct act_form *form, const struct value *said);
/* Of an act that answers what was asked for at a window (guidance: todo) only that is left in the
 * form, with what is missing in it and the originals. Other forms stay whole. */
void act_form_narrow(struct call *call, struct act_form *form);
/* What is missing or wrong in the form: list of {"field","code","title"}. */
struct value *act_form_errors(struct call *call, const struct act_form *form);
/* What hard or soft rules say of it, without failing. */
struct value *act_form_findings(struct call *call, const struct act_form *form, bool soft);
/* Values as this caller may read them: masked but for the owner. */
const struct value *act_form_shown(struct call *call, const struct act_form *form);
/* Every error with the address of its field: on this page when its group is in `here` (a list of
 * names; NULL: everything is), else on the page that asks for it. */
struct value *errors_show(struct call *call, Id matter, const struct value *errors,
                          const struct value *here);

/* "还有9日", "今天到期", "已超期1日", "还有25分钟"; "" when due is 0. */
Str left_words(struct arena *arena, Instant due, Instant now);
/* "1日", "25分钟": how long ago. */
Str over_words(struct arena *arena, Instant due, Instant now);
/* "3月9日", with the year when it is another; "" when at is 0. */
Str day_words(struct arena *arena, Instant at);
/* The colour of a state: ask bad good plain or "". */
Str state_tone(const struct app *app, Str procedure, Str state);
/* Rows of a list of matters, with tone, overdue and left_title. */
struct value *rows_show(struct call *call, const struct value *matters);
struct value *working_show(struct arena *arena, const struct value *working);
struct value *clocks_show(struct call *call, const struct seen *seen);
/* Of clocks as above (has_clocks): "clocks" and has_running of those that run, "ended" and
 * has_ended of the rest. */
void clocks_set(struct arena *arena, const struct value *clocks, struct value *view);
/* Events (API) for a story: newest first when turned. */
struct value *story_show(struct call *call, const struct seen *seen, const struct value *events,
                         bool turned);
/* The latest events, at most count, newest first; *more: there are older ones. */
enum status story_latest(struct call *call, const struct seen *seen, uint32_t count,
                         struct value **out, bool *more);
/* Texts that guidance may fill in: {due.NAME}, the end of the clock of that name while it has not
 * come; of the clock that ends first {clock}, its title, {due}, and {over} when it is exceeded;
 * {answer_due} {answer_days} (web/answer_due.h) {arrived} {court} {case_number} {fee} {fee_due}
 * {fee_half} {count} {reason}. */
struct value *guidance_args(struct call *call, const struct seen *seen);
/* {tone, title, text, has_actions, actions} for what stands first on a matter's page. */
struct value *first_show(struct call *call, const struct seen *seen, const struct value *acts,
                         bool staff);
/* By when the newest notice that asks for a fee says to pay it, and why half; or DATE_NONE. */
Date notice_fee_due(struct call *call, const struct matter *m, Str *half);
/* How an act is called on a button leading to it, in this state. */
Str act_link_title(struct call *call, const struct seen *seen, const struct act *act);

#endif
