import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { iamData, managedPolicyArns } from "../../support/published-schemas.ts";

/** One action of a service, as the service authorization reference has it. */
export interface Action {
  /** With its service, such as `eks:DescribeCluster`. */
  readonly name: string;
  /** The resources that a statement may name for it. None: the action knows no resource, and `*` alone allows it. */
  readonly resources: readonly ResourceType[];
  /** The condition keys of its requests, such as `kms:EncryptionContext:${EncryptionContextKey}`. */
  readonly conditionKeys: readonly string[];
}

interface ResourceType {
  readonly arn: string;
  readonly conditionKeys: readonly string[];
}

interface ActionFile {
  readonly [name: string]: {
    readonly name: string;
    readonly conditionKeys: readonly string[];
    readonly resourceTypes: readonly { readonly name: string; readonly conditionKeys: readonly string[] }[];
  };
}
type ResourceFile = Readonly<
  Record<string, { readonly arn: string; readonly conditionKeys?: readonly string[] }>
>;
type KeyFile = Readonly<Record<string, { readonly key: string; readonly type: string }>>;

/** The actions, resources and condition keys that IAM knows, and the policies that AWS manages. */
export class IamData {
  readonly #folder: string;
  readonly #services = new Map<string, readonly Action[]>();
  readonly #keyTypes = new Map<string, string>();
  readonly managedPolicies: ReadonlySet<string>;

  private constructor(folder: string, managedPolicies: ReadonlySet<string>) {
    this.#folder = folder;
    this.managedPolicies = managedPolicies;
    const globalKeys = readFileSync(join(folder, "dist/esm/globalConditionKeys.js"), "utf8");
    for (const [, key = "", type = ""] of globalKeys.matchAll(/key: '([^']+)',[^}]*?type: '([^']+)'/g))
      this.#keyTypes.set(patternOf(key), type);
  }

  static async load(): Promise<IamData> {
    return new IamData(await iamData(), await managedPolicyArns());
  }

  /** The actions that a name or a pattern such as `kms:ReEncrypt*` means; none where IAM knows no such action. */
  actions(pattern: string): readonly Action[] {
    const [service = "", name = ""] = pattern.split(":");
    if (pattern === "*") return [];
    const matching = wildcard(name);
    return this.#actionsOf(service.toLowerCase()).filter((action) =>
      matching.test(action.name.split(":")[1] ?? ""),
    );
  }

  /** The type of a condition key that every request has, or that `actions` have; undefined where they have none of that name. */
  keyType(key: string, actions: readonly Action[]): string | undefined {
    const global = [...this.#keyTypes].find(([pattern]) => new RegExp(pattern, "i").test(key));
    if (global !== undefined) return global[1];
    const known = actions.some(({ conditionKeys, resources }) =>
      [...conditionKeys, ...resources.flatMap((resource) => resource.conditionKeys)].some((candidate) =>
        new RegExp(patternOf(candidate), "i").test(key),
      ),
    );
    if (!known) return undefined;
    const services = new Set(actions.map(({ name }) => name.split(":")[0] ?? ""));
    return [...services]
      .flatMap((service) => Object.values(this.#read<KeyFile>("conditionKeys", service) ?? {}))
      .find((candidate) => new RegExp(patternOf(candidate.key), "i").test(key))?.type;
  }

  #actionsOf(service: string): readonly Action[] {
    const found = this.#services.get(service);
    if (found !== undefined) return found;
    const resources = this.#read<ResourceFile>("resourceTypes", service) ?? {};
    const actions = Object.values(this.#read<ActionFile>("actions", service) ?? {}).map(
      ({ name, conditionKeys, resourceTypes }): Action => ({
        name: `${service}:${name}`,
        conditionKeys,
        resources: resourceTypes.flatMap((type) => {
          const resource = resources[type.name.toLowerCase()] ?? resources[type.name];
          if (resource === undefined) return [];
          const { arn, conditionKeys: keys = [] } = resource;
          return [{ arn, conditionKeys: [...keys, ...type.conditionKeys] }];
        }),
      }),
    );
    this.#services.set(service, actions);
    return actions;
  }

  #read<T>(kind: string, service: string): T | undefined {
    const path = join(this.#folder, "data", kind, `${service}.json`);
    return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;
  }
}

/** `kms:EncryptionContext:${Key}` and `aws:RequestTag/tag-key` stand for every key of their form. */
function patternOf(key: string): string {
  return `^${escaped(key).replace(/\\\$\\\{[^}]*\\\}|tag-key$/g, ".+")}$`;
}

/** A pattern of a policy, in which `*` is any text and `?` any character. */
export function wildcard(pattern: string): RegExp {
  return new RegExp(`^${escaped(pattern).replace(/\\\*/g, ".*").replace(/\\\?/g, ".")}$`, "i");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
