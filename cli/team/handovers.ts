import { HANDOVER_OUTPUT, handoverFrom, type PlatformHandover } from "../../components/platform/model.ts";

/** What platforms hand over, by their environment. */
export type Handovers = ReadonlyMap<string, PlatformHandover>;

/** The platforms among the stacks whose outputs are given. One that is not right is refused by the program that asks for it. */
export function handoversIn(
  platforms: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Handovers {
  return new Map(
    Object.entries(platforms)
      .filter(([, outputs]) => Object.hasOwn(outputs, HANDOVER_OUTPUT))
      .flatMap(([stack, outputs]) => {
        const checked = handoverFrom(outputs, stack);
        return checked.ok ? [[checked.value.environment, checked.value] as const] : [];
      }),
  );
}
