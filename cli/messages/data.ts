import { UnknownConstruct } from "./tokens.ts";
import { KeyValues, List, Struct, type Value } from "./values.ts";

type Texts = Readonly<Record<string, string>>;

/** An alert as Alertmanager hands it to the templates. */
export interface NotifiedAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly startsAt: Date;
}

/** A group of alerts that is notified together. */
export interface NotifiedGroup {
  readonly alerts: readonly NotifiedAlert[];
  /** The labels that the group is formed by. */
  readonly groupLabels: Texts;
  /** The URL of Alertmanager. */
  readonly externalUrl: string;
}

/** The data of a notification, with the fields and methods that Alertmanager's templates have. */
export function templateData({ alerts, groupLabels, externalUrl }: NotifiedGroup): Struct {
  return new Struct({
    Status: alerts.some(({ status }) => status === "firing") ? "firing" : "resolved",
    Alerts: new List(alerts.map(alertStruct), {
      Firing: () => new List(alerts.filter(({ status }) => status === "firing").map(alertStruct)),
      Resolved: () => new List(alerts.filter(({ status }) => status === "resolved").map(alertStruct)),
    }),
    GroupLabels: new KeyValues(groupLabels),
    CommonLabels: new KeyValues(common(alerts.map(({ labels }) => labels))),
    CommonAnnotations: new KeyValues(common(alerts.map(({ annotations }) => annotations))),
    ExternalURL: externalUrl,
  });
}

function alertStruct({ status, labels, annotations, startsAt }: NotifiedAlert): Value {
  const time = new Struct({ Format: (layout = "") => formatted(startsAt, layout) });
  return new Struct({
    Status: status,
    Labels: new KeyValues(labels),
    Annotations: new KeyValues(annotations),
    StartsAt: new Struct({ UTC: () => time }),
  });
}

/** The pairs that all have. */
function common([first = {}, ...rest]: readonly Texts[]): Texts {
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => rest.every((other) => other[key] === value)),
  );
}

function formatted(time: Date, layout: Value): string {
  if (layout !== "2006-01-02 15:04:05 MST")
    throw new UnknownConstruct("a time has another format than 2006-01-02 15:04:05 MST");
  return `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
