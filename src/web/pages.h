/* web/pages.h - what pages need beyond the API's value, page by page.
 *
 * Each area has a table that ends with a NULL name; frame.c asks them in order.
 */
#ifndef WEB_PAGES_H
#define WEB_PAGES_H

#include "web/app.h"

struct page_extra {
    const char *name; /* of the template */
    page_fn *fn;
};

extern const struct page_extra pages_matter[]; /* home list tasks group check matter act review … */
extern const struct page_extra pages_tools[];   /* tools tool-* */
extern const struct page_extra pages_account[]; /* login register me join follow verify-identity */
extern const struct page_extra pages_office[];  /* window-people admin-* */
extern const struct page_extra pages_proof[];   /* papers receipt verify inbox */
extern const struct page_extra pages_proofread[]; /* proofread */
extern const struct page_extra pages_forms[];     /* forms form */
extern const struct page_extra pages_contact[];   /* contacts hours follow complaint … */
extern const struct page_extra pages_batch[];     /* batches batch batch-results */
extern const struct page_extra pages_figures[];   /* circulars circular statistics … */
extern const struct page_extra pages_signing[];   /* signatures sign */
extern const struct page_extra pages_phrase[];    /* phrases */
extern const struct page_extra pages_saved[];     /* saved saved-one */
extern const struct page_extra pages_assistant[]; /* assistants */
extern const struct page_extra pages_reviewing[]; /* review-load review-docketed */
extern const struct page_extra pages_outage[];    /* outages outage admin-outages */
extern const struct page_extra pages_evidence[];  /* evidence */
extern const struct page_extra pages_calendar[];  /* calendar agents */
extern const struct page_extra pages_alignment[]; /* alignment */

#define PAGE_LISTS                                                                             \
    pages_matter, pages_tools, pages_proof, pages_proofread, pages_forms, pages_account,       \
        pages_office, pages_contact, pages_figures, pages_signing, pages_outage, pages_phrase, \
        pages_saved, pages_assistant, pages_batch, pages_calendar, pages_reviewing,            \
        pages_alignment, pages_evidence

/* 立案审核 for reviewer. */
const char *post_title(Str post);

#endif
