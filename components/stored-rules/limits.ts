/** What an engine that evaluates rules takes. Counts, unless said. */
export interface RuleLimits {
  /** The engine, as messages call it. */
  readonly engine: string;
  /** Rules in one group. */
  readonly rulesInGroup: number;
  /** Groups in all. */
  readonly groups: number;
  /** Rule files, which the engine calls namespaces. */
  readonly namespaces: number;
  /** Bytes of one rule file. */
  readonly fileBytes: number;
  /** Inhibition rules of Alertmanager. */
  readonly inhibitions: number;
  /** Routes of Alertmanager, the root included. */
  readonly routes: number;
  /** Templates of Alertmanager. */
  readonly templates: number;
  /** Longest `repeat_interval`, in seconds. */
  readonly repeatSeconds: number;
  /** Days that a query may span. */
  readonly queryDays: number;
}

/**
 * The default quotas of Amazon Managed Service for Prometheus, as the Service Quotas of AWS list them (`aws service-quotas
 * list-aws-default-service-quotas --service-code aps`); the repeat interval is that of its guide to the alert manager. AWS raises most of
 * them for a workspace. A query spans what its longest range looks back over.
 */
export const AMP_LIMITS: RuleLimits = {
  engine: "Amazon Managed Service for Prometheus",
  rulesInGroup: 20,
  groups: 100,
  namespaces: 10,
  fileBytes: 1_000_000,
  inhibitions: 100,
  routes: 100,
  templates: 100,
  repeatSeconds: 5 * 86_400,
  queryDays: 32,
};
