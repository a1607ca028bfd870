export const LABELS = { "app.kubernetes.io/part-of": "bookshop", "app.kubernetes.io/managed-by": "pulumi" };
export const SHOP = { app: "shop" };
export const meta = (name: string) => ({ name, namespace: "shop", labels: LABELS });
