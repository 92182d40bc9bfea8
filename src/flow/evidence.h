/* flow/evidence.h - evidence as numbered items with page numbers that run through all of them.
 *
 * An element that `arranges` a kind of material (data/elements/evidence-list.yaml) holds {"items":
 * [{"name","purpose","source","form","pages":[{"material","from","to","turn","tilt"}]}],
 * "apart":[…]}. `from` and `to` count the pages of a file from 1; without them all of it is meant.
 * Nothing is uploaded or made anew when the order changes: it is only another list of the same
 * pages. (1) What nobody arranged is arranged: a file that the list does not name is an item by
 * itself, behind the others, under its own name. (2) A page stands in one item or in none; where it
 * is named twice the first counts, and what is gone (a file taken back) is passed over. (3) Numbers
 * run from 1 over all pages in items; a file that has no pages of its own (sound, film, text) has
 * none. Number, source and object of proof: 关于民事诉讼证据的若干规定, art 19.
 */
#ifndef FLOW_EVIDENCE_H
#define FLOW_EVIDENCE_H

#include "record/matter.h"

enum { EVIDENCE_ITEMS_MAX = 200, EVIDENCE_PAGES_MAX = 5000 };

#define EVIDENCE_KIND "evidence" /* of material */
#define EVIDENCE_LIST "evidence-list"

struct evidence_page {
    int64_t material;
    uint32_t page;   /* of the file, from 1; 0: the file as it is, without pages */
    int turn;        /* 0, 90, 180 or 270 degrees to the right, on top of the file's own */
    int tilt_cdeg;   /* then so many hundredths of a degree to the right: it lay askew */
    uint32_t item;   /* index of its item; EVIDENCE_APART: of none */
    uint32_t number; /* its page number; 0: none */
};

#define EVIDENCE_APART UINT32_MAX

enum { EVIDENCE_TILT_MAX_CDEG = 1500 };

struct evidence_item {
    Str name, purpose, source;
    Str form;       /* original, copy, electronic, physical; "" while nobody has said */
    uint32_t first; /* its pages begin here in evidence.pages */
    uint32_t count;
    uint32_t from, to; /* page numbers; 0: none */
    bool by_itself;    /* (1) */
};

struct evidence {
    struct evidence_item *items;
    uint32_t item_count;
    struct evidence_page *pages; /* in order, those of no item last */
    uint32_t page_count;
    uint32_t apart; /* how many those are */
    uint32_t total; /* the last page number */
};

/* How many pages a file has that can be ordered one by one; 0: it goes as it is. */
uint32_t evidence_sheets(const struct material *material);
/* list: the value of the element; NULL for none. */
void evidence_read(struct arena *arena, const struct value *list, const struct matter *matter,
                   struct evidence *out);
/* As the element says it, pages that follow each other drawn together. */
struct value *evidence_value(struct arena *arena, const struct evidence *evidence);
/* What cannot be meant: list of {"field","code","title"}; fields begin with `prefix`. */
struct value *evidence_faults(struct arena *arena, const struct value *list,
                              const struct matter *matter, const char *prefix);

/* One change of the order. what: "up:M.P" "down:M.P" "turn:M.P" "untilt:M.P" (page P of material M;
 * the last: as it was photographed), "untilt" (the picked pages; none picked: all), "take:N" (the
 * picked pages behind those of item N, from 1), "new" (they become an item; none picked: an empty
 * one), "apart" (they stand in no item), "item-up:N" "item-down:N" "item-drop:N" (its pages stand
 * in none). picks: list of texts "M.P". false: not one of these. */
bool evidence_order(struct arena *arena, struct evidence *evidence, Str what,
                    const struct value *picks);
/* A page named "M.P"; NULL: it is not there. */
struct evidence_page *evidence_page_named(struct evidence *evidence, Str name);

/* "第1至4页", "第3页", "电子文件2份"; "" for an item without pages. */
Str evidence_pages_text(struct arena *arena, const struct evidence *evidence,
                        const struct evidence_item *item);
/* 证据1借条（第1至2页）；证据2… */
Str evidence_text(struct arena *arena, const struct evidence *evidence);
/* The order in one row an item, for events: adds {"order": which, "item": its number (0: pages of
 * none), "name", "pages"}; pages as "2.1-3 2.4>90~-130 5": pages 1 to 3 of file 2, its page 4
 * turned by 90 degrees and straightened by 1.3 to the left, file 5 as it is. */
void evidence_rows(struct arena *arena, const struct evidence *evidence, const char *which,
                   struct value *rows);
/* 原件, 复印件, …; "" for none. */
const char *evidence_form_title(Str form);

#endif
