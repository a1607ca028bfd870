import { parse, stringify } from "yaml";

/** Alertmanager's configuration, as far as it is taken apart here. */
export interface AlertmanagerConfig {
  readonly receivers: readonly { readonly name: string }[];
  readonly route: unknown;
  readonly [section: string]: unknown;
}

/**
 * A rendered configuration whose every receiver that notifies posts to one webhook instead, told apart by its name. Receivers that
 * notify nobody stay what they are, and the texts of notifications, which a webhook needs none of, are left out.
 */
export function notifying(
  config: string,
  url: string,
  { resolved }: { readonly resolved: boolean },
): AlertmanagerConfig {
  const rendered = parse(config) as AlertmanagerConfig;
  return {
    ...rendered,
    templates: [],
    receivers: rendered.receivers.map((receiver) =>
      Object.keys(receiver).length === 1
        ? receiver
        : {
            name: receiver.name,
            webhook_configs: [
              { url: `${url}/${encodeURIComponent(receiver.name)}`, send_resolved: resolved },
            ],
          },
    ),
  };
}

export function printed(config: AlertmanagerConfig): string {
  return stringify(config, { aliasDuplicateObjects: false });
}
