import { describe, expect, it } from "vitest";
import { volumeProblems, type Wanted } from "../../../cli/volumes/problems.ts";
import type { VolumeState } from "../../../cli/volumes/state.ts";
import { DEFAULT_NAMESPACES } from "../../../components/workloads/model.ts";
import { volumeOwner } from "../../../components/workloads/volumes.ts";
import { claim, FROM, GI, running, TO } from "./samples.ts";

const EXPANDABLE = new Map([
  ["gp3-encrypted", true],
  ["standard", false],
]);
const PATH = "environment.prometheus.volume";

function problemsOf(state: VolumeState, change: Partial<Wanted> = {}) {
  const wanted = {
    owner: volumeOwner("prometheus", DEFAULT_NAMESPACES),
    path: PATH,
    goal: { size: TO },
    state,
    ...change,
  };
  return volumeProblems(wanted, EXPANDABLE);
}
const withClaim = (change: Parameters<typeof claim>[3], size = FROM): VolumeState => ({
  ...running(1, {}),
  claims: [claim("db-server", 0, size, change)],
});

describe("what prevents that volumes grow", () => {
  it("is nothing where claims are smaller, or have the size already", () => {
    expect(problemsOf(running(2, {}))).toEqual([]);
    expect(problemsOf(running(2, {}, TO))).toEqual([]);
  });

  it("is a smaller size: each claim that has more is listed with the fix", () => {
    const problems = problemsOf(running(2, {}, 40 * GI));
    expect(problems).toHaveLength(2);
    expect(problems[0]).toEqual({
      path: PATH,
      found: "25Gi, while the claim db-server-0 has 40Gi",
      allowed: "40Gi or more: Kubernetes cannot shrink a volume",
      fix: "write 40Gi; for a smaller volume, replace the claims: docs/how-to/grow-volumes.md",
    });
  });

  it("is no disk that a driver has rounded up", () => {
    expect(problemsOf(withClaim({ capacity: 26 * GI }, TO))).toEqual([]);
  });

  it("is no larger claim of a pod that is scaled away", () => {
    const unused = claim("db-server", 2, 40 * GI);
    expect(problemsOf({ ...running(2, {}), claims: [unused] })).toEqual([]);
  });

  it("is a claim that grows to more than the size, unless the driver cannot provide that", () => {
    const growing = withClaim({ requested: 40 * GI });
    expect(problemsOf(growing)).toMatchObject([{ path: PATH, allowed: "40Gi or more" }]);
    expect(problemsOf(withClaim({ requested: 40 * GI, infeasible: true }))).toEqual([]);
  });

  it("is a claim without a volume", () => {
    expect(problemsOf(withClaim({ capacity: 0 }))).toMatchObject([
      { path: "claim db-server-0", found: "no volume" },
    ]);
  });

  it("is a storage class that does not allow expansion, or that does not exist, if a claim must grow", () => {
    const [fixed] = problemsOf(withClaim({ storageClass: "standard" }));
    expect(fixed).toMatchObject({
      path: "storage class standard",
      found: "no allowVolumeExpansion: true",
      allowed: "a class that allows expansion, for db-server-0",
    });
    const [missing] = problemsOf(withClaim({ storageClass: "gone" }));
    expect(missing).toMatchObject({ path: "storage class gone", found: "no such storage class" });
    expect(problemsOf(withClaim({ storageClass: "standard" }, TO))).toEqual([]);
  });

  it("is a resource that others have paused, and not one that this command has", () => {
    const paused = (by: "by others" | "by this command") => ({
      ...running(1, {}),
      resource: { size: FROM, paused: by },
    });
    expect(problemsOf(paused("by others"))).toMatchObject([{ path: "Prometheus monitoring/prometheus" }]);
    expect(problemsOf(paused("by this command"))).toEqual([]);
  });

  it("is a platform that is not deployed", () => {
    expect(problemsOf(running(1))).toMatchObject([
      { path: "Prometheus monitoring/prometheus", found: "nothing" },
    ]);
    const { statefulSet: _, ...gone } = running(1);
    const owner = volumeOwner("grafana", DEFAULT_NAMESPACES);
    expect(problemsOf(gone, { owner })).toMatchObject([{ path: "StatefulSet monitoring/grafana" }]);
    const kept = { uid: "old", generation: 1, size: TO };
    expect(problemsOf({ ...gone, kept }, { owner })).toEqual([]);
  });
});
