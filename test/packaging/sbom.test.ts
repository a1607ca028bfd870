import { describe, expect, it } from "vitest";
import { aboutPackage, type Bom } from "../../packaging/sbom.ts";

/** What `npm sbom` says of an installation of one package with one dependency. test/package/ tries the real one. */
function installation(direct: readonly string[]): Bom {
  return {
    bomFormat: "CycloneDX",
    metadata: {
      timestamp: "2026-12-01T00:00:00.000Z",
      component: { "bom-ref": "installation@0.0.0", name: "folder" },
    },
    components: [
      {
        "bom-ref": "bellwether@0.2.0",
        name: "bellwether",
        version: "0.2.0",
        purl: "pkg:npm/bellwether@0.2.0",
        externalReferences: [
          { type: "distribution", url: "file:/home/somebody/bellwether-0.2.0.tgz" },
          { type: "vcs", url: "git+https://example.com/bellwether.git" },
        ],
      },
      { "bom-ref": "zod@4.0.0", name: "zod", version: "4.0.0" },
    ],
    dependencies: [
      { ref: "installation@0.0.0", dependsOn: direct },
      { ref: "bellwether@0.2.0", dependsOn: ["zod@4.0.0"] },
      { ref: "zod@4.0.0", dependsOn: [] },
    ],
  };
}

describe("the bill of materials", () => {
  it("is about the package, not about the folder that it was installed in", () => {
    expect(aboutPackage(installation(["bellwether@0.2.0"]))).toEqual({
      bomFormat: "CycloneDX",
      metadata: {
        timestamp: "2026-12-01T00:00:00.000Z",
        component: {
          "bom-ref": "bellwether@0.2.0",
          name: "bellwether",
          version: "0.2.0",
          purl: "pkg:npm/bellwether@0.2.0",
          externalReferences: [{ type: "vcs", url: "git+https://example.com/bellwether.git" }],
        },
      },
      components: [{ "bom-ref": "zod@4.0.0", name: "zod", version: "4.0.0" }],
      dependencies: [
        { ref: "bellwether@0.2.0", dependsOn: ["zod@4.0.0"] },
        { ref: "zod@4.0.0", dependsOn: [] },
      ],
    });
  });

  it("gives a package the version that the registry has, where its own package.json puts a v in front", () => {
    const bom = installation(["bellwether@0.2.0"]);
    const sdk = { "bom-ref": "@x/sdk@v0.0.21", name: "@x/sdk" };
    const components = [...bom.components, { ...sdk, version: "v0.0.21", purl: "pkg:npm/%40x/sdk@v0.0.21" }];
    expect(aboutPackage({ ...bom, components }).components).toContainEqual({
      ...sdk,
      version: "0.0.21",
      purl: "pkg:npm/%40x/sdk@0.0.21",
    });
  });

  it.each([[[]], [["bellwether@0.2.0", "zod@4.0.0"]]])("is not made of an installation of %j", (direct) => {
    expect(() => aboutPackage(installation(direct))).toThrow(/expected an installation of one package/);
  });
});
