import { parse } from "yaml";

/** Which receiver a secret leads to, by the routing's own configuration: `platformPagerdutyKey` to `platform-pager`. */
export function receiversBySecret(alertmanagerConfig: string): ReadonlyMap<string, string> {
  const { receivers } = parse(alertmanagerConfig) as {
    readonly receivers: readonly { readonly name: string; readonly [kind: string]: unknown }[];
  };
  return new Map(
    receivers.flatMap(({ name, ...kinds }) => {
      const files = [...JSON.stringify(kinds).matchAll(/"[a-z_]+_file":"[^"]*\/([^"/]+)"/g)];
      return files.map(([, secret = ""]) => [secret, name] as const);
    }),
  );
}
