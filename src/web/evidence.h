/* web/evidence.h - the evidence of a matter as numbered items, for whoever sees the matter; in an
 * order that the caller may change when an act that asks for it is open to him.
 */
#ifndef WEB_EVIDENCE_H
#define WEB_EVIDENCE_H

#include "flow/evidence.h"
#include "web/blob_look.h"
#include "web/page_parts.h"

/* Where a page came from. */
struct evidence_source {
    Str name; /* of the picture */
    Hash sm3; /* of the picture as it was sent in */
    int64_t size;
    int rotate_deg; /* with which it was joined */
    uint32_t sheet; /* of a PDF, from 1; 0: it is a picture */
};

enum { EVIDENCE_STRAIGHTEN_MAX = 60 };

struct evidence_look {
    const struct seen *seen;
    const struct act *act; /* that the order is typed towards; NULL: only to be read */
    struct evidence evidence;
    Str digest;                        /* of the order: who changes it says which one he saw */
    struct evidence_source *sources;   /* one for each of evidence.pages; NULL: not read */
    const struct evidence_page **same; /* the page before it that is the same picture, or NULL */
};

/* E_NOT_FOUND for a stranger. */
enum status evidence_look(struct call *call, struct evidence_look *out);
/* Blocks: slow queue only. Where all pages came from. */
enum status evidence_sources(struct call *call, struct evidence_look *look);
/* Finds how far askew the picked pages were photographed, of no picks all that are not straightened
 * yet, then calls `then` with what was found in call->kept_value: {"M.P": hundredths of a degree},
 * 0 of a page that stays as it is. E_INPUT "fields" for more than EVIDENCE_STRAIGHTEN_MAX. */
enum status evidence_straighten(struct call *call, struct evidence_look *look,
                                const struct value *picks, enum status (*then)(struct call *call));
/* {"items":[{"n","name","purpose","source","form","form_title","from","to","count","pages_title",
 * "pages":[{"material","page","turn","tilt","number","in_item","name","sm3","same_as"}]}],
 * "apart":[…],"total","seen","act"} */
struct value *evidence_view(struct cx *cx, const struct evidence_look *look);
/* How the files of a matter stand among the tasks of a draft: "2项，共5页". */
Str evidence_note(struct arena *arena, const struct value *list, const struct matter *matter);

#endif
