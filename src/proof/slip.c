/* HOW IT WORKS. A run is what stands between two sentence ends, as tokens: a character, a mark, or
 * one # for a figure, a Latin word or a name. plain_read() cuts it into words, the likeliest way
 * (Viterbi over pairs of words). Where a word is dear there, window_try() searches a window around
 * it again, now with edges for what may have been meant, each at the price of a slip. */
#include "proof/slip.h"

#include <string.h>

#include "base/check.h"
#include "proof/run.h"
#include "proof/scan.h"

enum {
    PLAIN_WIDTH = LANGUAGE_WORD_CHARACTERS,
    WINDOW_MAX = 26,  /* tokens */
    WINDOW_WORDS = 1, /* to either side of what is dear */
    CORE_AROUND = 1,  /* characters beside what is dear that a slip must touch */
    WIDTH = 6,        /* states at one place, of which the best go on */
    BEAM = 4,
    EDGES_MAX = 16,
    EDITS_MAX = 2,
    MEANT_CHARACTERS = 5,
    DEAR = 1 << 24,
    MARK_COMMA = 0xFF0C,

    /* Prices, in levels of cost. */
    U = LANGUAGE_UNIT,
    PRICE_SOUND = 13 * U / 2, /* one character of the same sound */
    PRICE_NEARLY = 9 * U,
    PRICE_SHAPE = 10 * U, /* one that looks like it */
    PRICE_OTHER = 24 * U,
    SWAPPED_WORTH = 17 * U,    /* what must be to gain before look-alikes are sought */
    PRICE_SOUNDS = 15 * U / 2, /* a whole word of the same sounds */
    PRICE_SOUNDS_NEARLY = PRICE_SOUNDS + 4 * U,
    PRICE_NO_WORD = 6 * U, /* more, when what stands there is no word */
    PRICE_SHORT = 7 * U,
    PRICE_TURNED = 8 * U,
    PRICE_WORD = 3 * U, /* more, when what stands there is a word itself */
    PRICE_WORD_SHORT = 2 * U,
    PRICE_TAKEN_OUT = 13 * U,
    PRICE_USUAL_OUT = 6 * U, /* more, when the character is a usual one */
    PRICE_DOUBLED = 7 * U,
    PRICE_AGAIN = 4 * U, /* more for a second slip in the same window */
    USUAL_COST = 12 * U,
    DEAR_LETTER = 8 * U, /* what makes a word of one character worth a second look */
    DEAR_WORD = 9 * U,
    DEAR_BOTH = 18 * U, /* with its dearer neighbour */
    GAIN_LEAST = 7 * U / 2,
};

struct plain_node {
    uint32_t word;
    int cost;
    int16_t from;   /* token where the word begins */
    int16_t before; /* node there */
};

enum edit { AS_IS, MEANT_SOUND, MEANT_OTHER, MEANT_LONGER, MEANT_TURNED, TAKEN_OUT };

struct node {
    uint32_t word;
    int cost;
    int16_t from, before;
    uint8_t edit, edits;
};

struct edge {
    uint32_t word;
    int price, rank;
    uint8_t length, edit;
};

struct piece {
    uint32_t word;
    int cost; /* of this word behind the one before */
    int from, to;
};

struct finder {
    struct arena *arena;
    const struct language *language;
    Str text;
    slip_take_fn *take;
    void *arg;
    uint32_t stop;              /* the word 。, what a run begins behind */
    const struct token *tokens; /* of the clauses that are looked at */
    int count;
    struct plain_node plain[RUN_MAX + 1][PLAIN_WIDTH];
    uint8_t plain_count[RUN_MAX + 1];
    struct piece pieces[RUN_MAX + 1];
    int piece_count;
    struct node nodes[WINDOW_MAX + 1][WIDTH];
    uint8_t node_count[WINDOW_MAX + 1];
    int most[WINDOW_MAX + 1]; /* what may have been spent there, to gain enough in the end */
    int plain_at[WINDOW_MAX +
                 1]; /* what the window costs as it stands, up to the end of the word */
    struct edge edges[EDGES_MAX];
    int edge_count;
    int edge_at, edge_length; /* where the look-alikes that come in stand */
    bool edge_word;           /* what stands there is a usual word itself */
    int core_from, core_to;   /* tokens that a slip must touch */
};

static size_t codes_at(const struct finder *f, int at, int count, uint32_t *codes)
{
    for (int i = 0; i < count; i++) {
        codes[i] = f->tokens[at + i].code;
    }
    return (size_t)count;
}

static bool is_letter(const struct finder *f, int at)
{
    return scan_is_han(f->tokens[at].code);
}

/* --- as it stands --- */

static void plain_add(struct finder *f, int from, int length, uint32_t word)
{
    int best = DEAR;
    int before = 0;
    int to = from + length;
    for (int i = 0; i < f->plain_count[from]; i++) {
        const struct plain_node *node = &f->plain[from][i];
        int cost = node->cost + language_cost_after(f->language, node->word, word);
        if (cost < best) {
            best = cost;
            before = i;
        }
    }
    if (f->plain_count[to] < PLAIN_WIDTH) {
        f->plain[to][f->plain_count[to]++] =
            (struct plain_node){word, best, (int16_t)from, (int16_t)before};
    }
}

static void plain_path(struct finder *f)
{
    int best = 0;
    int at = f->count;
    for (int i = 1; i < f->plain_count[at]; i++) {
        best = f->plain[at][i].cost < f->plain[at][best].cost ? i : best;
    }
    int count = 0;
    for (int node = best; at > 0; count++) {
        const struct plain_node *one = &f->plain[at][node];
        const struct plain_node *before = &f->plain[one->from][one->before];
        f->pieces[count] = (struct piece){one->word, one->cost - before->cost, one->from, at};
        at = one->from;
        node = one->before;
    }
    for (int i = 0; i < count / 2; i++) {
        struct piece swap = f->pieces[i];
        f->pieces[i] = f->pieces[count - 1 - i];
        f->pieces[count - 1 - i] = swap;
    }
    f->piece_count = count;
}

static void plain_read(struct finder *f)
{
    memset(f->plain_count, 0, sizeof f->plain_count);
    f->plain[0][0] = (struct plain_node){f->stop, 0, 0, 0};
    f->plain_count[0] = 1;
    for (int at = 0; at < f->count; at++) {
        uint32_t node = LANGUAGE_ROOT;
        for (int k = 1; node != LANGUAGE_NO_NODE && at + k <= f->count; k++) {
            uint32_t word = 0;
            node = language_step(f->language, node, f->tokens[at + k - 1].code, &word);
            if (word != 0 || k == 1) {
                plain_add(f, at, k, word);
            }
        }
    }
    plain_path(f);
}

/* --- as it may have been meant --- */

/* Figures in characters are not guessed at: every one of them is as good as another. */
static bool is_figure(uint32_t code)
{
    switch (code) {
    case 0x3007:
    case 0x4E00:
    case 0x4E01:
    case 0x4E03:
    case 0x4E07:
    case 0x4E09:
    case 0x4E19:
    case 0x4E24:
    case 0x4E59:
    case 0x4E5D:
    case 0x4E8C:
    case 0x4E94:
    case 0x516B:
    case 0x516D:
    case 0x5341:
    case 0x5343:
    case 0x56DB:
    case 0x7532:
    case 0x767E: return true;
    default: return false;
    }
}

static bool figures_touched(const struct finder *f, uint32_t word)
{
    size_t count = 0;
    const uint16_t *codes = language_codes(f->language, word, &count);
    for (size_t i = 0; i < count; i++) {
        bool same =
            count == (size_t)f->edge_length && codes[i] == f->tokens[f->edge_at + (int)i].code;
        if (!same && is_figure(codes[i])) {
            return true;
        }
    }
    for (int i = 0; i < f->edge_length; i++) {
        uint32_t code = f->tokens[f->edge_at + i].code;
        bool same = count == (size_t)f->edge_length && codes[i] == code;
        if (!same && is_figure(code)) {
            return true;
        }
    }
    return false;
}

static int edge_rank(const struct finder *f, const struct edge *edge)
{
    return edge->price + language_cost(f->language, edge->word) / 2;
}

static int edge_worst(const struct finder *f)
{
    int worst = 0;
    for (int i = 1; i < f->edge_count; i++) {
        worst = f->edges[i].rank > f->edges[worst].rank ? i : worst;
    }
    return worst;
}

/* Of more than EDGES_MAX the best are kept. */
static void edge_add(struct finder *f, struct edge edge)
{
    edge.rank = edge_rank(f, &edge);
    if (f->edge_count < EDGES_MAX) {
        f->edges[f->edge_count++] = edge;
    } else {
        int worst = edge_worst(f);
        if (f->edges[worst].rank > edge.rank && f->edges[worst].edit != AS_IS) {
            f->edges[worst] = edge;
        }
    }
}

static int sounded_price(const struct finder *f, uint32_t word, int likeness)
{
    size_t count = 0;
    const uint16_t *codes = language_codes(f->language, word, &count);
    int differ = 0;
    for (size_t i = 0; i < count; i++) {
        differ += codes[i] != f->tokens[f->edge_at + (int)i].code;
    }
    if (differ == 1) {
        return (likeness == LIKE_SOUND ? PRICE_SOUND : PRICE_NEARLY) +
               (f->edge_word ? PRICE_WORD : 0);
    }
    int more = f->edge_word ? 0 : PRICE_NO_WORD; /* who picks from a list picks a word */
    return more + (likeness == LIKE_SOUND ? PRICE_SOUNDS : PRICE_SOUNDS_NEARLY);
}

static void meant_take(void *arg, uint32_t word, enum lookalike how, int likeness)
{
    struct finder *f = arg;
    struct edge edge = {.word = word, .length = (uint8_t)f->edge_length};
    if (figures_touched(f, word)) {
        return;
    }
    switch (how) {
    case SWAPPED:
        edge.price = (likeness == LIKE_SOUND    ? PRICE_SOUND
                      : likeness == LIKE_NEARLY ? PRICE_NEARLY
                      : likeness == LIKE_SHAPE  ? PRICE_SHAPE
                                                : PRICE_OTHER) +
                     (f->edge_word ? PRICE_WORD : 0);
        edge.edit = likeness >= LIKE_SHAPE ? MEANT_OTHER : MEANT_SOUND;
        break;
    case SOUNDED:
        edge.price = sounded_price(f, word, likeness);
        edge.edit = MEANT_SOUND;
        break;
    case SHORT:
        edge.price = PRICE_SHORT + (f->edge_word ? PRICE_WORD_SHORT : 0);
        edge.edit = MEANT_LONGER;
        break;
    }
    edge_add(f, edge);
}

/* Could any slip in the next tokens pay, from the best state of a place? */
static bool may_pay(const struct finder *f, int place, int length, int price)
{
    int cost = f->nodes[place][0].cost + price + 2 * U;
    return cost <= f->plain_at[place + length] && cost <= f->most[place + length];
}

static void edges_make(struct finder *f, int first, int place, int to)
{
    int at = first + place;
    uint32_t codes[LANGUAGE_WORD_CHARACTERS];
    f->edge_count = 0;
    bool letters = true;
    bool longer = true;
    uint32_t node = LANGUAGE_ROOT;
    for (int k = 1; k <= PLAIN_WIDTH && at + k <= to; k++) {
        size_t count = codes_at(f, at, k, codes);
        letters = letters && is_letter(f, at + k - 1);
        uint32_t word = 0;
        node = longer ? language_step(f->language, node, codes[k - 1], &word) : LANGUAGE_NO_NODE;
        if (word != 0 || k == 1) {
            edge_add(f, (struct edge){.word = word, .length = (uint8_t)k, .edit = AS_IS});
        }
        bool near = at + k > f->core_from && at < f->core_to;
        if (near && letters && k >= 2 && k <= MEANT_CHARACTERS &&
            may_pay(f, place, k, PRICE_SOUND)) {
            f->edge_at = at;
            f->edge_length = k;
            f->edge_word = word > LANGUAGE_RARE;
            unsigned kinds = 1U << SOUNDED;
            kinds |= may_pay(f, place, k, SWAPPED_WORTH) ? 1U << SWAPPED : 0;
            kinds |= may_pay(f, place, k, PRICE_SHORT) ? 1U << SHORT : 0;
            kinds = word == LANGUAGE_RARE ? kinds & 1U << SHORT : kinds;
            language_lookalikes(f->language, codes, count, kinds, meant_take, f);
        }
        if (near && letters && k == 2) {
            uint32_t turned[] = {codes[1], codes[0]};
            uint32_t meant = language_word(f->language, turned, 2);
            bool figures = is_figure(codes[0]) || is_figure(codes[1]);
            if (meant > LANGUAGE_RARE && word != LANGUAGE_RARE && !figures &&
                codes[0] != codes[1]) {
                edge_add(f, (struct edge){.word = meant,
                                          .price = PRICE_TURNED + (word != 0 ? PRICE_WORD : 0),
                                          .length = 2,
                                          .edit = MEANT_TURNED});
            }
        }
        longer = node != LANGUAGE_NO_NODE;
        if (!letters && !longer) {
            break;
        }
    }
}

static void node_put(struct finder *f, int place, struct node node)
{
    struct node *nodes = f->nodes[place];
    int worst = 0;
    for (int i = 0; i < f->node_count[place]; i++) {
        if (nodes[i].word == node.word) {
            if (node.cost < nodes[i].cost) {
                nodes[i] = node;
            }
            return;
        }
        worst = nodes[i].cost > nodes[worst].cost ? i : worst;
    }
    if (f->node_count[place] < WIDTH) {
        nodes[f->node_count[place]++] = node;
    } else if (node.cost < nodes[worst].cost) {
        nodes[worst] = node;
    }
}

/* The best BEAM to the front. */
static void nodes_cut(struct finder *f, int place)
{
    struct node *nodes = f->nodes[place];
    int count = f->node_count[place];
    for (int i = 0; i < count && i < BEAM; i++) {
        int best = i;
        for (int k = i + 1; k < count; k++) {
            best = nodes[k].cost < nodes[best].cost ? k : best;
        }
        struct node swap = nodes[i];
        nodes[i] = nodes[best];
        nodes[best] = swap;
    }
    f->node_count[place] = (uint8_t)(count < BEAM ? count : BEAM);
}

/* A character, or the last of two, written twice is taken out more readily. */
static int taken_out_price(const struct finder *f, int at)
{
    const struct token *t = f->tokens;
    bool twice = at > 0 && t[at - 1].code == t[at].code;
    bool next = at + 1 < f->count && t[at + 1].code == t[at].code;
    if (twice || next) {
        return PRICE_DOUBLED;
    }
    uint32_t word = language_word(f->language, &t[at].code, 1);
    bool usual = word > LANGUAGE_RARE && language_cost(f->language, word) < USUAL_COST;
    return PRICE_TAKEN_OUT + (usual ? PRICE_USUAL_OUT : 0);
}

static void place_leave(struct finder *f, int first, int place, int last)
{
    edges_make(f, first, place, last);
    for (int i = 0; i < f->node_count[place]; i++) {
        struct node node = f->nodes[place][i];
        for (int k = 0; k < f->edge_count; k++) {
            const struct edge *edge = &f->edges[k];
            uint8_t edits = (uint8_t)(node.edits + (edge->edit != AS_IS));
            int limit = f->plain_at[place + edge->length];
            if (edits > EDITS_MAX || (edits > 0 && node.cost + edge->price + U > limit)) {
                continue;
            }
            int cost = node.cost + edge->price +
                       (edits > 1 && edge->edit != AS_IS ? PRICE_AGAIN : 0) +
                       language_cost_after(f->language, node.word, edge->word);
            if (edits > 0 && cost > f->most[place + edge->length]) {
                continue;
            }
            node_put(
                f, place + edge->length,
                (struct node){edge->word, cost, (int16_t)place, (int16_t)i, edge->edit, edits});
        }
        uint32_t code = f->tokens[first + place].code;
        if (node.edits < EDITS_MAX && node.cost + PRICE_TAKEN_OUT <= f->plain_at[place + 1] &&
            scan_is_han(code) && !is_figure(code)) {
            node_put(f, place + 1,
                     (struct node){node.word, node.cost + taken_out_price(f, first + place),
                                   (int16_t)place, (int16_t)i, TAKEN_OUT,
                                   (uint8_t)(node.edits + 1)});
        }
    }
}

/* --- saying it --- */

struct step {
    struct node node;
    int from, to; /* tokens */
};

static void word_write(const struct finder *f, struct buf *out, const struct step *step)
{
    if (step->node.edit == TAKEN_OUT) {
        return;
    }
    if (step->node.edit == AS_IS) {
        for (int i = step->from; i < step->to; i++) {
            const struct span *at = &f->tokens[i].at;
            buf_add(out, f->text.p + at->from, at->to - at->from);
        }
        return;
    }
    size_t count = 0;
    const uint16_t *codes = language_codes(f->language, step->node.word, &count);
    for (size_t i = 0; i < count; i++) {
        char utf8[4];
        buf_add(out, utf8, utf8_put(codes[i], utf8));
    }
}

static enum slip_kind kind_of(const struct step *steps, int from, int to)
{
    enum slip_kind kind = SLIP_SOUND;
    for (int i = from; i < to; i++) {
        switch (steps[i].node.edit) {
        case MEANT_OTHER: return SLIP_SHAPE;
        case MEANT_LONGER: kind = SLIP_LEFT_OUT; break;
        case TAKEN_OUT: kind = SLIP_TOO_MANY; break;
        default: break;
        }
    }
    return kind;
}

static void group_say(struct finder *f, const struct step *steps, int from, int to, int gain)
{
    struct buf proposal;
    buf_init(&proposal, f->arena, 1024);
    for (int i = from; i < to; i++) {
        word_write(f, &proposal, &steps[i]);
    }
    struct slip_found slip = {
        .at = span_of(f->tokens[steps[from].from].at.from, f->tokens[steps[to - 1].to - 1].at.to),
        .proposal = buf_done(&proposal),
        .kind = kind_of(steps, from, to),
        .gain = gain};
    f->take(f->arg, &slip);
}

/* Edits that touch are one; one that only takes out is shown with a neighbour. */
static void steps_say(struct finder *f, const struct step *steps, int count, int gain)
{
    int done = 0;
    for (int i = 0; i < count; i++) {
        if (steps[i].node.edit == AS_IS) {
            continue;
        }
        int from = i;
        int to = i + 1;
        while (to < count && steps[to].node.edit != AS_IS) {
            to++;
        }
        bool bare = true;
        for (int k = from; k < to; k++) {
            bare = bare && steps[k].node.edit == TAKEN_OUT;
        }
        if (bare && from > done && is_letter(f, steps[from - 1].from)) {
            from--;
        } else if (bare && to < count) {
            to++;
        }
        if (steps[to - 1].to > steps[from].from) {
            group_say(f, steps, from, to, gain);
        }
        done = to;
        i = to - 1;
    }
}

static void window_say(struct finder *f, int first, int places, int best, int gain)
{
    struct step steps[2 * WINDOW_MAX + 2];
    int count = 0;
    int place = places;
    for (int i = best; place > 0;) {
        struct node node = f->nodes[place][i];
        check(count < 2 * WINDOW_MAX + 2);
        steps[count++] = (struct step){node, first + node.from, first + place};
        place = node.from;
        i = node.before;
    }
    for (int i = 0; i < count / 2; i++) {
        struct step swap = steps[i];
        steps[i] = steps[count - 1 - i];
        steps[count - 1 - i] = swap;
    }
    steps_say(f, steps, count, gain);
}

/* Pieces first_piece to last_piece, the last included. */
static void window_try(struct finder *f, int first_piece, int last_piece)
{
    int first = f->pieces[first_piece].from;
    int last = f->pieces[last_piece].to;
    int places = last - first;
    uint32_t before = first_piece == 0 ? f->stop : f->pieces[first_piece - 1].word;
    bool ends = last_piece + 1 == f->piece_count;
    uint32_t next = ends ? 0 : f->pieces[last_piece + 1].word;
    int plain = ends ? 0 : f->pieces[last_piece + 1].cost;
    if (places > WINDOW_MAX) {
        return;
    }
    int sum = 0;
    for (int i = first_piece; i <= last_piece; i++) {
        int behind = i + 1 < f->piece_count ? f->pieces[i + 1].cost : 0;
        sum += f->pieces[i].cost;
        for (int at = f->pieces[i].from; at < f->pieces[i].to; at++) {
            f->plain_at[at + 1 - first] = sum;
            f->most[at + 1 - first] = sum + behind - GAIN_LEAST;
        }
    }
    plain += sum;
    memset(f->node_count, 0, sizeof f->node_count);
    f->nodes[0][0] = (struct node){.word = before};
    f->node_count[0] = 1;
    for (int place = 0; place < places; place++) {
        nodes_cut(f, place);
        place_leave(f, first, place, last);
    }
    nodes_cut(f, places);
    int best = -1;
    int least = DEAR;
    for (int i = 0; i < f->node_count[places]; i++) {
        const struct node *node = &f->nodes[places][i];
        int cost = node->cost + (ends ? 0 : language_cost_after(f->language, node->word, next));
        if (cost < least) {
            least = cost;
            best = i;
        }
    }
    if (best >= 0 && f->nodes[places][best].edits > 0 && plain - least >= GAIN_LEAST) {
        window_say(f, first, places, best, plain - least);
    }
}

static bool is_dear(const struct finder *f, int i)
{
    const struct piece *piece = &f->pieces[i];
    uint32_t before = i == 0 ? f->stop : f->pieces[i - 1].word;
    int length = piece->to - piece->from;
    int around = i == 0 ? 0 : f->pieces[i - 1].cost;
    if (i + 1 < f->piece_count && f->pieces[i + 1].cost > around) {
        around = f->pieces[i + 1].cost;
    }
    return is_letter(f, piece->from) && piece->cost + around > DEAR_BOTH &&
           !language_follows(f->language, before, piece->word) &&
           piece->cost > (length == 1 ? DEAR_LETTER : DEAR_WORD);
}

static void clauses_check(struct finder *f)
{
    plain_read(f);
    int done = 0; /* pieces that were tried */
    for (int i = 0; i < f->piece_count; i++) {
        if (!is_dear(f, i)) {
            continue;
        }
        int from = i - WINDOW_WORDS > done ? i - WINDOW_WORDS : done;
        f->core_from = f->pieces[i].from - CORE_AROUND;
        int to = i + WINDOW_WORDS < f->piece_count ? i + WINDOW_WORDS : f->piece_count - 1;
        for (int k = i + 1; k <= to && k < f->piece_count; k++) {
            int wider = k + WINDOW_WORDS < f->piece_count ? k + WINDOW_WORDS : f->piece_count - 1;
            bool fits = f->pieces[wider].to - f->pieces[from].from <= WINDOW_MAX;
            if (is_dear(f, k) && fits) {
                to = wider;
                i = k;
            }
        }
        f->core_to = f->pieces[i].to + CORE_AROUND;
        window_try(f, from, to);
        done = to + 1;
        i = to > i ? to : i;
    }
}

static void twice_say(struct finder *f, const struct token *tokens, int at, int length)
{
    size_t from = tokens[at].at.from;
    size_t half = tokens[at + length - 1].at.to;
    struct slip_found slip = {.at = span_of(from, tokens[at + 2 * length - 1].at.to),
                              .proposal = str_slice(f->arena, f->text, from, half),
                              .kind = SLIP_TOO_MANY,
                              .gain = PRICE_DOUBLED};
    f->take(f->arg, &slip);
}

/* Does a word of two characters or more end, begin at a token? */
static bool word_ends(const struct finder *f, const struct token *tokens, int at)
{
    uint32_t codes[LANGUAGE_WORD_CHARACTERS];
    for (int length = 2; length <= 4 && at + 1 >= length; length++) {
        for (int i = 0; i < length; i++) {
            codes[i] = tokens[at + 1 - length + i].code;
        }
        if (language_word(f->language, codes, (size_t)length) != 0) {
            return true;
        }
    }
    return false;
}

static bool word_begins(const struct finder *f, const struct token *tokens, int count, int at)
{
    uint32_t node = LANGUAGE_ROOT;
    for (int to = at; to < count && node != LANGUAGE_NO_NODE; to++) {
        uint32_t word = 0;
        node = language_step(f->language, node, tokens[to].code, &word);
        if (word != 0 && to > at) {
            return true;
        }
    }
    return false;
}

/* 某县县长, 苏州市市区: one rank ends a name, the other begins a word. */
static bool is_rank(uint32_t code)
{
    switch (code) {
    case 0x7701: /* 省 */
    case 0x5E02: /* 市 */
    case 0x53BF: /* 县 */
    case 0x533A: /* 区 */
    case 0x4E61: /* 乡 */
    case 0x9547: /* 镇 */
    case 0x6751: /* 村 */ return true;
    default: return false;
    }
}

/* 研究研究, 商量商量: what people say of trying, as statements report it. */
static bool is_tried_twice(const struct finder *f, const struct token *tokens, int at)
{
    static const char *const verbs[] = {"研究", "商量", "考虑", "讨论", "了解", "打听", "沟通",
                                        "协商", "核实", "休息", "意思", "合计", NULL};
    size_t length = 0;
    return scan_at_any(f->text, tokens[at].at.from, verbs, &length);
}

/* 费费, of which one is in no word; the same word twice, 劳动劳动. */
static bool twice_check(struct finder *f, const struct token *tokens, int from, int to, int count)
{
    for (int at = from; at + 1 < to; at++) {
        uint32_t a = tokens[at].code;
        uint32_t b = tokens[at + 1].code;
        if (!scan_is_han(a) || !scan_is_han(b) || is_figure(a)) {
            continue;
        }
        if (a == b && !is_rank(a) && !language_beside(f->language, a, a) &&
            !(word_ends(f, tokens, at) && word_begins(f, tokens, count, at + 1))) {
            twice_say(f, tokens, at, 1);
            return true;
        }
        uint32_t word[] = {a, b};
        bool again = at + 3 < to && tokens[at + 2].code == a && tokens[at + 3].code == b;
        if (again && a != b && !is_figure(b) &&
            language_word(f->language, word, 2) > LANGUAGE_RARE &&
            !language_beside(f->language, b, a) && !is_tried_twice(f, tokens, at)) {
            twice_say(f, tokens, at, 2);
            return true;
        }
    }
    return false;
}

/* Is there anything in a clause that nobody writes side by side? */
static bool is_odd(const struct finder *f, const struct token *tokens, int from, int to)
{
    for (int i = from + 1; i < to; i++) {
        if (scan_is_han(tokens[i].code) && scan_is_han(tokens[i - 1].code) &&
            !language_beside(f->language, tokens[i - 1].code, tokens[i].code)) {
            return true;
        }
    }
    return false;
}

static int clause_end(const struct token *tokens, int count, int from)
{
    while (from < count && tokens[from].code != MARK_COMMA) {
        from++;
    }
    return from < count ? from + 1 : count;
}

/* Clauses that are odd, each with those odd ones that follow it. */
static void run_check(struct finder *f, const struct token *tokens, int count)
{
    for (int from = 0; from < count;) {
        int to = clause_end(tokens, count, from);
        bool odd = is_odd(f, tokens, from, to);
        for (int next = 0; odd && to < count; to = next) {
            next = clause_end(tokens, count, to);
            if (!is_odd(f, tokens, to, next)) {
                break;
            }
        }
        if (odd && to - from > 1 && !twice_check(f, tokens, from, to, count)) {
            f->tokens = tokens + from;
            f->count = to - from;
            clauses_check(f);
        }
        from = to;
    }
}

/* --- */

void slips_find(struct arena *arena, const struct language *language, Str text, struct span in,
                const struct span *names, uint32_t name_count, slip_take_fn *take, void *arg)
{
    static const uint32_t stop[] = {0x3002};
    struct finder *f = arena_new(arena, struct finder);
    *f = (struct finder){
        .arena = arena, .language = language, .text = text, .take = take, .arg = arg};
    f->stop = language_word(language, stop, 1);
    if (f->stop == 0) {
        return; /* no language was loaded */
    }
    struct run_reader reader = {.text = text, .in = in, .names = names, .name_count = name_count};
    struct token tokens[RUN_MAX];
    for (int count = 0; (count = run_next(&reader, tokens)) > 0;) {
        run_check(f, tokens, count);
    }
}
