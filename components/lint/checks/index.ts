import type { Check } from "../check.ts";
import { absentDuration } from "./absent-duration.ts";
import { alertCondition } from "./alert-condition.ts";
import { alertMetadata } from "./alert-metadata.ts";
import { conflictingRule } from "./conflicting-rule.ts";
import { counterRate } from "./counter-rate.ts";
import { duplicateRule } from "./duplicate-rule.ts";
import { guardedDivision } from "./guarded-division.ts";
import { rateOfSum } from "./rate-of-sum.ts";
import { rateWindow } from "./rate-window.ts";
import { reachableThreshold } from "./reachable-threshold.ts";
import { recordOrder } from "./record-order.ts";
import { regexMatcher } from "./regex-matcher.ts";
import { retention } from "./retention.ts";
import { routingLabels } from "./routing-labels.ts";
import { scrapeSource } from "./scrape-source.ts";
import { templateLabels } from "./template-labels.ts";

/** Every check, in the order in which reports list them: first what silences an alert, then what confuses its reader. */
export const CHECKS: readonly Check[] = [
  scrapeSource,
  reachableThreshold,
  alertCondition,
  rateWindow,
  counterRate,
  rateOfSum,
  guardedDivision,
  retention,
  recordOrder,
  duplicateRule,
  conflictingRule,
  absentDuration,
  templateLabels,
  routingLabels,
  alertMetadata,
  regexMatcher,
];
