import { examplesOf, presetsIn, type Service, serviceIn } from "../service/model.ts";
import { queriesOf } from "../signals/custom.ts";
import type { Slo } from "../slo/model.ts";
import { Ledger, type Path } from "./ledger.ts";
import type { Loss } from "./losses.ts";
import { scrapeOf } from "./queries.ts";

/** A service in another format: its documents, and what of it they cannot hold. */
export interface Exported {
  readonly documents: readonly unknown[];
  readonly losses: readonly Loss[];
}

/** The book of a service that is exported, with what every format treats alike. */
export function exportLedger(service: Service, environment: string | undefined): Ledger {
  const ledger = new Ledger(service.name, service);
  ledger.carried(["name"], ["owner"], ["objectives"]);
  for (const preset of presetsIn(service)) ledger.lost([preset], "scraping");
  ledger.lostEach(["alerts"], "own-alerts");
  if (service.rules.length > 0) ledger.lost(["rules"], "own-alerts");
  if (service.dashboards.length > 0) ledger.lost(["dashboards"], "own-dashboards");
  if (serviceIn(service, environment).page ?? true) ledger.carried(["page"]);
  else ledger.lost(["page"], "paging", "false");
  for (const list of ["only", "except"] as const)
    if (service[list] !== undefined) ledger.lost([list], "environments");
  loseScrape(service, service, [], ledger);
  for (const [name, settings] of Object.entries(service.environments))
    if (name === environment) {
      ledger.carried(["environments", name]);
      for (const preset of presetsIn(settings)) ledger.lost(["environments", name, preset], "scraping");
      ledger.lostEach(["environments", name, "alerts"], "own-alerts");
      loseScrape(service, settings, ["environments", name], ledger);
    } else ledger.lost(["environments", name], "environments");
  return ledger;
}

/** What an import says of scraping by itself is no loss. */
function loseScrape(
  { objectives, alerts }: Service,
  { scrape }: Pick<Service, "scrape">,
  path: Path,
  ledger: Ledger,
): void {
  if (scrape === undefined) return;
  const imported = scrapeOf([
    ...Object.values(objectives.custom).flatMap(queriesOf),
    ...Object.values(alerts).map(({ expr }) => expr),
  ]);
  const isImported =
    scrape.kind === "elsewhere" &&
    scrape.labels === undefined &&
    scrape.interval === undefined &&
    scrape.job === imported.job;
  if (isImported) ledger.carried([...path, "scrape"]);
  else ledger.lost([...path, "scrape"], "scraping");
}

/** Where a service says what an objective of it is: for an environment alone, or for all. */
export function placeOfSlo(
  { environments, objectives }: Service,
  name: string,
  environment: string | undefined,
): Path {
  const here = environment === undefined ? undefined : environments[environment]?.objectives;
  const isCustom = Object.hasOwn({ ...objectives.custom, ...here?.custom }, name);
  const place = isCustom ? ["custom", name] : [name];
  const isHere = Object.hasOwn((isCustom ? here?.custom : here) ?? {}, name);
  return [
    ...(isHere && environment !== undefined ? ["environments", environment] : []),
    "objectives",
    ...place,
  ];
}

/** Enters the examples of an objective as lost, if it has any. */
export function loseExamples(
  service: Service,
  place: Path,
  environment: string | undefined,
  ledger: Ledger,
): void {
  if (!place.includes("custom")) return;
  if (examplesOf(service, String(place.at(-1)), environment) !== undefined)
    ledger.lost([...place, "examples"], "examples");
}

/** Enters it as lost that an objective does not page, where the objective says so itself. */
export function losePaging(place: Path, { page = true }: Slo, service: Service, ledger: Ledger): void {
  if (!page && (service.page ?? true)) ledger.lost([...place, "page"], "paging", "false");
}
