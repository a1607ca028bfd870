import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** What is read and changed of a CycloneDX document; the rest is passed on. */
export interface Bom {
  readonly metadata: { readonly component: Component; readonly [more: string]: unknown };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly [more: string]: unknown;
}

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly externalReferences?: readonly { readonly type: string; readonly url: string }[];
  readonly [more: string]: unknown;
}

/**
 * The bill of materials of the package in a tarball: what a user gets who installs it, required peers included, as CycloneDX.
 *
 * It is made from an installation in an empty folder. On the repository itself `npm sbom --omit dev` leaves out every package that a
 * development dependency needs as well (npm 11.19: yaml and tslib), although users get it.
 *
 * @throws when npm cannot install the tarball or list it.
 */
export function sbomOf(tarball: string): Bom {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-sbom-"));
  try {
    writeFileSync(join(folder, "package.json"), '{"name":"installation","version":"0.0.0","private":true}');
    npm(folder, [
      "install",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--prefer-offline",
      resolve(tarball),
    ]);
    return aboutPackage(JSON.parse(npm(folder, ["sbom", "--sbom-format", "cyclonedx"])) as Bom);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes the one package that the root of an installation depends on the subject of the document, in place of that root. */
export function aboutPackage(bom: Bom): Bom {
  const root = bom.metadata.component["bom-ref"];
  const [installed, ...others] = bom.dependencies.find(({ ref }) => ref === root)?.dependsOn ?? [];
  const subject = bom.components.find((component) => component["bom-ref"] === installed);
  if (subject === undefined || others.length > 0)
    throw new Error(
      `expected an installation of one package, found ${JSON.stringify([installed, ...others])}`,
    );
  const { externalReferences = [], ...rest } = subject;
  return {
    ...bom,
    metadata: {
      ...bom.metadata,
      component: {
        ...rest,
        // Where the tarball lay on the machine that made it says nothing to a reader.
        externalReferences: externalReferences.filter(({ url }) => !url.startsWith("file:")),
      },
    },
    components: bom.components.filter((component) => component !== subject).map(withRegistryVersion),
    dependencies: bom.dependencies.filter(({ ref }) => ref !== root),
  };
}

/**
 * The version as the registry has it. `@grafana/grafana-foundation-sdk` 0.0.21 calls itself "v0.0.21" in its package.json; npm prints
 * that in the version and in the package URL, and a scanner that compares with advisories finds no such version.
 */
function withRegistryVersion(component: Component): Component {
  const { version, purl } = component;
  if (version === undefined || !/^v\d/.test(version)) return component;
  return {
    ...component,
    version: version.slice(1),
    ...(purl === undefined ? {} : { purl: purl.replace(`@${version}`, `@${version.slice(1)}`) }),
  };
}

function npm(cwd: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("npm", args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`npm ${args[0]} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}
