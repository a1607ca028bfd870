import { describe, expect, it } from "vitest";
import { record } from "../../../cli/recording/recorder.ts";
import { VERSIONS } from "../../../components/core/versions.ts";
import { PlatformSettings, SETTINGS_FORMAT, SETTINGS_TYPE } from "../../../components/platform/settings.ts";

describe("the settings that a platform keeps in its state", () => {
  it("are those of the environment with the versions of what it runs, in a component without a resource", async () => {
    const environment = { name: "prod", alertmanager: { teams: { shop: { critical: ["pager"] } } } };
    const context = { project: "bellwether", stack: "prod", config: {}, secretKeys: [] };
    const { resources } = await record(async () => {
      new PlatformSettings("settings", { environment });
      return {};
    }, context);
    const kept = resources.filter(({ type }) => type !== "pulumi:pulumi:Stack");
    expect(kept.map(({ type, custom, outputs }) => ({ type, custom, outputs }))).toEqual([
      {
        type: SETTINGS_TYPE,
        custom: false,
        outputs: { format: SETTINGS_FORMAT, environment, versions: VERSIONS },
      },
    ]);
  });
});
