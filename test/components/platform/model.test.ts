import { describe, expect, it } from "vitest";
import {
  HANDOVER_CONTRACT,
  handoverFrom,
  type PlatformHandover,
  RELEASE,
} from "../../../components/platform/model.ts";
import { HANDOVER } from "./samples.ts";

const STACK = "acme/bellwether/prod";

function refused(outputs: Readonly<Record<string, unknown>>) {
  const checked = handoverFrom(outputs, STACK);
  return checked.ok ? [] : checked.problems;
}

describe("what a platform hands over", () => {
  it("is taken as it is, and what a newer platform adds is left out", () => {
    expect(handoverFrom({ bellwether: { ...HANDOVER, moon: "full" }, other: 1 }, STACK)).toEqual({
      ok: true,
      value: HANDOVER,
    });
  });

  it("is refused where the stack has no such output, with those that it has", () => {
    expect(refused({ clusterName: "prod", environment: "prod" })).toEqual([
      {
        path: `${STACK}.bellwether`,
        found: "nothing, among the outputs clusterName, environment",
        allowed: `what a platform of Bellwether ${RELEASE} or newer hands over`,
        fix: "name the platform's stack as organisation/project/stack, and let its owners run pulumi up with that release or newer",
      },
    ]);
    expect(refused({})[0]?.found).toMatch(/never deployed, has another name/);
  });

  it("is refused where its contract is another one, with the release to install or to deploy", () => {
    const newer = refused({ bellwether: { contract: HANDOVER_CONTRACT + 1, release: "9.1.0" } });
    expect(newer).toHaveLength(1);
    expect(newer[0]?.found).toBe("2, of a platform that was deployed by Bellwether 9.1.0");
    expect(newer[0]?.fix).toBe("install the platform's release here: npm install bellwether@9.1.0");
    expect(refused({ bellwether: { release: "0.0.9" } })[0]?.fix).toBe(
      `ask the platform's owners to run pulumi up with Bellwether ${RELEASE} or newer`,
    );
  });

  it.each(Object.keys(HANDOVER).filter((field) => !["contract", "grafanaUrl", "grafana"].includes(field)))(
    "is refused without %s, with the release that the platform was deployed by",
    (field) => {
      const { [field as keyof PlatformHandover]: _, ...rest } = HANDOVER;
      const problems = refused({ bellwether: rest });
      expect(problems.map(({ path, found }) => [path, found])).toEqual([
        [`${STACK}.bellwether.${field}`, "nothing"],
      ]);
      expect(problems[0]?.fix).toMatch(field === "release" ? /theirs was/ : /theirs was 0\.1\.0$/);
    },
  );

  it.each([[null], ["prod"], [[]], [{}], [{ contract: "1" }]])(
    "that is %j is refused and no crash",
    (value) => {
      expect(refused({ bellwether: value })).not.toEqual([]);
    },
  );
});
