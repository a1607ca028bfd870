import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { VERSIONS } from "../../components/core/versions.ts";
import { filesIn, read } from "../support/repository.ts";
import { heldBack, type Pin, pinsOf } from "./pins.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

let pins: readonly Pin[];
beforeAll(async () => {
  pins = await pinsOf(ROOT);
});

const inFile = (file: string) => pins.filter(({ files }) => files.includes(file));

describe("the pins", () => {
  it("are everything that is deployed", () => {
    expect(inFile("components/core/versions.ts").map(({ version }) => version)).toEqual(
      Object.values(VERSIONS),
    );
  });

  it("are every Go module of the tools, each once", () => {
    const families = readdirSync(join(ROOT, "test/tools"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `test/tools/${name}/go.mod`);
    expect(families.length).toBeGreaterThan(8);
    for (const family of families) expect(inFile(family), family).toHaveLength(1);
  });

  it("are every npm package of package.json, an alias by its own name", () => {
    const { dependencies, devDependencies, overrides } = JSON.parse(read("package.json"));
    const names = Object.keys({ ...dependencies, ...devDependencies, ...overrides });
    expect(
      inFile("package.json").map(({ name }) => name.replace("@pulumiverse/grafana", "@pulumi/grafana")),
    ).toEqual(names);
  });

  it("are every action of the workflows and of the repository's own actions", () => {
    const used = filesIn(".github", ".yml").flatMap((file) =>
      [...read(file).matchAll(/uses: ([^.\s@][^\s@]*)@/g)].map(([, name]) => name),
    );
    const found = pins.filter(({ source }) => source.kind === "github").map(({ name }) => name);
    expect(found.sort()).toEqual([...new Set(used)].sort());
  });

  it("name files in which their versions stand", () => {
    for (const { name, version, files } of pins)
      for (const file of files) {
        // Prometheus 3.13.5 is module v0.313.5.
        const text = file.includes("tools/prometheus/") ? version.replace(/^(\d)\./, "0.$1") : version;
        expect(read(file).includes(text), `${name} ${text} in ${file}`).toBe(true);
      }
  });

  it("of add-ons are told apart by the version of EKS, unless they are the same for all", () => {
    const names = inFile("components/cluster/eks-versions.ts").map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("vpc-cni of EKS");
    expect(names).toContain("kube-proxy of EKS 1.36");
  });

  it("that Dependabot leaves alone are those of its file", () => {
    expect(heldBack(ROOT)).toContain("@pulumi/pulumi");
    expect(heldBack(ROOT)).toContain("@kubernetes-models/*");
    expect(heldBack(ROOT)).not.toContain("zod");
  });
});
