/* proof/reading.h - a document as the checker reads it: paragraphs, parts, and what is written in
 * them as numbers, dates, amounts, people and laws.
 *
 * Made once per document by reading_make(), then looked at by every check. (1) Everything is found
 * by form alone; what the file of the case knows better comes as `facts` and wins. (2) Spans are
 * inside the text; arrays are in its order. (3) A part that is not there is an empty span.
 */
#ifndef PROOF_READING_H
#define PROOF_READING_H

#include "law/case_number.h"
#include "law/identifier.h"
#include "proof/scan.h"
#include "proof/statute.h"

enum paper_kind {
    PAPER_UNKNOWN,
    PAPER_JUDGMENT,
    PAPER_RULING,
    PAPER_DECISION,
    PAPER_MEDIATION,
    PAPER_OTHER, /* notices, complaints: known not to be one of these */
};

/* Which procedure a document comes from; by facts.procedure, else by what the text says. */
enum trial { TRIAL_UNKNOWN, TRIAL_ORDINARY, TRIAL_SUMMARY, TRIAL_SMALL, TRIAL_SECOND };

/* 50万元, 1,000.50元, 人民币五万元 is no amount here: capitals are read where they stand beside. */
struct written_amount {
    struct span at; /* with its unit */
    Money fen;
    int64_t unit; /* fen of one: 100 for 元, 1000000 for 万元 */
};

struct written_date {
    struct span at;
    int year; /* 0 when it was left out: 3月9日 */
    int month, day;
    Date date;  /* DATE_NONE when there is no such day, or no year to take */
    bool han;   /* 二〇二五年四月二十日 */
    bool exact; /* with a day; else only 2025年3月 */
};

/* 《名称》第X条第Y款第Z项; each further 、第X条 is one more with the same name. */
struct citation {
    struct span at;                /* of the article part, the name included for the first */
    struct span name;              /* without the book-title marks */
    const struct statute *statute; /* NULL: not in the table */
    int64_t article;               /* 0: none is named */
    bool arabic;                   /* 第577条 */
    bool bare;                     /* no book-title marks */
};

struct written_number {
    struct span at;
    struct case_number number;
};

/* A party of the head: its paragraph, and those behind that belong to it. */
struct head_party {
    struct span at;   /* the paragraph that names it */
    struct span more; /* to the next party: representatives and agents */
    Str role;         /* 原告, 上诉人（原审原告） */
    Str name;
    bool organisation;
};

struct reading {
    struct arena *arena;
    Str text;
    const struct law_tables *tables;
    const struct value *facts; /* map; may be empty */
    Date today;
    struct span whole;
    struct span *paragraphs;
    uint32_t paragraph_count;
    enum paper_kind kind;
    enum trial trial;
    struct span title; /* the paragraph with 民事判决书 */
    struct span court_line;
    struct span head;          /* parties */
    struct span claims;        /* what was asked */
    struct span reasons;       /* from 本院认为 to the operative part */
    struct span basis;         /* the sentence 依照…，判决如下 */
    struct span operative;     /* behind 判决如下 */
    struct span tail;          /* from the fee or the notice of rights to the signatures */
    struct span signature;     /* the last paragraphs: members and date */
    const struct court *court; /* of court_line; NULL when unknown */
    struct written_amount *amounts;
    uint32_t amount_count;
    struct written_date *dates;
    uint32_t date_count;
    struct citation *citations;
    uint32_t citation_count;
    struct written_number *numbers;
    uint32_t number_count;
    struct head_party *parties;
    uint32_t party_count;
    Date written; /* the date it was signed; DATE_NONE */
};

enum { PROOF_TOKENS_MAX = 20000 }; /* of each kind; a longer document is read in part */

void reading_make(struct arena *arena, const struct law_tables *tables,
                  const struct statutes *statutes, Str text, const struct value *facts, Date today,
                  struct reading *out);

/* The fact's text, "" when the file says nothing. */
Str reading_fact(const struct reading *reading, const char *path);
/* A fact of the file as a day; DATE_NONE. */
Date reading_fact_date(const struct reading *reading, const char *path);
/* The paragraph around a position. */
struct span reading_paragraph(const struct reading *reading, size_t at);
/* The first amount, date inside a span; NULL when none. */
const struct written_amount *reading_amount(const struct reading *reading, struct span in);
const struct written_date *reading_date(const struct reading *reading, struct span in);
/* The date next before or behind a word, in the same sentence; NULL when none. */
const struct written_date *reading_date_of(const struct reading *reading, const char *word);

/* proof/token.c: fills amounts, dates, citations and case numbers. */
void reading_tokens(struct reading *reading, const struct statutes *statutes);
/* proof/section.c: kind, trial, parts and parties. */
void reading_sections(struct reading *reading);

#endif
