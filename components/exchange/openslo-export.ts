import { DEFAULT_UNIT, type Service, slosOf } from "../service/model.ts";
import { DEFAULT_MINIMUM_ERRORS, type Slo } from "../slo/model.ts";
import type { Period } from "../slo/windows.ts";
import { generatedDescription } from "./drafts.ts";
import { type Exported, exportLedger, loseExamples, losePaging, placeOfSlo } from "./exports.ts";
import { writeIndicator } from "./indicator.ts";
import { ANNOTATIONS } from "./openslo-annotations.ts";
import { OPENSLO_VERSION } from "./openslo-file.ts";

/** A service as objects of OpenSLO, as it is in an environment or where it says nothing else. */
export function writeOpenSlo(service: Service, environment?: string): Exported {
  const ledger = exportLedger(service, environment);
  ledger.carried(["namespace"], ["tier"], ["description"]);
  const object = {
    apiVersion: OPENSLO_VERSION,
    kind: "Service",
    metadata: {
      name: service.name,
      labels: { team: service.owner },
      annotations: { [ANNOTATIONS.namespace]: service.namespace, [ANNOTATIONS.tier]: service.tier },
    },
    spec:
      service.description === generatedDescription(service.name, "OpenSLO")
        ? {}
        : { description: service.description },
  };
  const slos = slosOf(service, environment).map((slo) => {
    const place = placeOfSlo(service, slo.name, environment);
    loseExamples(service, place, environment, ledger);
    losePaging(place, slo, service, ledger);
    return sloForOpenSlo(slo, place.includes("custom"));
  });
  return { documents: [object, ...slos], losses: ledger.losses() };
}

/** Of the first of what month does not matter: every month begins on one. */
function timeWindowOf(period: Period) {
  return period === "month"
    ? { duration: "1M", isRolling: false, calendar: { startTime: "2026-01-01 00:00:00", timeZone: "UTC" } }
    : { duration: period, isRolling: true };
}

function sloForOpenSlo({ service, name, objective, period, minimumErrors, signal }: Slo, isCustom: boolean) {
  const annotations = {
    ...(minimumErrors !== DEFAULT_MINIMUM_ERRORS && { [ANNOTATIONS.minimumErrors]: String(minimumErrors) }),
    ...((signal.unit !== DEFAULT_UNIT || !isCustom) && { [ANNOTATIONS.unit]: signal.unit }),
  };
  return {
    apiVersion: OPENSLO_VERSION,
    kind: "SLO",
    metadata: { name, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: {
      ...(signal.description && { description: signal.description }),
      service,
      indicator: { metadata: { name }, spec: writeIndicator(signal) },
      timeWindow: [timeWindowOf(period)],
      budgetingMethod: "Occurrences",
      objectives: [{ targetPercent: Number(objective) }],
    },
  };
}
