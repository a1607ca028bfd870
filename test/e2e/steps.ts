import type { EngineEvent, OpType } from "@pulumi/pulumi/automation/index.js";
import { expect } from "vitest";

const CHANGES: ReadonlySet<OpType> = new Set<OpType>(["create", "update", "delete", "replace"]);

/** Hears what an operation of the engine does to resources of APIs, each as `update Secret grafana-admin`. */
export function stepListener() {
  const begun: string[] = [];
  const order: string[] = [];
  const onEvent = ({ resourcePreEvent, resOutputsEvent }: EngineEvent) => {
    const step = stepOf(resourcePreEvent);
    if (step !== undefined) {
      begun.push(step);
      order.push(`begin ${step}`);
    }
    const done = stepOf(resOutputsEvent);
    if (done !== undefined) order.push(`end ${done}`);
  };
  return {
    options: { onEvent, color: "never" } as const,
    /** Sorted. */
    steps: () => begun.toSorted(),
    /** When each began and ended: `end update Release monitoring-definitions`. */
    order: () => [...order],
  };
}

function stepOf(event: EngineEvent["resourcePreEvent"]): string | undefined {
  const { op, urn, type } = event?.metadata ?? {};
  if (op === undefined || urn === undefined || type === undefined || !CHANGES.has(op)) return undefined;
  // Components and the stack are no resources of an API.
  if (/^(pulumi:pulumi|bellwether):/.test(type)) return undefined;
  const kind = type.startsWith("pulumi:providers:") ? "Provider" : type.split(":").at(-1);
  return `${op} ${kind} ${urn.split("::").at(-1)}`;
}

/** Of what {@link stepListener} heard: the steps of each part end before one of the next begins, and there is at least one of each part. */
export function expectInTurn(order: readonly string[], parts: readonly (readonly string[])[]): void {
  expect(parts.filter((part) => part.length === 0)).toEqual([]);
  for (const [index, part] of parts.entries())
    for (const first of part)
      for (const second of parts[index + 1] ?? []) {
        const [ended, began] = [order.indexOf(`end ${first}`), order.indexOf(`begin ${second}`)];
        expect(ended, first).toBeGreaterThanOrEqual(0);
        expect(began, `${first}, then ${second}`).toBeGreaterThan(ended);
      }
}
