import { describe, expect, it } from "vitest";
import { filled } from "../../../cli/runbook/fill.ts";
import { filesIn, read } from "../../support/repository.ts";

const PAGE = `The label "NAMESPACE" outside of a block stays.

\`\`\`promql
up{namespace="NAMESPACE", persistentvolumeclaim="CLAIM", pod="POD", verb="GET"}
\`\`\`

\`\`\`sh
NAMESPACE=... POD=... HOST=...
kubectl -n "$NAMESPACE" describe pod "$POD"
\`\`\`
`;

describe("a page with the labels of an alert", () => {
  it("has them in its queries and commands, by the names that the page uses", () => {
    const { text, missing } = filled(PAGE, { namespace: "shop", persistentvolumeclaim: "data-0" });
    expect(text).toContain('up{namespace="shop", persistentvolumeclaim="data-0", pod="POD", verb="GET"}');
    expect(text).toContain('NAMESPACE=shop POD=... HOST=...\nkubectl -n "$NAMESPACE"');
    expect(text).toContain('The label "NAMESPACE" outside of a block stays.');
    expect(missing).toEqual(["POD", "HOST"]);
  });

  it("has a value as one word for a shell and one string for Prometheus, whatever is in it", () => {
    const { text } = filled(PAGE, { namespace: `a'b"; rm -rf $HOME\\`, pod: "p" });
    expect(text).toContain(`NAMESPACE='a'\\''b"; rm -rf $HOME\\' POD=p`);
    expect(text).toContain('namespace="a\'b\\"; rm -rf $HOME\\\\"');
  });

  it("has a label for each name that a runbook of the catalogue asks for", () => {
    const labels = [
      ...["budget", "claim", "container", "deployment", "host", "hpa", "job", "mount", "namespace", "node"],
      ...["pod", "poddisruptionbudget", "persistentvolumeclaim", "instance", "horizontalpodautoscaler"],
      ...["job_name", "mountpoint", "statefulset", "service", "slo", "persistentvolume"],
      "missing",
    ];
    const all = Object.fromEntries(labels.map((label) => [label, "x"]));
    const pages = filesIn("docs/runbooks", ".md").filter((file) => !file.endsWith("README.md"));
    expect(pages.length).toBeGreaterThan(50);
    for (const page of pages) {
      const { text, missing } = filled(read(page), all);
      expect(missing, page).toEqual([]);
      expect(text, page).not.toMatch(/^.*\b[A-Z_]+=\.\.\./m);
    }
  });
});
