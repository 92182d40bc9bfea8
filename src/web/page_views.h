/* web/page_views.h - the builders of pages about matters, one per template, and what they share
 * among themselves.
 */
#ifndef WEB_PAGE_VIEWS_H
#define WEB_PAGE_VIEWS_H

#include "web/pages.h"

page_fn page_home, page_list, page_tasks, page_group, page_materials, page_check, page_act,
    page_matter, page_summary, page_review, page_events, page_conflict, page_problem,
    page_not_found, page_begin_one, page_procedures, page_procedure, page_causes, page_courts,
    page_court, page_divisions, page_checkpoint;

struct seen;
struct material;
struct material_rule;
/* What acts by itself in a file, for a template; NULL for nothing. */
struct value *page_warning(struct call *call, const struct material *m);
/* One kind of material with its files, as materials, check and act show it. */
struct value *page_kind_show(struct call *call, const struct seen *seen,
                             const struct material_rule *rule);
/* The photographs of signatures that a form of this matter can take now, and where to hand one in.
 */
struct field_show;
void page_photos_set(struct call *call, const struct seen *seen, struct field_show *show);
/* With what certificate the caller may sign; nothing when he has none. */
void page_certificate_set(struct call *call, struct field_show *show);
/* Links of the API with rel_title and tone. */
struct value *page_links_show(struct call *call, const struct seen *seen,
                              const struct value *links);
/* The values as sections, as far as this caller reads them; marks: findings at their rows. */
struct value *page_summary_of(struct call *call, const struct seen *seen,
                              const struct value *marks);
/* What the court has asked for in this state: todo_title, todo, has_todo. acts: those open (API).
 */
void page_set_todo(struct call *call, const struct seen *seen, const struct value *acts,
                   struct value *view);
/* What soft rules say of the values as they stand: as when the filer handed them in. */
struct value *page_findings_of(struct call *call, const struct seen *seen);
/* The form of an act open to the caller, as act and review show it (_act-form); false: it is not
 * open. value: what is shown again of a refused form ("marks", "warnings", "grow"). */
bool page_act_set(struct call *call, const struct seen *seen, Str name, const struct value *value,
                  struct value *view);
/* "thread" between the courts of a request (for staff), "complaint_href" for parties. */
void page_set_exchange(struct call *call, const struct seen *seen, struct value *view);
/* What the calculators of a claim say: [{"title","text" (what was not
 * computed),"working","has_sheet", "sheet"?,"again"}]; with a group, of those alone that it asks
 * for. */
struct value *page_counted_show(struct arena *arena, const struct value *claim,
                                const struct field *group);
/* The lines of an interest sheet (law/interest.h) with law_title and the address at which each can
 * be run again. */
struct value *page_sheet_show(struct arena *arena, const struct value *sheet);
/* A part of a page could not be read: the page goes out without it, the operator is told. */
void page_lacks(struct call *call, const char *page);
/* "message" for ?done=ID: what was done to the matter that one comes from. */
void page_done_message(struct call *call, struct value *view);

#endif
