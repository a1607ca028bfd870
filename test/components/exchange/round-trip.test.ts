import { describe, expect, it } from "vitest";
import { Document, parseAllDocuments, stringify } from "yaml";
import { joinPath } from "../../../components/core/problems.ts";
import { exportService, FORMATS, type Loss } from "../../../components/exchange/model.ts";
import { defineService } from "../../../components/service/model.ts";
import { OPENSLO, SLOTH } from "./expectations.ts";
import { ALL_FILES, filesOf, imported } from "./files.ts";
import { normalisedFile, WHOLE } from "./normalised.ts";

const EXPECTED = { sloth: SLOTH, openslo: OPENSLO };

describe.each(FORMATS)("ten files of %s", (format) => {
  it("are ten, and each is expected to come to something", () => {
    const names = filesOf(format).map(({ file }) => file);
    expect(names).toHaveLength(10);
    expect(names).toEqual(Object.keys(EXPECTED[format]));
  });

  it.each(filesOf(format))(
    "$file keeps these objectives and names these losses, no more and no fewer",
    ({ file, text }) => {
      const { definitions, losses } = imported(text);
      const objectives = definitions.flatMap(({ name, objectives: promised }) =>
        Object.entries(promised?.custom ?? {}).map(([objective, settings]) => {
          const form = ["errors", "good", "errorRatio"].filter((each) => each in settings);
          return `${name}/${objective} ${settings.percent} ${settings.period ?? "30d"} ${form}`;
        }),
      );
      const lost = losses.map(({ path, kind }) => `${path.replace(/^file\.?/, "")} ${kind}`.trim());
      expect({ objectives, lost }).toEqual(EXPECTED[format][file]);
    },
  );

  it.each(filesOf(format))("$file comes back as the same definitions after an export", ({ text }) => {
    const { definitions } = imported(text);
    for (const definition of definitions) {
      const exported = exportService(defineService(definition), format);
      expect(imported(exported.text).definitions).toEqual([definition]);
    }
  });

  it.each(filesOf(format))("$file is exported as it was, but for what was lost", ({ text }) => {
    const { definitions, losses } = imported(text);
    const exported = definitions.map((each) => exportService(defineService(each), format).text).join("---\n");
    const kept = normalisedFile(format, text, losses);
    const back = normalisedFile(format, exported, []);
    expect(back).toHaveLength(kept.length);
    expect(back).toMatchObject(kept);
  });
});

/** The paths of all maps of a document. */
function maps(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (value === null || typeof value !== "object") return [];
  const below = Object.entries(value).flatMap(([key, inner]) =>
    maps(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) ? below : [path, ...below];
}

describe("a field that nobody has heard of", () => {
  it.each(ALL_FILES)("is named wherever it stands in $format/$file", ({ text }) => {
    const documents = parseAllDocuments(text).map((each): unknown => each.toJS());
    const before = imported(text).losses;
    const unnamed: string[] = [];
    for (const [index, document] of documents.entries())
      for (const path of maps(document)) {
        const changed = new Document(document);
        changed.setIn([...path, "neverHeardOf"], "a surprise");
        const others = documents.map((each, at) => (at === index ? changed.toJS() : each));
        const { losses } = imported(others.map((each) => stringify(each)).join("---\n"));
        const place = joinPath(documents.length > 1 ? `file[${index}]` : "file", path);
        const isNamed = losses.some((loss) => loss.path === `${place}.neverHeardOf`);
        if (!isNamed && !goesWithALoss(place, before)) unnamed.push(place);
      }
    // An indicator that only a lost objective refers to is lost with it.
    expect(
      unnamed.filter((place) => !/^file\[1\]\.spec\b/.test(place) || !text.includes("payments-sli")),
    ).toEqual([]);
  });
});

/** Whether the place lies within something that is named as lost, or within an objective that is lost whole. */
function goesWithALoss(place: string, losses: readonly Loss[]): boolean {
  return losses.some(({ path, kind, value }) => {
    const objective = /^.*?slos\[\d+\]/.exec(path)?.[0] ?? /^file(?:\[\d+\])?/.exec(path)?.[0] ?? path;
    const isWhole = WHOLE.has(kind) || value === '"Timeslices"';
    return place.startsWith(path) || (isWhole && place.startsWith(objective));
  });
}

describe("a month of the calendar in UTC", () => {
  it("is a period in OpenSLO and here", () => {
    const service = defineService({
      name: "invoicing",
      owner: "billing",
      tier: "standard",
      description: "Writes the invoices",
      namespace: "billing",
      objectives: {
        custom: {
          invoices: {
            percent: "99.5",
            period: "month",
            errors: "sum(rate(failed_total[{{.window}}]))",
            total: "sum(rate(all_total[{{.window}}]))",
          },
        },
      },
    });
    const { text } = exportService(service, "openslo");
    expect(text).toContain("timeZone: UTC");
    const { definitions, losses } = imported(text);
    expect(losses).toEqual([]);
    expect(definitions[0]?.objectives?.custom?.["invoices"]?.period).toBe("month");
  });
});
