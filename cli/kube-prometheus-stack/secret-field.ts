/** Fields of the chart and of Alertmanager's configuration whose values are credentials, or URLs with credentials in them. */
const SECRET = /secret|password|token|key|credential|url|user|auth|cert|headers|stringconfig|env$/i;

/** Whether the value at a path may be secret: some field on the way says so. */
export function isSecretField(path: readonly (string | number)[]): boolean {
  return path.some((segment) => typeof segment === "string" && SECRET.test(segment));
}
