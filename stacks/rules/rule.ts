import type { Problem } from "../../components/core/problems.ts";
import type { Service } from "../../components/service/model.ts";
import type { Environment } from "../environment.ts";
import type { WrittenStore } from "../stores.ts";

/** What a rule may know beside the environment itself. */
export interface RuleContext {
  /** The stack whose file this is. */
  readonly stack: string;
  /** The day that support calendars are read at, as YYYY-MM-DD. */
  readonly today: string;
  /** The environments that exist: those with a file in stacks/. */
  readonly environments: readonly string[];
  /** The blocks of the environments' VPCs, by environment. Default: none is known. */
  readonly blocks?: Readonly<Record<string, readonly string[]>>;
  /** Where the environments send their samples, by environment. Default: none is known. */
  readonly stores?: Readonly<Record<string, WrittenStore>>;
  /** What the teams run in it. */
  readonly services: readonly Service[];
}

type Section = keyof Environment;

/** Values of several fields that must agree. A rule runs when the sections it reads have the right shape. */
export interface EnvironmentRule {
  readonly id: string;
  readonly reads: readonly Section[];
  readonly check: (environment: Environment, context: RuleContext) => readonly Problem[];
}

/** The root of every path in a problem of an environment. */
export const ROOT = "environment";
