import { describe, expect, it } from "vitest";
import { blockYaml } from "../../../cli/artefacts/block-yaml.ts";
import { wholeText } from "../../../cli/artefacts/folder.ts";
import { ProvenAlerts } from "../../../cli/artefacts/proven.ts";
import { TestWriter } from "../../../cli/artefacts/test-writer.ts";
import type { Tested } from "../../../components/core/promtool.ts";
import { renderServiceTests } from "../../../components/service/render.ts";
import { testedService } from "../../../components/service/tested.ts";
import { argsOf, manyServices } from "../../components/service/many.ts";

/** Everything that is written of tests, and how often files were rendered for it. */
function written(all: readonly Tested[]) {
  const texts = new Map<string, string>();
  const proven = new ProvenAlerts();
  let rendered = 0;
  const writer = new TestWriter(proven, (name, text) => void texts.set(name, wholeText(text)));
  for (const tested of all)
    writer.write({
      ...tested,
      files: () => {
        rendered++;
        return tested.files();
      },
    });
  return { texts, proven, rendered };
}

const services = manyServices();
const { texts, proven, rendered } = written(services.map((service) => testedService(argsOf(service))));

describe("the test files of services that are alike but for names", () => {
  it("have the bytes of those that are rendered for each, whatever the names are", () => {
    const plain = services.flatMap((service) => Object.entries(renderServiceTests(argsOf(service))));
    expect([...texts.keys()]).toEqual(plain.map(([name]) => name));
    for (const [name, file] of plain) expect(texts.get(name) === blockYaml(file), name).toBe(true);
  });

  it("are rendered for few of them", () => {
    expect(services.length).toBe(36);
    expect(rendered).toBeLessThan(24);
  });

  it("say the same of alerts as those that are rendered for each", () => {
    const each = new ProvenAlerts();
    const alerts = new Set<string>();
    for (const service of services)
      for (const [name, file] of Object.entries(renderServiceTests(argsOf(service)))) {
        each.add(name, file);
        for (const { alert_rule_test = [] } of file.tests)
          for (const { alertname } of alert_rule_test) alerts.add(alertname);
      }
    expect(alerts.size).toBeGreaterThan(5);
    for (const name of texts.keys())
      for (const alert of alerts) {
        expect(proven.casesOf(name, alert)).toEqual(each.casesOf(name, alert));
        expect(proven.firing(name, alert)).toEqual(each.firing(name, alert));
      }
  });

  it("are rendered for each where a form does not have the bytes of its second service", () => {
    const files = (name: string) => ({
      [name]: {
        rule_files: [`../rules/${name}.yaml`],
        evaluation_interval: "30s" as const,
        // Of the name's length, which no placeholder has.
        tests: [{ name: `a name of ${name.length} letters`, interval: "30s" as const, input_series: [] }],
      },
    });
    const tested = (name: string): Tested => ({
      files: () => files(name),
      form: { key: "a form", names: new Map([["placeholder", name]]), files: () => files("placeholder") },
    });
    const names = ["one-name", "another-name", "third", "and-the-fourth"];
    const all = written(names.map(tested));
    expect(all.rendered).toBe(4);
    for (const name of names) expect(all.texts.get(name)).toContain(`a name of ${name.length} letters`);
  });
});
