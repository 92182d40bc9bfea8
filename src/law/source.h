/* law/source.h - the texts that rules come from, by id, version and article.
 *
 * A reference is "ID@YEAR ARTICLE", as in "civil-procedure-law@2023 126": never a bare number,
 * because amendments renumber and interpretations go on citing the old numbers.
 * (1) The constants below are the part before the blank; SOURCE(...) joins an article to one.
 * (2) "platform" references are designs of ours; they are never shown as law.
 */
#ifndef LAW_SOURCE_H
#define LAW_SOURCE_H

#include "base/text.h"

#define LAW_CIVIL_PROCEDURE      "civil-procedure-law@2023"
#define LAW_CIVIL_CODE           "civil-code@2020"
#define LAW_CIVIL_INTERPRETATION "civil-procedure-interpretation@2022"
#define LAW_EVIDENCE             "civil-evidence-provisions@2019"
#define LAW_FEES                 "litigation-fee-measures@2007"
#define LAW_FORMS                "element-forms-notice@2025"
#define LAW_HOLIDAYS             "holiday-measures@2024"
#define LAW_CASE_NUMBERS         "case-number-rules@2018"
#define LAW_LENDING              "private-lending-rules@2020"
#define LAW_LENDING_OLD          "private-lending-rules@2015"
#define LAW_DELAY                "delayed-performance-interest@2014"
#define LAW_LEVEL                "jurisdiction-level-notice@2021"
#define LAW_LEVEL_HIGH           "jurisdiction-level-notice@2019"
#define LAW_FOREIGN              "foreign-jurisdiction-rules@2022"
#define LAW_LABOUR               "labour-dispute-rules@2020"
#define LAW_CONSTRUCTION         "construction-contract-interpretation@2020"
#define LAW_MISSTATEMENT         "misstatement-rules@2022"
#define LAW_SECURITIES           "securities-law@2019"
#define LAW_INSURANCE            "insurance-law@2015"
#define LAW_ADMINISTRATIVE       "administrative-litigation-law@2017"
#define LAW_COMPENSATION         "state-compensation-law@2012"
#define LAW_CRIMINAL_PROCEDURE   "criminal-procedure-law@2018"
#define LAW_SIGNATURES           "electronic-signature-law@2019"
#define LAW_LABOUR_CONTRACT      "labour-contract-law@2012"
#define LAW_LABOUR_REGULATION    "labour-contract-regulation@2008"
#define LAW_LABOUR_LAW           "labour-law@2018"
#define LAW_ANNUAL_LEAVE         "annual-leave-measures@2008"
#define LAW_WAGE_CONVERSION      "wage-conversion-notice@2025"
#define LAW_CONTRACT             "contract-interpretation@2023"
#define LAW_FAMILY               "family-interpretation@2020"
#define LAW_INJURY               "personal-injury-interpretation@2022"
#define LAW_MENTAL               "mental-damages-interpretation@2020"
#define LAW_ROAD_TRAFFIC         "road-traffic-safety-law@2021"
#define LAW_ACCIDENTS            "traffic-accident-interpretation@2020"
#define LAW_COMPULSORY           "compulsory-insurance-regulation@2019"
#define LAW_PLATFORM             "platform@2026"

#define SOURCE(law, article) law " " article

/* "《中华人民共和国民事诉讼法》第126条", for people; "本平台规则" for our own; the reference itself
 * when it is unknown; "" for "". */
Str source_title(struct arena *arena, Str reference);
/* Whether the reference is a design of ours and must not be called law. */
bool source_is_ours(Str reference);

#endif
