import { type CallSite, type Place, placesIn, shownPlace } from "../core/call-site.ts";
import type { Problem } from "../core/problems.ts";
import type { Service } from "./definition.ts";

const calls = new WeakMap<Service, CallSite>();
/** Of each name the newest call: a recording of a program has copies of its services. */
const callsByName = new Map<string, CallSite>();

/** Keeps the place of a definition, for problems that only an environment or a platform shows. */
export function defined(service: Service, call: CallSite): Service {
  calls.set(service, call);
  callsByName.set(service.name, call);
  return service;
}

/** The changed service, which stands where the other does. */
export function samePlace(service: Service, changed: Service): Service {
  const call = calls.get(service);
  return call === undefined ? changed : defined(changed, call);
}

/** Where the call of defineService stands; undefined if that is not known. */
export function placeOf(service: Service): Place | undefined {
  const call = calls.get(service);
  return call === undefined ? undefined : placesIn(call)[0];
}

/** The same for a service of that name which this program defined. */
export function placeOfName(name: string): Place | undefined {
  const call = callsByName.get(name);
  return call === undefined ? undefined : placesIn(call)[0];
}

/** `, in stacks/services/shop.ts:4:27`: where the service is defined. Empty if that is not known. */
export function inPlace(service: Service | undefined): string {
  const call = service === undefined ? undefined : calls.get(service);
  return call === undefined ? "" : inPlaceOf(call, ", in ");
}

/** The place of a call, after the words that lead to it. Empty if the stack names no file. */
export function inPlaceOf(call: CallSite, before: string): string {
  const [place] = placesIn(call);
  return place === undefined ? "" : `${before}${shownPlace(place)}`;
}

/** The same problems, with the place of the definition. */
export function located(service: Service, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, found: `${problem.found}${inPlace(service)}` }));
}
