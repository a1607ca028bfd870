import { IMAGES, type ImageName, type ImageSettings, pulledImage } from "./model.ts";

/**
 * The fields of a Kubernetes object with the images that the settings name, wherever they are: in containers, in the resources of
 * the operator and in its arguments. Values that exist only later are left as they are. A service account names the pull secrets.
 */
export function withImages<Fields extends object>(
  fields: Fields,
  kind: string,
  settings: ImageSettings,
): Fields {
  const names = Object.keys(IMAGES) as ImageName[];
  const pulled = new Map<string, string>(names.map((name) => [IMAGES[name], pulledImage(name, settings)]));
  const rewritten = rewrite(fields, pulled) as Fields;
  const { pullSecrets } = settings;
  if (kind !== "ServiceAccount" || pullSecrets === undefined) return rewritten;
  return { ...rewritten, imagePullSecrets: pullSecrets.map((name) => ({ name })) };
}

function rewrite(value: unknown, pulled: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return pulled.get(value) ?? rewriteArgument(value, pulled);
  if (Array.isArray(value)) return value.map((item) => rewrite(item, pulled));
  // An output, a promise or a resource is no part of a manifest that is written here.
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rewrite(inner, pulled)]));
}

/** `--name=image` */
function rewriteArgument(argument: string, pulled: ReadonlyMap<string, string>): string {
  const [, name, image = ""] = /^(--[a-z-]+=)(\S+)$/.exec(argument) ?? [];
  const other = pulled.get(image);
  return other === undefined ? argument : `${name}${other}`;
}
