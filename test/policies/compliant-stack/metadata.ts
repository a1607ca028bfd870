export const labels = (app: string) => ({
  "app.kubernetes.io/name": app,
  "app.kubernetes.io/instance": app,
  "app.kubernetes.io/part-of": "bellwether",
  "app.kubernetes.io/managed-by": "pulumi",
});
export const selector = (app: string) => ({
  "app.kubernetes.io/name": app,
  "app.kubernetes.io/instance": app,
});
export const metadata = (name: string, namespace = "monitoring") => ({
  name,
  namespace,
  labels: labels(name),
});
export const tags = { owner: "platform" };
export const owned = { "app.kubernetes.io/part-of": "bellwether", "app.kubernetes.io/managed-by": "pulumi" };
