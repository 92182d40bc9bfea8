#include "procedure/rules.h"

/* Filled once before anything else runs; see rules_all(). */
#include "base/check.h"

enum { RULES_MAX = 256 };

static const struct rule *all[RULES_MAX + 1];

const struct rule *const *rules_all(void)
{
    static const struct rule *const *const lists[] = {
        rules_civil_first_instance_filing,
        rules_civil_first_instance,
        rules_answer,
        rules_hearing,
        rules_docketing,
        rules_filing_time,
        rules_amendment,
        rules_evidence,
        rules_cross_domain,
        rules_cross_domain_filing,
        rules_cross_domain_service,
        rules_enforcement,
        rules_enforcement_review,
        rules_enforcement_request,
        rules_circular,
        rules_feedback,
        rules_signature,
        rules_drill,
    };
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (const struct rule *const *rule = lists[i]; *rule != NULL; rule++) {
            check(count < RULES_MAX);
            all[count++] = *rule;
        }
    }
    all[count] = NULL;
    return all;
}
