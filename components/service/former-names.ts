import { joinPath, type Problem, shown } from "../core/problems.ts";
import type { Service } from "./definition.ts";
import { inPlace } from "./place.ts";

/** What is wrong with the former names of one service; paths start at `path`. */
export function formerNameProblems({ name, formerly }: Service, path: string): readonly Problem[] {
  return formerly.flatMap((former, index) => {
    const isTwice = formerly.indexOf(former) < index;
    if (former !== name && !isTwice) return [];
    return [
      {
        path: joinPath(path, ["formerly", index]),
        found: `${shown(former)}, ${isTwice ? "twice" : "its name now"}`,
        allowed: "names that the service had before, each once",
        fix: "remove it",
      },
    ];
  });
}

/** Former names that another service has, or had: their records would be one history. */
export function formerNamesTaken(services: readonly Service[], path: string): readonly Problem[] {
  return services.flatMap((service, position) =>
    service.formerly.flatMap((former, index) => {
      const other = services.find(
        (each, place) =>
          each !== service && (each.name === former || (place < position && each.formerly.includes(former))),
      );
      if (other === undefined) return [];
      return [
        {
          path: joinPath(path, [service.name, "formerly", index]),
          found: `${shown(former)}, the ${other.name === former ? "name" : "former name"} of ${other.name === former ? "another service" : other.name}${inPlace(other)}`,
          allowed: "a name that no other service has or had: the rules add up the records of the name",
          fix: "remove it, and the error budget of this service starts again",
        },
      ];
    }),
  );
}
