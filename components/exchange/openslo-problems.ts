import { joinPath, type Problem, shown } from "../core/problems.ts";
import type { Catalogue, Entry } from "./catalogue.ts";
import type { IndicatorSpec } from "./openslo-file.ts";

/** What the specification demands and no shape can say. */
export function sloProblems({ object, ledger }: Entry<"SLO">, catalogue: Catalogue): readonly Problem[] {
  const spec = joinPath(ledger.root, ["spec"]);
  const { indicator, indicatorRef, objectives } = object.spec;
  const isComposite = objectives.some((each) => each.indicator ?? each.indicatorRef);
  const given = [indicator, indicatorRef].filter((each) => each !== undefined).length;
  const sli = catalogue.of("SLI").map(({ object: { metadata } }) => metadata.name);
  return [
    ...(given === 1 || (given === 0 && isComposite)
      ? []
      : [
          {
            path: spec,
            found: given === 0 ? "no indicator" : "both indicator and indicatorRef",
            allowed: "either indicator or indicatorRef",
            fix: given === 0 ? "add one of them" : "keep one of them",
          },
        ]),
    ...(indicatorRef === undefined || sli.includes(indicatorRef)
      ? []
      : [
          {
            path: joinPath(spec, ["indicatorRef"]),
            found: shown(indicatorRef),
            allowed: sli.length > 0 ? `one of the SLIs ${sli.join(", ")}` : "an SLI; none is given",
            fix: "correct the name, or give the file of the SLI as well",
          },
        ]),
    ...objectives.flatMap(({ target, targetPercent }, index) =>
      (target === undefined) === (targetPercent === undefined)
        ? [
            {
              path: joinPath(spec, ["objectives", index]),
              found:
                target === undefined ? "neither target nor targetPercent" : "both target and targetPercent",
              allowed: "either target or targetPercent",
              fix: target === undefined ? "add one of them" : "keep one of them",
            },
          ]
        : [],
    ),
    ...indicatorProblems(indicator?.spec, joinPath(spec, ["indicator", "spec"])),
    ...catalogue
      .of("SLI")
      .filter((entry) => entry.object.metadata.name === indicatorRef)
      .flatMap((entry) => indicatorProblems(entry.object.spec, joinPath(entry.ledger.root, ["spec"]))),
  ];
}

function indicatorProblems(spec: IndicatorSpec | undefined, path: string): readonly Problem[] {
  if (spec === undefined) return [];
  const { ratioMetric, thresholdMetric } = spec;
  const wrong = (at: string, found: string, allowed: string): readonly Problem[] => [
    { path: at, found, allowed, fix: "change it to what is allowed" },
  ];
  if ((ratioMetric === undefined) === (thresholdMetric === undefined))
    return wrong(
      path,
      ratioMetric === undefined
        ? "neither ratioMetric nor thresholdMetric"
        : "both ratioMetric and thresholdMetric",
      "either ratioMetric or thresholdMetric",
    );
  if (ratioMetric === undefined) return [];
  const parts = (["good", "bad", "total", "raw"] as const).filter((part) => ratioMetric[part] !== undefined);
  if (["good total", "bad total"].includes(parts.join(" "))) return [];
  const at = joinPath(path, ["ratioMetric"]);
  if (parts.join(" ") === "raw")
    return ratioMetric.rawType === undefined
      ? wrong(joinPath(at, ["rawType"]), "nothing", "one of success, failure")
      : [];
  return wrong(at, parts.join(", ") || "no metric", "good and total, or bad and total, or raw");
}
