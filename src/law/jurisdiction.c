#include "law/jurisdiction.h"

#include "law/source.h"
#include "law/working.h"

#define YI  (INT64_C(100000000) * 100) /* 100 million yuan */
#define WAN (INT64_C(10000) * 100)

/* --- what a cause asks for --- */

enum { EXCLUSIVE = 1, ALONE = 2 };

struct place_rule {
    const char *cause; /* name of the cause or of any above it */
    enum jurisdiction_place place;
    int kind; /* EXCLUSIVE, ALONE (no defendant's domicile), or 0: besides it */
    const char *id;
    const char *law;
    const char *reason;
};

#define IMMOVABLE(cause)                                                                  \
    {                                                                                     \
        cause, PLACE_IMMOVABLE, EXCLUSIVE, "exclusive-immovable",                         \
            SOURCE(LAW_CIVIL_PROCEDURE, "34"),                                            \
            "因不动产纠纷提起的诉讼，由不动产所在地法院专属管辖" \
    }
#define LIKE_IMMOVABLE(cause)                                                             \
    {                                                                                     \
        cause, PLACE_IMMOVABLE, EXCLUSIVE, "exclusive-immovable",                         \
            SOURCE(LAW_CIVIL_INTERPRETATION, "28"),                                       \
            "此类合同按照不动产纠纷，由不动产所在地法院专属管辖" \
    }
#define BESIDES(cause, place, id, law, reason) \
    {                                          \
        cause, place, 0, id, law, reason       \
    }

/* The first exclusive match decides; of the others all that match count. */
static const struct place_rule RULES[] = {
    IMMOVABLE("相邻关系纠纷"),
    IMMOVABLE("建筑物区分所有权纠纷"),
    IMMOVABLE("土地承包经营权纠纷"),
    IMMOVABLE("土地经营权纠纷"),
    IMMOVABLE("建设用地使用权纠纷"),
    IMMOVABLE("宅基地使用权纠纷"),
    IMMOVABLE("居住权纠纷"),
    IMMOVABLE("地役权纠纷"),
    LIKE_IMMOVABLE("土地承包经营权合同纠纷"),
    LIKE_IMMOVABLE("房屋租赁合同纠纷"),
    LIKE_IMMOVABLE("建设工程施工合同纠纷"),
    LIKE_IMMOVABLE("建设工程价款优先受偿权纠纷"),
    LIKE_IMMOVABLE("建设工程分包合同纠纷"),
    LIKE_IMMOVABLE("经济适用房转让合同纠纷"),
    {"继承纠纷", PLACE_ESTATE, EXCLUSIVE, "exclusive-inheritance",
     SOURCE(LAW_CIVIL_PROCEDURE, "34"),
     "因继承遗产纠纷提起的诉讼，由被继承人死亡时住所地或者主要遗产所在地法院专属管辖"},
    {"与公司有关的纠纷", PLACE_COMPANY, ALONE, "company", SOURCE(LAW_CIVIL_PROCEDURE, "27"),
     "与公司有关的诉讼，由公司住所地法院管辖"},
    BESIDES("保险纠纷", PLACE_INSURED, "insurance", SOURCE(LAW_CIVIL_PROCEDURE, "25"),
            "保险标的物所在地法院也有管辖权"),
    BESIDES("票据纠纷", PLACE_PAYMENT, "bill", SOURCE(LAW_CIVIL_PROCEDURE, "26"),
            "票据支付地法院也有管辖权"),
    BESIDES("运输合同纠纷", PLACE_ORIGIN, "transport", SOURCE(LAW_CIVIL_PROCEDURE, "28"),
            "运输始发地法院也有管辖权"),
    BESIDES("运输合同纠纷", PLACE_DESTINATION, "transport", SOURCE(LAW_CIVIL_PROCEDURE, "28"),
            "运输目的地法院也有管辖权"),
    BESIDES("机动车交通事故责任纠纷", PLACE_ACCIDENT, "accident", SOURCE(LAW_CIVIL_PROCEDURE, "30"),
            "事故发生地法院也有管辖权"),
    BESIDES("非机动车交通事故责任纠纷", PLACE_ACCIDENT, "accident",
            SOURCE(LAW_CIVIL_PROCEDURE, "30"), "事故发生地法院也有管辖权"),
    BESIDES("信息网络买卖合同纠纷", PLACE_RECEIPT, "online-sale",
            SOURCE(LAW_CIVIL_INTERPRETATION, "20"), "网络买卖以收货地为合同履行地"),
    BESIDES("租赁合同纠纷", PLACE_USE, "lease", SOURCE(LAW_CIVIL_INTERPRETATION, "19"),
            "租赁合同以租赁物使用地为合同履行地"),
    BESIDES("融资租赁合同纠纷", PLACE_USE, "lease", SOURCE(LAW_CIVIL_INTERPRETATION, "19"),
            "融资租赁合同以租赁物使用地为合同履行地"),
    BESIDES("产品责任纠纷", PLACE_TORT, "product", SOURCE(LAW_CIVIL_INTERPRETATION, "26"),
            "产品制造地、销售地、侵权行为地法院也有管辖权"),
    BESIDES("侵权责任纠纷", PLACE_TORT, "tort", SOURCE(LAW_CIVIL_PROCEDURE, "29"),
            "侵权行为地法院也有管辖权"),
    BESIDES("人格权纠纷", PLACE_TORT, "tort", SOURCE(LAW_CIVIL_PROCEDURE, "29"),
            "侵权行为地法院也有管辖权"),
    BESIDES("合同纠纷", PLACE_PERFORMANCE, "contract", SOURCE(LAW_CIVIL_PROCEDURE, "24"),
            "合同履行地法院也有管辖权"),
    BESIDES("劳动争议", PLACE_PERFORMANCE, "labour", SOURCE(LAW_LABOUR, "3"),
            "劳动合同履行地法院也有管辖权"),
};

enum { RULE_COUNT = sizeof RULES / sizeof RULES[0] };

static const char *const PLACE_TITLES[PLACE_COUNT] = {
    "不动产所在地", "被继承人死亡时住所地或者主要遗产所在地",
    "合同履行地",   "租赁物使用地",
    "收货地",       "侵权行为地",
    "事故发生地",   "保险标的物所在地",
    "票据支付地",   "公司住所地",
    "运输始发地",   "运输目的地",
};

static const struct cause *cause_above(const struct law_tables *tables, const struct cause *cause)
{
    return cause->parent < 0 ? NULL : &tables->causes[cause->parent];
}

/* Whether the cause, or one above it, bears the name. */
static bool cause_is(const struct law_tables *tables, const struct cause *cause, const char *name)
{
    for (; cause != NULL; cause = cause_above(tables, cause)) {
        if (str_is(cause->name, name)) {
            return true;
        }
    }
    return false;
}

/* --- level --- */

/* 京津沪苏浙闽鲁粤渝 */
static bool is_busy_abroad(Str province)
{
    static const char *const CODES[] = {"11", "12", "31", "32", "33", "35", "37", "44", "50"};
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++) {
        if (str_is(province, CODES[i])) {
            return true;
        }
    }
    return false;
}

enum court_level jurisdiction_level(Money amount, bool crossing, bool foreign, Str province)
{
    if (amount >= 50 * YI) {
        return COURT_HIGH;
    }
    Money from = foreign ? (is_busy_abroad(province) ? 4000 * WAN : 2000 * WAN)
                         : (crossing ? 1 * YI : 5 * YI);
    return amount >= from ? COURT_INTERMEDIATE : COURT_BASIC;
}

/* --- the search --- */

struct search {
    struct arena *arena;
    const struct law_tables *tables;
    const struct jurisdiction_ask *ask;
    const struct cause *cause; /* NULL when not known */
    struct jurisdiction_answer *out;
    struct working working;
    bool level_told;
};

static Str province_of(struct arena *arena, Str division)
{
    return division.n < 2 ? STR("") : str_slice(arena, division, 0, 2);
}

/* How many of the parties live in the province; parties without a place are not counted. */
static int living_in(const Str *divisions, int count, Str province, int *known)
{
    int inside = 0;
    for (int i = 0; i < count; i++) {
        if (divisions[i].n >= 2) {
            ++*known;
            inside += str_starts(divisions[i], province.p);
        }
    }
    return inside;
}

static enum court_level level_in(struct search *s, Str division)
{
    const struct jurisdiction_ask *ask = s->ask;
    if (!ask->has_amount || cause_is(s->tables, s->cause, "知识产权与竞争纠纷")) {
        return COURT_BASIC;
    }
    Str province = province_of(s->arena, division);
    int known = 0;
    int inside = living_in(ask->plaintiffs, ask->plaintiff_count, province, &known);
    inside += living_in(ask->defendants, ask->defendant_count, province, &known);
    bool crossing = inside > 0 && inside < known;
    enum court_level level = jurisdiction_level(ask->amount, crossing, ask->foreign, province);
    if (!s->level_told) {
        s->level_told = true;
        const char *rule =
            arena_printf(s->arena, "%s，标的额%s元，第一审由%s人民法院管辖",
                         ask->foreign ? "涉外案件"
                                      : (crossing ? "一方当事人住所地不在本省"
                                                  : "当事人住所地均在或者均不在本省"),
                         money_format(s->arena, ask->amount).p, court_level_name(level));
        working_add(&s->working, rule,
                    ask->foreign          ? SOURCE(LAW_FOREIGN, "2")
                    : level == COURT_HIGH ? LAW_LEVEL_HIGH
                    : crossing            ? SOURCE(LAW_LEVEL, "2")
                                          : SOURCE(LAW_LEVEL, "1"));
    }
    return level;
}

/* The court of a level for a place: up from its basic court, because the intermediate courts of
 * municipalities stand behind no division of their own. */
static const struct court *court_for(const struct law_tables *tables, Str division,
                                     enum court_level level)
{
    const struct court *court = court_of_division(tables, division, COURT_BASIC);
    while (court != NULL && court->level != level) {
        court = court_parent(tables, court);
    }
    return court != NULL ? court : court_of_division(tables, division, level);
}

static void add_candidate(struct search *s, const struct court *court, Str division,
                          const char *rule, const char *law, const char *reason)
{
    struct jurisdiction_answer *out = s->out;
    working_text(&s->working, reason, law, court->name);
    for (int i = 0; i < out->count; i++) {
        if (out->candidates[i].court == court) {
            return;
        }
    }
    if (out->count < JURISDICTION_CANDIDATES_MAX) {
        out->candidates[out->count++] =
            (struct jurisdiction_candidate){court, rule, law, reason, division};
    }
}

static void add_place(struct search *s, Str division, const char *rule, const char *law,
                      const char *reason)
{
    if (division.n == 0) {
        return;
    }
    const struct court *court = court_for(s->tables, division, level_in(s, division));
    if (court == NULL) {
        working_text(&s->working, "该地没有查到对应的法院，请补充到区、县", law, division);
        return;
    }
    add_candidate(s, court, division, rule, law, reason);
}

static bool immovable_by_place(const struct search *s)
{
    return s->ask->places[PLACE_IMMOVABLE].n > 0 && cause_is(s->tables, s->cause, "物权纠纷");
}

/* true when an exclusive or sole rule applies. */
static bool find_alone(struct search *s)
{
    for (int i = 0; i < RULE_COUNT; i++) {
        const struct place_rule *rule = &RULES[i];
        if (rule->kind == 0 || !cause_is(s->tables, s->cause, rule->cause)) {
            continue;
        }
        s->out->exclusive = rule->kind == EXCLUSIVE;
        if (s->ask->places[rule->place].n == 0) {
            working_text(&s->working, rule->reason, rule->law,
                         str_printf(s->arena, "请补充%s", PLACE_TITLES[rule->place]));
        }
        add_place(s, s->ask->places[rule->place], rule->id, rule->law, rule->reason);
        return true;
    }
    if (immovable_by_place(s)) {
        s->out->exclusive = true;
        add_place(s, s->ask->places[PLACE_IMMOVABLE], "exclusive-immovable",
                  SOURCE(LAW_CIVIL_PROCEDURE, "34"),
                  "因不动产纠纷提起的诉讼，由不动产所在地法院专属管辖");
        return true;
    }
    return false;
}

static void find_agreed(struct search *s)
{
    const struct court *court = court_by_code(s->tables, s->ask->agreed);
    if (s->ask->agreed.n == 0) {
        return;
    }
    if (court == NULL) {
        working_text(&s->working, "约定的法院不在名录中", SOURCE(LAW_CIVIL_PROCEDURE, "35"),
                     s->ask->agreed);
        return;
    }
    add_candidate(s, court, court->division, "agreed", SOURCE(LAW_CIVIL_PROCEDURE, "35"),
                  "书面约定的法院；应与争议有实际联系，并且不违反级别管辖和专属管辖");
}

static void find_besides(struct search *s)
{
    for (int i = 0; i < RULE_COUNT; i++) {
        const struct place_rule *rule = &RULES[i];
        if (rule->kind != 0 || !cause_is(s->tables, s->cause, rule->cause)) {
            continue;
        }
        Str place = s->ask->places[rule->place];
        if (rule->place == PLACE_PERFORMANCE && place.n == 0 && s->ask->money_claim) {
            for (int p = 0; p < s->ask->plaintiff_count; p++) {
                add_place(s, s->ask->plaintiffs[p], rule->id,
                          SOURCE(LAW_CIVIL_INTERPRETATION, "18"),
                          "没有约定履行地且争议标的为给付货币的，接收货币一方所在地为合同履行地");
            }
        } else if (place.n == 0) {
            working_text(&s->working, rule->reason, rule->law,
                         str_printf(s->arena, "没有填写%s，无法列出", PLACE_TITLES[rule->place]));
        }
        add_place(s, place, rule->id, rule->law, rule->reason);
    }
}

static void find_at_plaintiff(struct search *s)
{
    bool support = cause_is(s->tables, s->cause, "赡养纠纷") ||
                   cause_is(s->tables, s->cause, "扶养纠纷") ||
                   cause_is(s->tables, s->cause, "抚养纠纷");
    bool several = support && s->ask->defendant_count > 1;
    if (!s->ask->plaintiff_place && !several) {
        return;
    }
    const char *law = several ? SOURCE(LAW_CIVIL_INTERPRETATION, "9")
                      : cause_is(s->tables, s->cause, "离婚纠纷")
                          ? SOURCE(LAW_CIVIL_INTERPRETATION, "12")
                          : SOURCE(LAW_CIVIL_PROCEDURE, "23");
    for (int i = 0; i < s->ask->plaintiff_count; i++) {
        add_place(s, s->ask->plaintiffs[i], "plaintiff", law, "依照规定可以由原告住所地法院管辖");
    }
}

void jurisdiction_find(struct arena *arena, const struct law_tables *tables,
                       const struct jurisdiction_ask *ask, struct jurisdiction_answer *out)
{
    struct search s = {.arena = arena, .tables = tables, .ask = ask, .out = out};
    *out = (struct jurisdiction_answer){.count = 0};
    working_begin(&s.working, arena);
    s.cause = ask->cause.n == 0 ? NULL : cause_find(tables, ask->cause);
    if (cause_is(tables, s.cause, "海事海商纠纷")) {
        working_add(&s.working, "海事海商纠纷由海事法院专门管辖，请选择对应的海事法院", "");
    } else if (!find_alone(&s)) {
        find_agreed(&s);
        for (int i = 0; i < ask->defendant_count; i++) {
            add_place(&s, ask->defendants[i], "general", SOURCE(LAW_CIVIL_PROCEDURE, "22"),
                      "被告住所地法院有管辖权");
        }
        find_besides(&s);
        find_at_plaintiff(&s);
    }
    if (cause_is(tables, s.cause, "知识产权与竞争纠纷")) {
        working_add(&s.working, "知识产权案件的级别和集中管辖另有规定，请核对", "");
    }
    working_tables(&s.working, tables);
    out->working = s.working.lines;
}

enum jurisdiction_fit jurisdiction_fits(const struct law_tables *tables,
                                        const struct jurisdiction_answer *answer, Str court)
{
    const struct court *asked = court_by_code(tables, court);
    if (asked != NULL && asked->level == COURT_TRIBUNAL) {
        asked = court_parent(tables, asked);
    }
    if (asked == NULL || answer->count == 0) {
        return FIT_UNKNOWN;
    }
    for (int i = 0; i < answer->count; i++) {
        if (answer->candidates[i].court == asked) {
            return FIT_YES;
        }
    }
    return asked->kind == COURT_GENERAL ? FIT_NO : FIT_UNKNOWN;
}

struct value *jurisdiction_value(struct arena *arena, const struct jurisdiction_answer *answer)
{
    struct value *value = value_map(arena);
    struct value *courts = value_list(arena);
    for (int i = 0; i < answer->count; i++) {
        const struct jurisdiction_candidate *c = &answer->candidates[i];
        struct value *row = value_map(arena);
        value_set_str(arena, row, "code", c->court->code);
        value_set_str(arena, row, "name", c->court->name);
        value_set_text(arena, row, "level", court_level_name(c->court->level));
        value_set_text(arena, row, "rule", c->rule);
        value_set_text(arena, row, "law", c->law);
        value_set_text(arena, row, "reason", c->reason);
        value_add(arena, courts, row);
    }
    value_set(arena, value, "courts", courts);
    value_set_bool(arena, value, "exclusive", answer->exclusive);
    value_set(arena, value, "working", answer->working);
    return value;
}
